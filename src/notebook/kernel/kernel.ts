import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwritable } from '../../writable.js'
import type { Json } from '../file/json.js'
import { type Conversation, openConversation } from './conversation.js'
import { cellExecutor, type ExecuteOptions, type Execution } from './execute-cell.js'
import { KernelError, withLastWords } from './kernel-error.js'
import { endKernelProcess, startKernelProcess } from './kernel-process.js'

export interface KernelOptions {
  /** The kernel's working folder: cells resolve modules and files from here. */
  readonly cwd: string
  /**
   * Interrupts the running cell, gives it `graceMs`, then ends the kernel; `execute` rejects with
   * the signal's reason.
   */
  readonly signal?: AbortSignal
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /**
   * Time in ms to wait for the kernel's first answer.
   *
   * @default 60_000
   */
  readonly startTimeoutMs?: number
  /**
   * Time in ms that an interrupted cell, and a kernel that shuts down, may take before it is ended.
   * @default 5_000
   */
  readonly graceMs?: number
}

/** A running tslab kernel. One cell at a time. */
export interface Kernel {
  readonly pid: number
  /** Value of `language_info` in a notebook's metadata. */
  readonly languageInfo: Readonly<Record<string, Json>>
  /**
   * Executes code and waits until all of its output has arrived. An error of the cell is a result;
   * `KernelError` is thrown when the kernel ends.
   */
  execute(code: string, options?: ExecuteOptions): Promise<Execution>
  /** Interrupts the running cell, as Jupyter's stop button does. */
  interrupt(): void
  /** Text that the kernel process wrote to stderr outside of cells. */
  stderr(): string
}

/**
 * Starts the kernel that Jupyter starts, too, calls `task` with it, and ends its process however
 * `task` ends; the process also ends when this one dies. Throws `KernelError` when it cannot be
 * started or ends early, and the signal's reason when aborted.
 */
export async function withKernel<T>(options: KernelOptions, task: (kernel: Kernel) => Promise<T>): Promise<T> {
  const { cwd, signal, env = {}, startTimeoutMs = 60_000, graceMs = 5_000 } = options
  signal?.throwIfAborted()
  const folder = await mkdtemp(join(tmpdir(), 'copylab-kernel-')).catch((error: unknown) => {
    throw unwritable(tmpdir(), error, 'name another folder in TMPDIR')
  })
  try {
    const running = await startKernelProcess(folder, cwd, env)
    const conversation = openConversation(running)
    try {
      const { child, stderr } = running
      const languageInfo = await firstAnswer(conversation, startTimeoutMs, stderr, signal)
      // It has been read, and would be left over if this process were killed.
      await rm(join(folder, 'connection.json'), { force: true })
      const interrupt = (): void => void child.kill('SIGINT')
      const execute = cellExecutor({ conversation, interrupt, signal, graceMs })
      return await task({ pid: child.pid!, languageInfo, execute, interrupt, stderr })
    } finally {
      await conversation.shutDown()
      await endKernelProcess(running, graceMs)
      await conversation.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * The kernel's answer about its language. The first answers may be published before our
 * subscription has reached it, so it is asked until one arrives.
 */
async function firstAnswer(
  conversation: Conversation,
  timeoutMs: number,
  stderr: () => string,
  signal: AbortSignal | undefined,
): Promise<Kernel['languageInfo']> {
  const startedAt = performance.now()
  for (;;) {
    signal?.throwIfAborted()
    const answer = await conversation.catchUp(200)
    if (answer) return answer.content.language_info as Kernel['languageInfo']
    if (performance.now() - startedAt > timeoutMs) {
      throw new KernelError(withLastWords(`The kernel did not answer within ${timeoutMs} ms`, stderr()))
    }
  }
}
