import type { FindingCode } from '../../study/finding.js'
import type { Study } from '../../study/study.js'
import type { SessionCode, SessionFinding } from './study-finding.js'

const codes: readonly SessionCode[] = [
  'no-checkpoint',
  'no-proc',
  'no-observer',
  'pooler-between',
  'server-not-restarted',
  'left-out-parts',
  'unverified-columns',
]

/**
 * Finds what a study's sessions found before their trials and what bears on their results: rights
 * that the user lacks, a pooler before the server, parts that the study's table lacks, and columns
 * whose content is not compared.
 */
export function sessionFindings({ contexts }: Study): SessionFinding[] {
  const found = contexts.flatMap(({ findings }) => findings)
  const isTold = (code: FindingCode): code is SessionCode => codes.some((own) => own === code)
  const messages = new Map(found.flatMap(({ code, message }) => (isTold(code) ? [[message, code] as const] : [])))
  return [...messages].map(([message, code]) => ({ result: 'finding', code, trials: [], message }))
}
