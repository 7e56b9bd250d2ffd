import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { passwordMask } from '../../../passwords.js'
import { monotonicMs } from '../../clock.js'
import { type PrintedLines, readPrintedLines, shown } from './printed-lines.js'
import { endRun, type RunProcess, runVariable, whatStays } from './run-processes.js'
import { cpuMsOfEndedChildren, cpuMsOfGroup, type GroupSample, sampleGroup } from './sample-group.js'

/** A program as its keeper gets it. */
export interface KeptProgram {
  readonly command: string
  readonly args: readonly string[]
  /** All of its environment; `COPYLAB_RUN` is added. */
  readonly env: Readonly<Record<string, string>>
  /** Folder that it runs in; a `command` with a slash counts from there. */
  readonly folder: string
  /** Line that it prints before it reads a record, without blanks around it; null for none. */
  readonly ready: string | null
  /** Line that it prints after its last commit, without blanks around it; null for none. */
  readonly done: string | null
  /** Time that it may take. */
  readonly limitMs: number
  /** Texts that must not be shown: the password. */
  readonly secrets: readonly string[]
  /**
   * Folder of the run's own files, which is removed once the program has ended and nobody asks how;
   * null for none.
   */
  readonly own: string | null
  /** Value of `COPYLAB_RUN` for the program. */
  readonly token: string
}

/** How a program ended. Times count by `monotonicMs`. */
export type ProgramEnd = NotStarted | EndedProgram

export interface NotStarted {
  readonly state: 'not-started'
  /** Such as ENOENT. */
  readonly code: string
  readonly message: string
}

export interface EndedProgram {
  readonly state: 'ended'
  readonly startedAt: number
  readonly exitedAt: number
  readonly readyAt: number | null
  readonly doneAt: number | null
  readonly exitCode: number | null
  readonly signal: string | null
  readonly cpuMs: number | null
  /** That from the line `ready` to the line `done`; null without them, and where it is not told. */
  readonly betweenLinesCpuMs: number | null
  /** CPU time of the keeper itself since it was started. */
  readonly keeperCpuMs: number
  readonly samples: readonly GroupSample[] | null
  /** Why it was ended; null where it ended by itself. */
  readonly endedFor: EndReason | null
  readonly lastLines: readonly string[]
  /** Processes that it left running, which were ended then: "process 12 (sleep 60)". */
  readonly left: readonly string[]
  /** Those that could not be ended. */
  readonly notEnded: readonly string[]
}

export type EndReason = 'asked' | 'secret' | 'limit'

/** Time in which processes that are just ending may end after the program. */
const graceMs = 200
/** Time without output after which what holds the program's pipes open is not listened to. */
const quietMs = 500
/** Time in which what a program printed is read after its end. */
const maxReadMs = 1_000
/** The longest time that a timer of Node.js takes: 24 days. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Runs a program in a process group of its own until it and all that it started are gone, or are
 * ended: at its time limit, when it prints a secret, when `asked` is aborted. `onStart` gets its
 * process id. The calling process may have no other children: their CPU time would count.
 */
export async function keepProgram(
  program: KeptProgram,
  onStart: (pid: number) => void,
  asked: AbortSignal,
): Promise<ProgramEnd> {
  const cpuBefore = cpuMsOfEndedChildren()
  const startedAt = monotonicMs()
  const child = await started(program)
  if ('state' in child) return child
  const pid = child.pid!
  onStart(pid)
  const mark = { group: pid, token: program.token }
  const samplesOf = sampleGroup(pid, startedAt)

  const givenUp = new AbortController()
  const exit = exitOf(child, givenUp.signal)
  const ending: { reason: EndReason | null; over: Promise<RunProcess[]> } = { reason: null, over: Promise.resolve([]) }
  const endFor = (reason: EndReason): void => {
    if (ending.reason !== null) return
    ending.reason = reason
    ending.over = endRun(mark).then((left) => {
      // What may not be signalled, since it is another user's by now (sudo), is not waited for.
      if (left.length > 0) givenUp.abort()
      return left
    })
  }
  const lines: { ready?: ClockLine; done?: ClockLine } = {}
  const noteLine = (name: keyof typeof lines, at: number): void => {
    lines[name] = { at, cpuMs: cpuMsOfGroup(pid) }
  }
  const printed = readPrintedLines([child.stdout, child.stderr], {
    ...program,
    onSecret: () => endFor('secret'),
    onReady: (at) => noteLine('ready', at),
    onDone: (at) => noteLine('done', at),
  })
  const limit = setTimeout(() => endFor('limit'), Math.min(program.limitMs, maxTimerMs))
  const onAsked = (): void => endFor('asked')
  asked.addEventListener('abort', onAsked, { once: true })
  if (asked.aborted) onAsked()

  const end = await exit
  const cpuAfter = cpuMsOfEndedChildren()
  const samples = samplesOf()
  clearTimeout(limit)
  asked.removeEventListener('abort', onAsked)
  const left = ending.reason === null ? await whatStays(mark, graceMs) : []
  const notEnded = left.length > 0 ? await endRun(mark) : []
  await outputRead(child, printed)
  const lastLines = printed.lastLines()
  notEnded.push(...(await ending.over))

  const mask = passwordMask(program.secrets)
  const named = ({ pid, command }: RunProcess): string => `process ${pid} (${shown(command, mask)})`
  // What is read after the exit was printed before.
  const by = (line: ClockLine | undefined): number | null => (line ? Math.min(line.at, end.exitedAt) : null)
  const cpuMs = cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore
  return {
    state: 'ended',
    startedAt,
    ...end,
    readyAt: by(lines.ready),
    doneAt: by(lines.done),
    cpuMs,
    betweenLinesCpuMs: cpuBetween(lines, cpuMs),
    keeperCpuMs: ownCpuMs(),
    samples,
    endedFor: ending.reason,
    lastLines: ending.reason === 'secret' ? [] : lastLines,
    left: left.map(named),
    notEnded: notEnded.map(named),
  }
}

/** A line of the clock. */
interface ClockLine {
  /** When it came, by `monotonicMs`. */
  readonly at: number
  /** CPU time of the program by then; null where it is not told, and where it had ended. */
  readonly cpuMs: number | null
}

function cpuBetween({ ready, done }: { ready?: ClockLine; done?: ClockLine }, totalMs: number | null): number | null {
  const [readyMs, doneMs] = [ready?.cpuMs ?? null, done && (done.cpuMs ?? totalMs)]
  return readyMs === null || doneMs == null ? null : Math.max(0, doneMs - readyMs)
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

type OutputProcess = ChildProcessByStdio<null, Readable, Readable>

async function started({ command, args, env, folder, token }: KeptProgram): Promise<OutputProcess | NotStarted> {
  try {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...env, [runVariable]: token },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid !== undefined) return child
    const [error] = await once(child, 'error')
    return notStarted(error)
  } catch (error) {
    return notStarted(error as NodeJS.ErrnoException)
  }
}

function notStarted({ code, message }: NodeJS.ErrnoException): NotStarted {
  return { state: 'not-started', code: code ?? '', message }
}

interface Exit {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly exitedAt: number
}

function exitOf(child: OutputProcess, givenUp: AbortSignal): Promise<Exit> {
  return new Promise((resolve) => {
    const exit = (exitCode: number | null, signal: string | null): void =>
      resolve({ exitCode, signal, exitedAt: monotonicMs() })
    child.once('exit', exit)
    givenUp.addEventListener('abort', () => exit(null, null), { once: true })
  })
}

/**
 * Waits until the output of an ended program was read. A process that was not found may hold it
 * open, and print on.
 */
async function outputRead(child: OutputProcess, printed: PrintedLines): Promise<void> {
  const { stdout, stderr } = child
  const over = new AbortController()
  const closing = (stream: Readable): Promise<void> =>
    new Promise((resolve) => (stream.closed ? resolve() : stream.once('close', resolve)))
  const closed = Promise.all([closing(stdout), closing(stderr)]).then(() => true)
  const exitedAt = monotonicMs()
  const isRead = (): boolean => {
    const now = monotonicMs()
    return now - Math.max(exitedAt, printed.heardAt()) > quietMs || now - exitedAt > maxReadMs
  }
  const pause = (): Promise<boolean> => delay(quietMs / 5, false, { signal: over.signal }).catch(() => true)
  while (!(await Promise.race([closed, pause()])) && !isRead());
  over.abort()
  // One that was given up does not hold up its keeper.
  child.unref()
  stdout.destroy()
  stderr.destroy()
}
