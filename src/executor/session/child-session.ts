import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { builtFile } from '../../project.js'
import { connectPort } from '../calls/port-calls.js'
import { DatabaseError } from '../errors.js'
import type { OpenSessions } from './open-session.js'
import { processPort } from './process-port.js'
import type { SessionSetup } from './session.js'
import { type ParentCalls, packJob, type SessionCalls } from './session-job.js'

/** Time that the process of a session may take to end, in milliseconds; then it is killed. */
const endMs = 15_000

/** Number of characters of its last words that are kept. */
const wordsKept = 2_000

/**
 * Starts a process for the workers of a session, and calls `task` with what opens a session there:
 * its code is not compiled and its memory not filled by sessions before it. The process ends with
 * `task`, and no later than this one.
 */
export async function withClientProcess<T>(task: (open: OpenSessions) => Promise<T>): Promise<T> {
  // In a session of its own: Ctrl-C in the terminal does not reach it.
  const child = fork(builtFile('executor/session/session-main.js'), {
    detached: true,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const ended = endOf(child)
  try {
    return await task(openingIn(child, ended))
  } finally {
    if (child.connected) child.disconnect()
    const patience = setTimeout(() => child.kill('SIGKILL'), endMs)
    await ended
    clearTimeout(patience)
  }
}

/** Resolves when a process has ended, with how and with its last words. */
async function endOf(child: ChildProcess): Promise<string> {
  let words = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-wordsKept)
  })
  const how = await Promise.race([
    once(child, 'exit').then(([code, signal]) => signal ?? `exit code ${code}`),
    once(child, 'error').then(([error]) => (error as Error).message),
  ])
  return words.trim() === '' ? how : `${how}: ${words.trim()}`
}

/** Returns what opens sessions in a process, one after the other. */
function openingIn(child: ChildProcess, ended: Promise<string>): OpenSessions {
  let current: Pick<SessionSetup, 'onWait' | 'onWarning' | 'yes'> | null = null
  const ours: ParentCalls = {
    waits: (message) => current?.onWait?.(message),
    warns: (text) => current?.onWarning(text),
    consents: async (undertaking) => {
      const yes = current?.yes ?? false
      return typeof yes === 'function' ? yes(undertaking) : yes
    },
  }
  const peer = connectPort<ParentCalls, SessionCalls>(
    processPort(child),
    ours,
    async () => new DatabaseError(`The process that loads for the session has ended (${await ended})`),
  )
  return async (setup, treatments, task) => {
    const { signal } = setup
    /** An abort's reason is the caller's own, and not what the process makes of it. */
    const whileHeard = <T>(call: Promise<T>): Promise<T> =>
      call.catch((error: unknown) => {
        signal.throwIfAborted()
        throw error
      })
    const abort = (): void => void peer.call('abort').catch(() => {})
    signal.addEventListener('abort', abort)
    try {
      signal.throwIfAborted()
      current = setup
      await whileHeard(peer.call('open', packJob(setup, treatments)))
      const outcome = await Promise.allSettled([
        task({
          facts: () => whileHeard(peer.call('facts')),
          run: async (trial) => {
            // The files as they were listed are known to this process alone.
            setup.input.checkUnchanged?.()
            return whileHeard(peer.call('run', trial))
          },
        }),
      ])
      const [closed] = await Promise.allSettled([peer.call('close')])
      if (outcome[0].status === 'rejected') throw outcome[0].reason
      if (closed.status === 'rejected' && !signal.aborted) throw closed.reason
      return outcome[0].value
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }
}
