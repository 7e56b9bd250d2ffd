import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { cellOutputs } from '#copylab/notebook/kernel/cell-outputs.js'
import { openConversation } from '#copylab/notebook/kernel/conversation.js'
import { cellExecutor, type Execution } from '#copylab/notebook/kernel/execute-cell.js'
import { KernelError } from '#copylab/notebook/kernel/kernel-error.js'
import { errorOutput } from '#copylab/notebook/kernel/reported-error.js'
import { decodeMessage, encodeMessage, type Message, request } from '#copylab/notebook/kernel/wire.js'
import { within } from '#copylab/notebook/process/within.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { edited, editsWith } from './edits.js'
import { type FakeKernel, openFakeKernel, type Script, type Unasked } from './fake-kernel.js'
import { checkOutputs, messageFrames, published, publishedValues, refusal, type Sent, shownFrames } from './frames.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

/** A message on one of the sockets, about the cell or about nothing. */
interface Said {
  readonly channel: Unasked['channel']
  readonly aboutCell: boolean
  readonly sent: Sent
}

/** What a fake kernel sends while a cell runs, and how that ends. */
interface Talk {
  /** Published while nothing is asked. */
  readonly early: readonly Said[]
  readonly before: readonly Said[]
  readonly after: readonly Said[]
  readonly ending: Script['ending']
}

/** Messages that can be read, whatever their content. */
const readable: fc.Arbitrary<Sent> = fc
  .tuple(fc.constantFrom(...Object.entries(published)), editsWith(publishedValues))
  .map(([[type, content], edits]) => (key, parent = {}) => {
    const message = request(type, { held: edited(content, edits) }, 'fuzz')
    const own = message.content.held
    const parts = { ...message, parent_header: parent, content: isRecord(own) ? own : message.content }
    return encodeMessage(parts, key).map((part) => Buffer.from(part))
  })

const said: fc.Arbitrary<Said> = fc.record({
  channel: fc.constantFrom('shell', 'iopub', 'iopub'),
  aboutCell: fc.boolean(),
  // One that cannot be read ends it.
  sent: fc.oneof(
    { weight: 5, arbitrary: readable },
    { weight: 1, arbitrary: messageFrames(published, publishedValues) },
  ),
})
const talks: fc.Arbitrary<Talk> = fc.record({
  early: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(said, { minLength: 1, maxLength: 2 }) },
  ),
  before: fc.array(said, { maxLength: 5 }),
  after: fc.array(said, { maxLength: 2 }),
  ending: fc.constantFrom('answers', 'answers', 'answers', 'dies', 'is silent'),
})

/** A net for what never settles. */
const longestMs = 60_000
/** Time in which what was published early arrives, usually. */
const idleMs = 10
/** Time that a silent kernel gets to stop a cell. */
const graceMs = 20

/**
 * The conversation with a kernel over real sockets, where that sends what nobody asked for, dies,
 * or is silent: a cell ends with what was sent about it, or with a `KernelError` for a reason that
 * is true; nothing is left unhandled, nothing waits for ever. Inputs are messages.
 */
export async function fuzzConversation(options: EnduranceOptions): Promise<Fuzzed> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-fuzz-'))
  const unhandled: unknown[] = []
  const onUnhandled = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', onUnhandled).on('uncaughtException', onUnhandled)
  let talked = 0
  try {
    return await fuzzed(
      {
        name: 'conversations with a kernel',
        inputs: talks,
        count: shareOf(10_000, options),
        sizeOf: ({ early, before, after }) => early.length + before.length + after.length,
        show: ({ early, before, after, ending }) =>
          [
            ...[...early, ...before, ...after].map(
              ({ channel, aboutCell, sent }) =>
                `${channel}${aboutCell ? ', about the cell' : ''}: ${shownFrames([sent])}`,
            ),
            ending,
          ].join('\n'),
        outcome: async (talk) => {
          const outcome = await talkOutcome(talk, join(folder, `k${++talked}`))
          await new Promise((resolve) => setImmediate(resolve))
          deepStrictEqual(unhandled.splice(0), [], 'left unhandled')
          return outcome
        },
      },
      options,
    )
  } finally {
    process.off('unhandledRejection', onUnhandled).off('uncaughtException', onUnhandled)
    rmSync(folder, { recursive: true, force: true })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What was put on a socket, and the message that a client makes of it; null for none. */
interface Heard {
  readonly channel: Unasked['channel']
  readonly message: Message | null
}

async function talkOutcome({ early, before, after, ending }: Talk, path: string): Promise<string> {
  const heard = { early: [] as Heard[], before: [] as Heard[], after: [] as Heard[] }
  const recorded = (all: readonly Said[], to: Heard[]): Unasked[] =>
    all.map(({ channel, aboutCell, sent }) => ({
      channel,
      frames: (key, parent) => {
        const frames = aboutCell ? sent(key, parent) : sent(key)
        if (frames.length > 0) to.push({ channel, message: messageOf(frames, key) })
        return frames
      },
    }))
  const stop = new AbortController()
  const kernel = await openFakeKernel(path, {
    early: recorded(early, heard.early),
    before: recorded(before, heard.before),
    after: recorded(after, heard.after),
    ending,
    onSilence: () => stop.abort(new Error('Stopped')),
  })
  const conversation = openConversation(kernel.process)
  try {
    await settled('the begin', kernel.begun)
    // So that it is read while nothing is asked.
    if (early.length > 0) await delay(idleMs)
    const execute = cellExecutor({ conversation, interrupt: () => {}, signal: stop.signal, graceMs })
    const result = await settled('the cell', execute('1')).catch((error: Error) => error)
    const outcome = result instanceof Error ? failureOutcome(result, ending, heard) : answered(result, kernel, heard)
    await settled('the request to shut down', conversation.shutDown())
    if (ending !== 'dies') await settled('the shutdown', kernel.shutDown)
    return outcome
  } finally {
    await settled('closing', conversation.close())
    kernel.close()
  }
}

function messageOf(frames: readonly Buffer[], key: string): Message | null {
  try {
    return decodeMessage(frames, key)
  } catch {
    return null
  }
}

async function settled<T>(what: string, promise: Promise<T>): Promise<T> {
  const first = await within(
    longestMs,
    promise.then((value) => ({ value })),
  )
  ok(first !== null, `${what} did not settle within ${longestMs} ms`)
  return first.value
}

type AllHeard = { readonly [time in 'early' | 'before' | 'after']: readonly Heard[] }

/** Throws where a cell must not have failed so. */
function failureOutcome(error: Error, ending: Script['ending'], { early, before, after }: AllHeard): string {
  if (ending === 'is silent' && error.message === 'Stopped') return 'stopped'
  ok(error instanceof KernelError, error)
  checkOutputs(error.outputs)
  if (error.message === 'The kernel cannot be understood') {
    ok(
      [...early, ...before, ...after].some(({ message }) => message === null),
      'every message can be read',
    )
    ok(error.cause instanceof Error && refusal.test(error.cause.message), error)
    return 'not understood'
  }
  equal(error.message, 'The kernel ended: it was ended by SIGKILL')
  equal(ending, 'dies')
  return 'died'
}

/** Throws where a cell must not have been answered so. */
function answered(
  { executionCount, outputs }: Execution,
  kernel: FakeKernel,
  { early, before, after }: AllHeard,
): string {
  const aboutCell = (all: readonly Heard[], on: Heard['channel']): Message[] =>
    all.flatMap(({ channel, message }) => {
      ok(message !== null, 'answered, though a message cannot be read')
      return channel === on && message.parent_header.msg_id === kernel.asked()?.msg_id ? [message] : []
    })
  ok(
    early.every(({ message }) => message !== null),
    'answered, though an early message cannot be read',
  )
  const cell = cellOutputs(new Map())
  for (const message of aboutCell(before, 'iopub')) cell.receive(message)
  const right = kernel.answered()
  if (right) cell.receive(right.stream)
  for (const message of aboutCell(after, 'iopub')) cell.receive(message)
  const [reply] = [...aboutCell(before, 'shell'), ...(right ? [right.reply] : []), ...aboutCell(after, 'shell')]
  ok(reply !== undefined, 'answered without a reply')
  const { status, execution_count: count } = reply.content
  equal(executionCount, typeof count === 'number' ? count : null)
  if (status !== 'ok' && !cell.error()) {
    cell.fail(errorOutput('Error', 'The cell failed, and the kernel gave no reason'))
  }
  deepStrictEqual(outputs(), cell.outputs())
  checkOutputs(outputs())
  return reply === right?.reply ? 'answered' : 'answered by another reply'
}
