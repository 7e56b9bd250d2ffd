import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'

/** A message of the Jupyter protocol 5.3, without its routing prefix. */
export interface Message {
  readonly header: { readonly msg_id: string; readonly msg_type: string; readonly session: string }
  readonly parent_header: { readonly msg_id?: string }
  readonly metadata: Record<string, unknown>
  readonly content: Record<string, unknown>
}

const delimiter = '<IDS|MSG>'

/** A request with an id of its own. */
export function request(type: string, content: Record<string, unknown>, session: string): Message {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: 'copylab',
    date: new Date().toISOString(),
    version: '5.3',
  }
  return { header, parent_header: {}, metadata: {}, content }
}

/** The frames of a message, signed with HMAC-SHA256 (Jupyter messaging, "the wire protocol"). */
export function encodeMessage(message: Message, key: string): string[] {
  const { header, parent_header, metadata, content } = message
  const parts = [header, parent_header, metadata, content].map((part) => JSON.stringify(part))
  return [delimiter, sign(parts, key), ...parts]
}

/**
 * The message in a list of frames. Throws an `Error` that says why where they hold none, or one
 * that was signed with another key.
 */
export function decodeMessage(frames: readonly Buffer[], key: string): Message {
  const start = frames.findIndex((frame) => frame.toString() === delimiter)
  const [signature, ...parts] = frames.slice(start + 1)
  if (start < 0 || signature === undefined || parts.length < 4) throw new Error('The message is incomplete')
  const expected = Buffer.from(sign(parts, key))
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error('The message has a wrong signature')
  }
  const [header, parent_header, metadata, content] = parts.slice(0, 4).map(decodePart)
  const { msg_id, msg_type, session } = header!
  if (![msg_id, msg_type, session].every((field) => typeof field === 'string')) {
    throw new Error('The header of the message has no id, type or session')
  }
  return { header: header as Message['header'], parent_header: parent_header!, metadata: metadata!, content: content! }
}

function decodePart(part: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(part.toString())
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // The same as a part that is no object.
  }
  throw new Error('A part of the message is no object')
}

function sign(parts: readonly (string | Buffer)[], key: string): string {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('hex')
}
