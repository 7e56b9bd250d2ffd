import { hash } from 'node:crypto'

/** Hex digits of a line's digest: 64 bits of a SHA-256. */
const digestLength = 16
const sealEnd = /^,"digest":"([0-9a-f]{16})"\}$/
/** Characters of a line's end with its digest. */
const sealLength = ',"digest":""}'.length + digestLength
const sealBegin = /^\{"line":(\d+),/

/**
 * Makes a journal's line with its number, from 1, and a digest of its text, by which damage is
 * detected: `{"line":7,…,"digest":"0f…"}`. The plan's hash is digested with it, so that a line of
 * another journal does not pass.
 */
export function sealedLine(number: number, content: object, hash: string): string {
  const text = JSON.stringify({ line: number, ...content }).slice(0, -1)
  return `${text},"digest":"${digestOf(text, hash)}"}`
}

/**
 * A line that was read: its content and its number, null where it was written before lines had one;
 * or the reason why it is damaged.
 */
export type OpenedLine =
  | { readonly state: 'whole'; readonly number: number | null; readonly content: object }
  | { readonly state: 'damaged'; readonly reason: string }

/** Checks a line's digest where it has one, and reads its content. */
export function openLine(text: string, hash: string): OpenedLine {
  const [end, digest] = sealEnd.exec(text.slice(-sealLength)) ?? []
  const [, number] = sealBegin.exec(text) ?? []
  if (end === undefined && number === undefined) return parsed(text, null)
  if (end === undefined || number === undefined) return { state: 'damaged', reason: 'its seal is broken' }
  if (digestOf(text.slice(0, -end.length), hash) !== digest) {
    return { state: 'damaged', reason: 'its digest does not match its text' }
  }
  return parsed(text, Number(number))
}

function parsed(text: string, number: number | null): OpenedLine {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return { state: 'damaged', reason: 'it is not valid JSON' }
  }
  if (typeof content !== 'object' || content === null) return { state: 'damaged', reason: 'it is not a JSON object' }
  return { state: 'whole', number, content }
}

function digestOf(text: string, plan: string): string {
  return hash('sha256', `${plan}\n${text}`).slice(0, digestLength)
}
