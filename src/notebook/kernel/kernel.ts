import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Dealer, Subscriber } from 'zeromq'
import type { ErrorOutput, Json, Output } from '../notebook-file.js'
import { endedCell } from './cell-error.js'
import { type CellOutputs, cellOutputs, type Displays } from './cell-outputs.js'
import { endKernelProcess, type KernelProcess, startKernelProcess } from './kernel-process.js'
import { decodeMessage, encodeMessage, type Message, request } from './wire.js'

export interface KernelOptions {
  /** The kernel's working folder: cells resolve modules and files from here. */
  readonly cwd: string
  /** Interrupts the running cell, gives it `graceMs`, then ends the kernel; `execute` rejects with the signal's reason. */
  readonly signal?: AbortSignal
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How long to wait for the kernel's first answer; 60 s unless told. */
  readonly startTimeoutMs?: number
  /** How long an interrupted cell, and a kernel that shuts down, may take before it is ended; 5 s unless told. */
  readonly graceMs?: number
}

export interface ExecuteOptions {
  /** Told each output when it is made and when it changes, with its whole content so far. */
  readonly onOutput?: (output: Output) => void
  /** Interrupts the cell after this time; its error is then `CellTimeout`. No limit unless told. */
  readonly timeoutMs?: number
}

/** A cell that was executed. Its outputs may still change while the kernel lives: work that goes on prints into the cell that started it. */
export interface Execution {
  readonly executionCount: number | null
  outputs(): readonly Output[]
  error(): ErrorOutput | null
}

/** A running tslab kernel. One cell at a time. */
export interface Kernel {
  readonly pid: number
  /** What `language_info` of a notebook holds. */
  readonly languageInfo: Readonly<Record<string, Json>>
  /** Executes code and waits until all of its output has arrived. An error of the cell is a result; `KernelError` is thrown when the kernel ends. */
  execute(code: string, options?: ExecuteOptions): Promise<Execution>
  /** What the stop button does. */
  interrupt(): void
  /** What the kernel process wrote to stderr outside of cells. */
  stderr(): string
}

/** The kernel could not be started, or ended while it was in use. */
export class KernelError extends Error {
  override readonly name = 'KernelError'
  /** What the cell that ran had shown by then. */
  readonly outputs: readonly Output[]
  constructor(message: string, options?: ErrorOptions & { readonly outputs?: readonly Output[] }) {
    super(message, options)
    this.outputs = options?.outputs ?? []
  }
}

/** tslab silently drops requests that follow a failed cell within 200 ms. */
const pauseAfterErrorMs = 250
/** How long output that was sent before a reply may take to arrive after it. */
const outputTimeoutMs = 5_000

/**
 * Starts the project's own tslab, calls `task` with it, and ends its process however `task` ends; the process also ends when this one dies.
 * Throws `KernelError` when it cannot be started or ends early, and the signal's reason when aborted.
 */
export async function withKernel<T>(options: KernelOptions, task: (kernel: Kernel) => Promise<T>): Promise<T> {
  options.signal?.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'copylab-kernel-'))
  try {
    const running = await startKernelProcess(folder, options.cwd, options.env ?? {})
    const client = connect(running, options)
    try {
      const kernel = await client.ready()
      // It has been read, and would stay behind if this process were killed.
      await rm(join(folder, 'connection.json'), { force: true })
      return await task(kernel)
    } finally {
      await client.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface Client {
  ready(): Promise<Kernel>
  close(): Promise<void>
}

function connect(running: KernelProcess, options: KernelOptions): Client {
  const { connection, child } = running
  const { signal, startTimeoutMs = 60_000, graceMs = 5_000 } = options
  const session = connection.key
  const shell = new Dealer({ linger: 0, reconnectInterval: 20 })
  const control = new Dealer({ linger: 0, reconnectInterval: 20 })
  const iopub = new Subscriber({ linger: 0, reconnectInterval: 20, receiveHighWaterMark: 0 })
  const replies = new Map<string, (reply: Message) => void>()
  const idles = new Map<string, () => void>()
  const cells = new Map<string, { outputs: CellOutputs; onOutput: (output: Output) => void }>()
  const displays: Displays = new Map()
  let lastFailureAt = Number.NEGATIVE_INFINITY

  const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`
  shell.connect(address(connection.shell_port))
  control.connect(address(connection.control_port))
  iopub.connect(address(connection.iopub_port))
  iopub.subscribe()

  const reading = Promise.all([
    read(shell, connection.key, (message) => replies.get(message.parent_header.msg_id ?? '')?.(message)),
    read(iopub, connection.key, (message) => {
      const parent = message.parent_header.msg_id ?? ''
      if (message.header.msg_type === 'status' && message.content.execution_state === 'idle') idles.get(parent)?.()
      const cell = cells.get(parent)
      const output = cell?.outputs.receive(message)
      if (output) cell?.onOutput(output)
    }),
  ])
  // A message that cannot be read ends the kernel's use at once instead of a wait for a reply that will not come.
  const failed = reading.then(
    () => new Promise<never>(() => {}),
    (error: unknown) => {
      throw new KernelError('The kernel cannot be understood', { cause: error })
    },
  )
  const died = running.ended.then((how) => {
    throw new KernelError(`The kernel ended: ${how}${lastLines(running.stderr())}`)
  })
  failed.catch(() => {})
  died.catch(() => {})

  const interrupt = () => {
    child.kill('SIGINT')
  }

  /** Settles when the kernel has answered on both sockets, so that everything it published before has arrived. */
  const fence = async (timeoutMs: number): Promise<Message | null> => {
    const message = request('kernel_info_request', {}, session)
    const id = message.header.msg_id
    const idle = new Promise<void>((resolve) => idles.set(id, resolve))
    const reply = new Promise<Message>((resolve) => replies.set(id, resolve))
    await shell.send(encodeMessage(message, connection.key))
    const both = Promise.all([reply, idle]).then(([answer]) => answer)
    const answer = await within(timeoutMs, [both, died, failed])
    replies.delete(id)
    idles.delete(id)
    return answer
  }

  const ready = async (): Promise<Kernel> => {
    const startedAt = performance.now()
    for (;;) {
      signal?.throwIfAborted()
      // The first answers may be published before our subscription has reached the kernel; ask until one arrives.
      const info = await fence(200)
      if (info) {
        const languageInfo = info.content.language_info as Record<string, Json>
        return { pid: child.pid!, languageInfo, execute, interrupt, stderr: running.stderr }
      }
      if (performance.now() - startedAt > startTimeoutMs) {
        throw new KernelError(`The kernel did not answer within ${startTimeoutMs} ms${lastLines(running.stderr())}`)
      }
    }
  }

  const execute = async (code: string, executeOptions: ExecuteOptions = {}): Promise<Execution> => {
    signal?.throwIfAborted()
    const outputs = cellOutputs(displays)
    try {
      return await executeInto(outputs, code, executeOptions)
    } catch (error) {
      if (!(error instanceof KernelError)) throw error
      throw new KernelError(error.message, { cause: error.cause, outputs: outputs.outputs() })
    }
  }

  const executeInto = async (
    outputs: CellOutputs,
    code: string,
    { onOutput = () => {}, timeoutMs }: ExecuteOptions,
  ) => {
    await delay(Math.max(0, lastFailureAt + pauseAfterErrorMs - performance.now()))
    const content = { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true }
    const message = request('execute_request', content, session)
    const id = message.header.msg_id
    cells.set(id, { outputs, onOutput })
    const replied = new Promise<Message>((resolve) => replies.set(id, resolve))
    await shell.send(encodeMessage(message, connection.key))

    const stopped = whenStopped(signal, timeoutMs)
    let late: ErrorOutput | undefined
    let reply = await Promise.race([replied, stopped.promise, died, failed]).finally(stopped.dispose)
    if (reply === 'aborted' || reply === 'late') {
      interrupt()
      const interrupted = await within(graceMs, [replied, died, failed])
      if (reply === 'aborted') throw signal?.reason
      if (!interrupted) throw new KernelError(`The kernel did not stop a cell that ran longer than ${timeoutMs} ms`)
      reply = interrupted
      late = endedCell('CellTimeout', `The cell ran longer than ${timeoutMs} ms`)
    }
    replies.delete(id)
    await fence(outputTimeoutMs)
    if (reply.content.status !== 'ok') {
      lastFailureAt = performance.now()
      onOutput(outputs.fail(late))
    }
    const count = reply.content.execution_count
    return {
      executionCount: typeof count === 'number' ? count : null,
      outputs: outputs.outputs,
      error: outputs.error,
    }
  }

  const close = async () => {
    await control.send(encodeMessage(request('shutdown_request', { restart: false }, session), connection.key))
    await endKernelProcess(running, graceMs)
    for (const socket of [shell, control, iopub]) socket.close()
    await reading.catch(() => {})
  }

  return { ready, close }
}

async function read(socket: Dealer | Subscriber, key: string, onMessage: (message: Message) => void): Promise<void> {
  for await (const frames of socket) onMessage(decodeMessage(frames, key))
}

/** The first of `promises`, or null after `timeoutMs`. */
async function within<T>(timeoutMs: number, promises: readonly Promise<T>[]): Promise<T | null> {
  const timer = new AbortController()
  const late = delay(timeoutMs, null, { signal: timer.signal }).catch(() => null)
  return Promise.race([...promises, late]).finally(() => timer.abort())
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

function lastLines(stderr: string): string {
  const lines = stderr.trim().split('\n').slice(-20).join('\n')
  return lines && `\n${lines}`
}
