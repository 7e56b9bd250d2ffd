import type { Json } from '../file/json.js'
import {
  type DisplayOutput,
  type ErrorOutput,
  joinedBundle,
  type Output,
  type ResultOutput,
} from '../file/notebook-file.js'
import type { Message } from './wire.js'

type Entry =
  | { readonly kind: 'stream'; readonly name: 'stdout' | 'stderr'; text: string }
  | { readonly kind: 'display'; output: DisplayOutput | ResultOutput }
  | { readonly kind: 'error'; readonly output: ErrorOutput }

/** Displays that may still be updated, by display id, whichever cell they stand in. */
export type Displays = Map<string, { output: DisplayOutput | ResultOutput }[]>

/** The outputs of one cell while messages about it arrive. */
export interface CellOutputs {
  /**
   * Takes one iopub message; returns the output that it made or changed, null when it concerns no
   * output.
   */
  receive(message: Message): Output | null
  /**
   * Ends the outputs with an error, which takes the place of the one that the kernel published
   * last. Returns it.
   */
  fail(error: ErrorOutput): ErrorOutput
  outputs(): readonly Output[]
  /** The first error among the outputs. */
  error(): ErrorOutput | null
}

/** An empty list of outputs. `displays` is shared by all cells of a kernel. */
export function cellOutputs(displays: Displays): CellOutputs {
  let entries: Entry[] = []
  let clearBeforeNext = false

  const append = (entry: Entry): Output => {
    if (clearBeforeNext) entries = []
    clearBeforeNext = false
    entries.push(entry)
    return toOutput(entry)
  }

  const stream = (name: 'stdout' | 'stderr', text: string): Output => {
    const last = entries.at(-1)
    if (clearBeforeNext || last?.kind !== 'stream' || last.name !== name) {
      return append({ kind: 'stream', name, text })
    }
    last.text += text
    return { output_type: 'stream', name, text }
  }

  const display = (message: Message): Output => {
    const entry = { kind: 'display' as const, output: displayOutput(message) }
    const id = displayId(message)
    if (id !== null) displays.set(id, [...(displays.get(id) ?? []), entry])
    return append(entry)
  }

  const update = (message: Message): Output | null => {
    const shown = displays.get(displayId(message) ?? '') ?? []
    const { data, metadata } = displayOutput(message)
    for (const entry of shown) entry.output = { ...entry.output, data, metadata }
    return shown.at(-1)?.output ?? null
  }

  return {
    receive(message) {
      const { content } = message
      switch (message.header.msg_type) {
        case 'stream':
          return stream(content.name === 'stderr' ? 'stderr' : 'stdout', textOf(content.text))
        case 'display_data':
        case 'execute_result':
          return display(message)
        case 'update_display_data':
          return update(message)
        case 'clear_output':
          if (content.wait === true) clearBeforeNext = true
          else entries = []
          return null
        case 'error':
          return append({ kind: 'error', output: errorOf(content) })
        default:
          return null
      }
    },
    fail(error) {
      const replaced = entries.filter((entry) => entry.kind === 'error').at(-1)
      entries = [...entries.filter((entry) => entry !== replaced), { kind: 'error', output: error }]
      return error
    },
    outputs: () => entries.map(toOutput),
    error: () => entries.find((entry) => entry.kind === 'error')?.output ?? null,
  }
}

function toOutput(entry: Entry): Output {
  return entry.kind === 'stream' ? { output_type: 'stream', name: entry.name, text: entry.text } : entry.output
}

function displayOutput({ header, content }: Message): DisplayOutput | ResultOutput {
  const data = joinedBundle(recordOf(content.data))
  const metadata = recordOf(content.metadata)
  if (header.msg_type !== 'execute_result') return { output_type: 'display_data', data, metadata }
  const count = content.execution_count
  return { output_type: 'execute_result', data, metadata, execution_count: typeof count === 'number' ? count : null }
}

function errorOf({ ename, evalue, traceback, ...more }: Message['content']): ErrorOutput {
  const lines = Array.isArray(traceback) ? traceback.map(textOf) : []
  return { ...more, output_type: 'error', ename: textOf(ename), evalue: textOf(evalue), traceback: lines }
}

/** A text that a kernel sent; empty for none, and what else it sent in its place as JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function recordOf(value: unknown): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : {}
}

function displayId({ content }: Message): string | null {
  const id = recordOf(content.transient).display_id
  return typeof id === 'string' ? id : null
}
