import net from 'node:net'
import { beginTrial, put } from './state.js'
import { pass } from './strike.js'

/** What is known of a connection to the server. */
interface Conversation {
  /** Process of its backend. */
  readonly backend: number
  /** Whether the next write is the content of a message CopyData, whose head is written. */
  inData: boolean
}

/** BackendKeyData ("Message Formats" of PostgreSQL's manual), up to the process's number. */
const backendKey = Buffer.from('K\0\0\0\x0c', 'latin1')
/** Kinds of messages with statements: Query, Parse; and Terminate. */
const statements = ['Q', 'P', 'X']

const conversations = new WeakMap<net.Socket, Conversation>()

type Write = (this: net.Socket, chunk: unknown, ...rest: unknown[]) => boolean
type Push = (this: net.Socket, chunk: unknown, ...rest: unknown[]) => boolean

interface Patched {
  write: Write
  push: Push
}

/** Counts what goes over connections to the server, in both directions. */
export function watchSockets(): void {
  const prototype = net.Socket.prototype as unknown as Patched
  const { write, push } = prototype
  prototype.write = function (chunk, ...rest) {
    const talk = conversations.get(this)
    if (!talk || !Buffer.isBuffer(chunk)) return write.call(this, chunk, ...rest)
    return passWrite(talk, chunk, (part, last) => write.call(this, part, ...(last ? rest : [])))
  }
  prototype.push = function (chunk, ...rest) {
    const talk = conversations.get(this)
    if (!Buffer.isBuffer(chunk) || chunk.length === 0) return push.call(this, chunk, ...rest)
    if (talk) {
      const whole = (): boolean => push.call(this, chunk, ...rest)
      return pass('answer', whole, { backend: talk.backend, halves: halvesOf(chunk, (part) => push.call(this, part)) })
    }
    const at = chunk.indexOf(backendKey)
    if (at < 0) return push.call(this, chunk, ...rest)
    const backend = chunk.readInt32BE(at + backendKey.length)
    conversations.set(this, { backend, inData: false })
    put('backend', backend)
    return pass('login', () => push.call(this, chunk, ...rest), { backend })
  }
}

/** Writes a part of a message, the last or another. */
type WritePart = (part: Buffer, last: boolean) => boolean

function passWrite(talk: Conversation, chunk: Buffer, write: WritePart): boolean {
  const { backend } = talk
  const passing = { backend, halves: halvesOf(chunk, write) }
  const whole = (): boolean => write(chunk, true)
  const kind = String.fromCharCode(chunk[0]!)
  if (talk.inData) {
    talk.inData = false
    return pass('data', whole, passing)
  }
  if (kind === 'd' && chunk.length === 5) {
    talk.inData = true
    return whole()
  }
  if (kind === 'c') return pass('data', whole, passing)
  if (!statements.includes(kind)) return whole()
  put('backend', backend)
  const text = chunk.subarray(5, 40).toString('latin1')
  if (text.startsWith('COPY ')) {
    return pass(
      'copy',
      () => {
        const written = whole()
        put('loads', 1)
        return written
      },
      passing,
    )
  }
  if (/^CREATE (UNLOGGED )?TABLE /.test(text)) beginTrial()
  return pass('statement', whole, passing)
}

function halvesOf(chunk: Buffer, write: WritePart): { first(): void; rest(): boolean } {
  const middle = chunk.length >> 1
  return {
    first: () => void write(chunk.subarray(0, middle), false),
    rest: () => write(chunk.subarray(middle), true),
  }
}
