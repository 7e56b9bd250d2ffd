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

/** The message in a list of frames. Throws when it is not one, or was signed with another key. */
export function decodeMessage(frames: readonly Buffer[], key: string): Message {
  const start = frames.findIndex((frame) => frame.toString() === delimiter)
  const [signature, ...parts] = frames.slice(start + 1)
  if (start < 0 || signature === undefined || parts.length < 4) throw new Error('The kernel sent an incomplete message')
  const expected = Buffer.from(sign(parts, key))
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw new Error('The kernel sent a message with a wrong signature')
  }
  const [header, parent_header, metadata, content] = parts.map((part) => JSON.parse(part.toString()))
  return { header, parent_header, metadata, content }
}

function sign(parts: readonly (string | Buffer)[], key: string): string {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('hex')
}
