import { constants } from 'node:os'

/** Signals that end a command from outside: Ctrl-C, `kill`, and the closing of the terminal. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Ending = (typeof endings)[number]

/** Time in ms that the running work may take to end after the first signal. */
const patienceMs = 9_500

/** Handles the signals that end a command which has something to end in good order. */
export interface Interruption {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  /**
   * Handles the signals from now on; on Ctrl-C it prints `ending`, which names what is being ended.
   * Until then, and for commands that only read, the system's default ends the process at once.
   */
  listen(ending: string): void
  /**
   * Ends the process by the signal that it received, once the command has ended with a failure; a
   * command for which the signal is the normal end, such as one that serves, has not failed.
   */
  leave(failed: boolean): void
}

/**
 * The first signal ends what runs, and keeps what was measured; a second one, or what takes too
 * long to end, ends the process at once. A process that received SIGTERM or SIGHUP ends by that
 * signal, which also skips what Node.js does to a terminal at its exit: it crashes when that is
 * gone.
 */
export function interruption(): Interruption {
  const abort = new AbortController()
  let received: Ending | null = null
  let what = 'Ending'
  /** Whether the terminal is gone, so that nothing can be printed. */
  let gone = false

  const endNow = (ending: Ending): void => {
    const code = 128 + constants.signals[ending]
    if (ending === 'SIGINT') process.exit(code)
    process.emit('exit', code)
    for (const name of endings) process.removeAllListeners(name)
    process.kill(process.pid, ending)
  }
  const hear = (ending: Ending): void => {
    if (received !== null) endNow(ending)
    received = ending
    if (ending === 'SIGINT') {
      say(`\n${what}. Press Ctrl-C again to end at once.`)
    }
    const verb = ending === 'SIGINT' ? 'Interrupted' : 'Ended'
    abort.abort(new Error(`${verb}; the same command continues where it stopped`))
    setTimeout(() => {
      say(
        `What runs has not ended within ${patienceMs / 1000} s, so it is broken off. Where a server was in use, its schema may be left: the same study removes it when it continues, and so does \`copylab clean\``,
      )
      endNow(ending)
    }, patienceMs).unref()
  }
  const hangUp = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EIO') gone = true
    else if (error.code !== 'EPIPE') throw error
  }
  process.stderr.on('error', hangUp)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    hangUp(error)
    // A reader that has seen enough, such as `head`, is no error.
    if (error.code === 'EPIPE') process.exit(0)
  })

  return {
    signal: abort.signal,
    listen(ending) {
      what = ending
      for (const ending of endings) process.on(ending, hear)
    },
    leave(failed) {
      if (received !== null && failed) endNow(received)
      if (gone) endNow('SIGHUP')
    },
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
