import type { FindingCode } from '../../study/finding.js'
import type { Study } from '../../study/study.js'
import type { LackingRight, RightCode } from './study-finding.js'

const codes: readonly RightCode[] = ['no-checkpoint', 'no-proc', 'no-observer', 'pooler-between']

/**
 * Finds rights on the server that the user of a study's sessions lacks, or a pooler before the
 * server, so that trials disturb each other or some values are not read.
 */
export function lackingRights({ contexts }: Study): LackingRight[] {
  const found = contexts.flatMap(({ findings }) => findings)
  const isRight = (code: FindingCode): code is RightCode => codes.some((own) => own === code)
  const messages = new Map(found.flatMap(({ code, message }) => (isRight(code) ? [[message, code] as const] : [])))
  return [...messages].map(([message, code]) => ({ result: 'finding', code, trials: [], message }))
}
