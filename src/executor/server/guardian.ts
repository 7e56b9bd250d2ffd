import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Identity } from './identity.js'

/** A program that ends no later than this process does, however this process ends. */
export interface Guarded {
  /** Settles when the program has ended: "exit code 1", "signal SIGKILL". Never rejects. */
  readonly ended: Promise<string>
  /** Returns the value of `ended`; null while the program runs. */
  end(): string | null
  /**
   * Signals the program to end (SIGINT, after 10 s SIGQUIT) and waits for it: 30 s, or 2 s after an
   * abort. A program that takes longer is signalled further, whether this process exists or not;
   * one whose guardian was killed is not, and not waited for.
   */
  stop(signal?: AbortSignal): Promise<void>
}

/**
 * Holds a pipe from the parent on fd 3. At its end - the parent closed it, or is gone, SIGKILL
 * included - the program is signalled. Three points:
 * - the signal is repeated, because a shell starts background programs with SIGINT ignored and
 *   PostgreSQL may not have set its handler yet;
 * - the shell that signals and the shell that waits are two, so a program that ends by itself is
 *   noticed at once, and its number is not signalled later when it may be another's;
 * - a pause that is under way is ended together with the shell that makes it.
 */
const guardian = `
"$@" 3<&- &
program=$!
{
  read -r _ <&3
  pause=
  trap 'test -z "$pause" || { kill "$pause"; wait "$pause"; }; exit' TERM
  tries=0
  signal=INT
  # A stopped program receives no signal.
  kill -s CONT "$program"
  while kill -s "$signal" "$program"; do
    sleep 1 3<&- &
    pause=$!
    wait "$pause"
    tries=$((tries + 1))
    test "$tries" -lt 10 || signal=QUIT
  done
} 2>/dev/null &
watcher=$!
exec 3<&-
wait "$program"
status=$?
{ kill "$watcher"; wait "$watcher"; } 2>/dev/null
exit "$status"
`

const defaultPatienceMs = 30_000
const abortPatienceMs = 2_000
/** Time in which the end of a program is known once its guardian is gone. */
const exitMs = 10_000

/**
 * Starts `command` under a guardian, as `identity`, in a session of its own (Ctrl-C in the terminal
 * does not reach it), its output appended to `log`.
 */
export function spawnGuarded(command: readonly string[], identity: Identity, log: number): Guarded {
  const child: ChildProcess = spawn('/bin/sh', ['-c', guardian, 'copylab', ...identity.prefix, ...command], {
    cwd: '/',
    detached: true,
    // PG* variables of the user are about other servers.
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    // Not stdin: a shell that finds a socket there may take itself for a remote login and read its
    // user's start-up files.
    stdio: ['ignore', log, log, 'pipe'],
    ...identity.user,
  })
  const pipe = child.stdio[3] as Socket | null | undefined
  // A guardian that has ended closes the pipe first.
  pipe?.on('error', () => {})
  const unguarded = new Promise<void>((resolve) => pipe?.once('end', resolve).resume())
  let end: string | null = null
  const ended = new Promise<string>((resolve) => {
    const settle = (how: string): void => {
      pipe?.destroy()
      end = how
      resolve(how)
    }
    child.once('error', (error) => settle(error.message))
    child.once('exit', (code, signal) => settle(signal ? `signal ${signal}` : `exit code ${code}`))
  })
  return {
    ended,
    end: () => end,
    stop: async (signal) => {
      pipe?.end()
      const over = new AbortController()
      const pause = (ms: number): Promise<void> => setTimeout(ms, undefined, { signal: over.signal }).catch(() => {})
      const patienceMs = signal?.aborted ? abortPatienceMs : defaultPatienceMs
      // The guardian lets go of the pipe last: the end of the program is known a moment later.
      await Promise.race([ended, unguarded.then(() => pause(exitMs)), pause(patienceMs)])
      over.abort()
    },
  }
}
