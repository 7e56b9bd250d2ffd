import { deepStrictEqual, ok } from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { notebookJson, type Output, parseNotebook } from '#copylab/notebook/file/notebook-file.js'
import { cellOutputs } from '#copylab/notebook/kernel/cell-outputs.js'
import { decodeMessage, encodeMessage, type Message, request } from '#copylab/notebook/kernel/wire.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { edited, editsWith, spliced, splices } from './edits.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

/**
 * A message on its way: its frames, signed with a key before they were changed; `parent` is the
 * header of what it answers, which the changes may concern, too.
 */
export type Sent = (key: string, parent?: object) => Buffer[]

const key = 'of the fuzzer'

/** How what says why a message is not taken begins. */
export const refusal = /^(The message|The header of the message|A part of the message) /

/** What a kernel publishes and replies, by type: the content of one message of each. */
export const published: Readonly<Record<string, object>> = {
  stream: { name: 'stdout', text: 'a\n' },
  display_data: { data: { 'text/plain': 'a' }, metadata: {}, transient: { display_id: 'd' } },
  update_display_data: { data: { 'text/plain': 'b' }, metadata: {}, transient: { display_id: 'd' } },
  execute_result: { data: { 'text/plain': ['a', 'b'] }, metadata: {}, execution_count: 1 },
  error: { ename: 'Error', evalue: 'no', traceback: ['Error: no'] },
  clear_output: { wait: true },
  status: { execution_state: 'idle' },
  execute_reply: { status: 'ok', execution_count: 1 },
  kernel_info_reply: { language_info: { name: 'typescript' } },
}

/** Values that such messages hold. */
export const publishedValues = fc.constantFrom<unknown>(
  'stderr',
  'stdout',
  'idle',
  'd',
  ['a'],
  { 'text/plain': 'x' },
  { display_id: 'd' },
  3,
  ...Object.keys(published),
)

/** How the frames of a message may be changed on their way. */
const frameChanges = fc.oneof(
  { weight: 6, arbitrary: fc.constant((frames: Buffer[]) => frames) },
  { weight: 1, arbitrary: fc.nat(8).map((at) => (frames: Buffer[]) => frames.filter((_, k) => k !== at)) },
  {
    weight: 1,
    arbitrary: fc
      .nat(8)
      .map((at) => (frames: Buffer[]) => frames.flatMap((frame, k) => (k === at ? [frame, frame] : [frame]))),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(8), splices).map(
      ([at, cuts]) =>
        (frames: Buffer[]) =>
          frames.map((frame, k) => (k === at ? spliced(frame, cuts) : frame)),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.uint8Array({ maxLength: 60 }), { maxLength: 9 })
      .map((parts) => () => parts.map((part) => Buffer.from(part))),
  },
)

/**
 * The frames of a message whose parts were edited, signed as they then are, and changed on the way.
 */
export function messageFrames(
  contents: Readonly<Record<string, object>>,
  own: fc.Arbitrary<unknown>,
): fc.Arbitrary<Sent> {
  return fc
    .tuple(fc.constantFrom(...Object.keys(contents)), editsWith(own), frameChanges)
    .map(([type, edits, change]) => {
      const { header, metadata, content } = request(type, contents[type] as Record<string, unknown>, 'fuzz')
      return (key, parent = {}) => {
        const parts = edited([{ ...header, msg_id: 'of-the-fuzzer', date: '' }, parent, metadata, content], edits)
        const bytes = (Array.isArray(parts) ? parts : [parts]).map((part) => Buffer.from(JSON.stringify(part) ?? ''))
        return change(signed(bytes, key))
      }
    })
}

/** Frames with the delimiter and the signature before them. */
export function signed(parts: readonly Buffer[], key: string): Buffer[] {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return [Buffer.from('<IDS|MSG>'), Buffer.from(hmac.digest('hex')), ...parts]
}

/**
 * What a kernel may send: not taken, for a reason that is said, or a message whose outputs a
 * notebook can hold.
 */
export function fuzzFrames(options: EnduranceOptions): Promise<Fuzzed> {
  const inputs = fc.array(messageFrames(published, publishedValues), { minLength: 1, maxLength: 6 })
  return fuzzed(
    {
      name: "a kernel's messages",
      inputs,
      show: shownFrames,
      sizeOf: ({ length }) => length,
      count: shareOf(12_000, options),
      outcome: framesOutcome,
    },
    options,
  )
}

/** The frames of messages as text, a line each. */
export function shownFrames(messages: readonly Sent[]): string {
  return messages.map((sent) => JSON.stringify(sent(key).map(String))).join('\n')
}

/** Takes messages as a client does, and says what came out. Throws where that must not be. */
export function framesOutcome(sent: readonly Sent[]): string {
  const displays = new Map()
  const cells = [cellOutputs(displays), cellOutputs(displays)] as const
  let taken = 0
  for (const [k, frames] of sent.entries()) {
    const message = messageIn(frames(key))
    if (message === null) continue
    taken++
    deepStrictEqual(
      decodeMessage(
        encodeMessage(message, key).map((frame) => Buffer.from(frame)),
        key,
      ),
      message,
    )
    cells[k % 2]!.receive(message)
  }
  for (const { outputs, error } of cells) {
    checkOutputs(outputs())
    ok(error() === null || typeof error()!.evalue === 'string')
  }
  return taken === sent.length ? 'all taken' : taken === 0 ? 'none taken' : 'some taken'
}

function messageIn(frames: readonly Buffer[]): Message | null {
  try {
    return decodeMessage(frames, key)
  } catch (error) {
    ok(refusal.test((error as Error).message), error as Error)
    return null
  }
}

/** Throws where a notebook cannot hold outputs and give them back. */
export function checkOutputs(outputs: readonly Output[]): void {
  const cell = { cell_type: 'code', id: 'a', metadata: {}, source: '', execution_count: 1, outputs } as const
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] } as const
  const text = notebookJson(notebook)
  ok(notebookJson(parseNotebook(text)) === text, 'outputs written and read again')
}
