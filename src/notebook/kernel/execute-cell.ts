import { setTimeout as delay } from 'node:timers/promises'
import type { ErrorOutput, Output } from '../file/notebook-file.js'
import { within } from '../process/within.js'
import { cellOutputs, type Displays } from './cell-outputs.js'
import type { Conversation } from './conversation.js'
import { KernelError } from './kernel-error.js'
import { errorOutput } from './reported-error.js'
import type { Message } from './wire.js'

export interface ExecuteOptions {
  /** Called with each output when it is made and when it changes, with its whole content so far. */
  readonly onOutput?: (output: Output) => void
  /**
   * Time limit in ms, after which the cell is interrupted; its error is then `CellTimeout`.
   * @default no limit
   */
  readonly timeoutMs?: number
}

/**
 * A cell that was executed. Its outputs may still change while the kernel lives: work that goes on
 * prints into the cell that started it.
 */
export interface Execution {
  readonly executionCount: number | null
  outputs(): readonly Output[]
  error(): ErrorOutput | null
}

/** How cells are executed in a kernel, and stopped. */
export interface CellExecution {
  readonly conversation: Conversation
  /** Interrupts the running cell as the stop button does. */
  readonly interrupt: () => void
  /** Interrupts the cell that runs. */
  readonly signal?: AbortSignal
  /** Time in ms that an interrupted cell may take to end. */
  readonly graceMs: number
}

/** tslab silently drops requests that follow a failed cell within 200 ms. */
const pauseAfterErrorMs = 250
/** Time in ms that output which was sent before a reply may take to arrive after it. */
const outputTimeoutMs = 5_000

/**
 * Returns a function that executes cells in a kernel, one at a time. It throws `KernelError` when
 * the kernel ends, and the signal's reason when aborted.
 */
export function cellExecutor(settings: CellExecution): (code: string, options?: ExecuteOptions) => Promise<Execution> {
  const { conversation, signal } = settings
  const displays: Displays = new Map()
  let lastFailureAt = Number.NEGATIVE_INFINITY
  return async (code, { onOutput = () => {}, timeoutMs } = {}) => {
    signal?.throwIfAborted()
    await delay(Math.max(0, lastFailureAt + pauseAfterErrorMs - performance.now()))
    const cell = cellOutputs(displays)
    const receive = (message: Message): void => {
      const output = cell.receive(message)
      if (output) onOutput(output)
    }
    try {
      const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true }
      const { reply } = await conversation.ask('execute_request', content, receive)
      const { status, count, isLate } = await finished(reply, timeoutMs, settings)
      await conversation.catchUp(outputTimeoutMs)
      if (status !== 'ok') {
        lastFailureAt = performance.now()
        if (isLate) onOutput(cell.fail(errorOutput('CellTimeout', `The cell ran longer than ${timeoutMs} ms`)))
        else if (!cell.error())
          onOutput(cell.fail(errorOutput('Error', 'The cell failed, and the kernel gave no reason')))
      }
      return { executionCount: count, outputs: cell.outputs, error: cell.error }
    } catch (error) {
      if (!(error instanceof KernelError)) throw error
      throw new KernelError(error.message, { cause: error.cause, outputs: cell.outputs() })
    }
  }
}

interface Finished {
  readonly status: unknown
  readonly count: number | null
  /** Whether it ended only by the interrupt that was sent when its time was up. */
  readonly isLate: boolean
}

/** Waits for a cell's reply, and interrupts the cell when its time is up or the signal fires. */
async function finished(
  reply: Promise<Message>,
  timeoutMs: number | undefined,
  { interrupt, signal, graceMs }: CellExecution,
): Promise<Finished> {
  const stop = whenStopped(signal, timeoutMs)
  const first = await Promise.race([reply, stop.promise]).finally(stop.dispose)
  const isStopped = first === 'aborted' || first === 'late'
  if (isStopped) interrupt()
  const answer = isStopped ? await within(graceMs, reply) : first
  if (first === 'aborted') throw signal?.reason
  if (!answer) throw new KernelError(`The kernel did not stop a cell that ran longer than ${timeoutMs} ms`)
  const { status, execution_count: count } = answer.content
  return { status, count: typeof count === 'number' ? count : null, isLate: first === 'late' }
}

function whenStopped(signal: AbortSignal | undefined, timeoutMs: number | undefined) {
  let dispose = () => {}
  const promise = new Promise<'aborted' | 'late'>((resolve) => {
    const onAbort = () => resolve('aborted')
    signal?.addEventListener('abort', onAbort, { once: true })
    if (signal?.aborted) onAbort()
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => resolve('late'), timeoutMs)
    dispose = () => {
      signal?.removeEventListener('abort', onAbort)
      clearTimeout(timer)
    }
  })
  return { promise, dispose }
}
