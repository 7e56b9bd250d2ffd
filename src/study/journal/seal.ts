import { createHash } from 'node:crypto'

const digits = 16
/** What a sealed line ends with, after the text that the digest is of. */
const ending = new RegExp(`,"digest":"([0-9a-f]{${digits}})"\\}$`)
const endingLength = ',"digest":""}'.length + digits

/**
 * A line of a journal with its number and a digest of its own text, by which damage is seen: `{"line":12,"type":"trial",…,"digest":"…"}`. The digest is of the
 * plan's hash too, so that a line of another journal does not pass.
 */
export function sealed(line: number, hash: string, content: { readonly type: string }): string {
  const text = JSON.stringify({ line, ...content }).slice(0, -1)
  return `${text},"digest":"${digestOf(text, hash)}"}`
}

function digestOf(text: string, hash: string): string {
  return createHash('sha256').update(`${hash}\n${text}`).digest('hex').slice(0, digits)
}

/** What a line's seal says: `none` for a line as it was written before lines carried digests. */
export type Seal =
  | { readonly state: 'proven'; readonly number: number }
  | { readonly state: 'none' }
  | { readonly state: 'broken' }

/** Holds a line's text against its number and digest. */
export function sealOf(text: string, hash: string): Seal {
  const [, number] = /^\{"line":([1-9]\d{0,14}),"type":"/.exec(text) ?? []
  const [, digest] = ending.exec(text.slice(-endingLength)) ?? []
  if (number === undefined && digest === undefined && text.startsWith('{"type":"')) return { state: 'none' }
  return number !== undefined && digest === digestOf(text.slice(0, -endingLength), hash)
    ? { state: 'proven', number: Number(number) }
    : { state: 'broken' }
}
