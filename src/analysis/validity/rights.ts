import type { FindingCode } from '../../study/finding.js'
import type { Study } from '../../study/study.js'
import type { LackingRight, RightCode } from './study-finding.js'

const codes: readonly RightCode[] = ['no-checkpoint', 'no-proc', 'no-observer', 'pooler-between']

/**
 * What the user of a study's sessions may not do on the server, or what stands before it, so that
 * trials disturb each other or something stays unread.
 */
export function lackingRights({ contexts }: Study): LackingRight[] {
  const found = contexts.flatMap(({ findings }) => findings)
  const isRight = (code: FindingCode): code is RightCode => codes.some((own) => own === code)
  const messages = new Map(found.flatMap(({ code, message }) => (isRight(code) ? [[message, code] as const] : [])))
  return [...messages].map(([message, code]) => ({ result: 'finding', code, trials: [], message }))
}
