import { randomUUID } from 'node:crypto'
import { passwordMask } from '../../../passwords.js'
import { ProgramError } from '../../errors.js'
import type { KeptProgram } from './keep-program.js'
import { underKeeper } from './keeper.js'
import { failureOfEnd, failureToStart } from './program-failures.js'
import type { GroupSample } from './sample-group.js'

/** A program to run, without a shell. */
export interface ProgramToRun extends Omit<KeptProgram, 'token'> {
  /** Name of the level, for messages. */
  readonly name: string
  readonly signal: AbortSignal
}

/** A program that did what it was to do. Times count by `monotonicMs`. */
export interface ProgramRun {
  readonly startedAt: number
  readonly exitedAt: number
  /** When the first line came that equals `ready`, on either stream. */
  readonly readyAt: number | null
  /** When the last line came that equals `done`, on either stream. */
  readonly doneAt: number | null
  /**
   * CPU time (user + system) of the program and of all its descendants that were waited for, to 10
   * ms; null where there is no `/proc`.
   */
  readonly cpuMs: number | null
  /** That from the line `ready` to the line `done`; null without them, and where it is not told. */
  readonly betweenLinesCpuMs: number | null
  /** CPU time of what ran and measured the program. */
  readonly keeperCpuMs: number
  /**
   * Peak of the resident sets of its process group, summed, by samples; null where there is no
   * `/proc`, and where the program ended before the first sample.
   */
  readonly rssPeakBytes: number | null
  /** Samples of its process group; null where there is no `/proc`. */
  readonly samples: readonly GroupSample[] | null
}

/**
 * Runs a program in a process group of its own, without input, and waits until it and all that it
 * started are gone. Throws `ProgramError` for one that cannot be started, ends with another exit
 * code than 0 or by a signal, takes longer than `limitMs`, prints a secret, does not print a line
 * that it is to print, or leaves a process running; what still runs then is ended (SIGTERM, after
 * 2 s SIGKILL). An abort ends it so, too, and throws the signal's reason.
 */
export async function runProgram(program: ProgramToRun): Promise<ProgramRun> {
  const { name, signal, ...kept } = program
  signal.throwIfAborted()
  const end = await underKeeper({ ...kept, token: randomUUID() }, signal)
  signal.throwIfAborted()
  const fail = (failure: string): never => {
    throw new ProgramError(passwordMask(program.secrets)(failure))
  }
  if (end.state !== 'ended') return fail(failureToStart(program, end))
  const failure = failureOfEnd(program, end)
  if (failure !== null) return fail(failure)
  const { startedAt, exitedAt, readyAt, doneAt, cpuMs, betweenLinesCpuMs, keeperCpuMs, samples } = end
  const peak = samples?.reduce<number | null>((most, { rssBytes }) => Math.max(most ?? 0, rssBytes), null) ?? null
  return { startedAt, exitedAt, readyAt, doneAt, cpuMs, betweenLinesCpuMs, keeperCpuMs, rssPeakBytes: peak, samples }
}
