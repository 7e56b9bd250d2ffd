/**
 * The entry of the process of a session: the workers' client, started for this session alone. Its
 * parent says what is opened and which trials run, and keeps the journal; it ends with its parent.
 */

import { connectPort } from '../calls/port-calls.js'
import { type OpenSession, withOpenSession } from './open-session.js'
import { processPort } from './process-port.js'
import { type ParentCalls, type SessionCalls, unpackJob } from './session-job.js'

/** Time that a session may take to be closed once the parent is gone, in milliseconds. */
const orphanedMs = 10_000

const port = processPort(process)
const aborted = new AbortController()
let session: Promise<OpenSession> | null = null
let ended: Promise<void> = Promise.resolve()
let close = (): void => {}

const ours: SessionCalls = {
  async open(job) {
    const { signal } = aborted
    const told = {
      signal,
      onWait: (message: string) => void parent.call('waits', message),
      onWarning: (text: string) => void parent.call('warns', text),
      yes: job.consent ?? ((undertaking: string) => parent.call('consents', undertaking)),
    }
    const closed = new Promise<void>((resolve) => {
      close = resolve
    })
    session = new Promise((resolve, reject) => {
      ended = withOpenSession(unpackJob(job, told), job.treatments, async (opened) => {
        resolve(opened)
        await closed
      })
      ended.catch(reject)
    })
    await session
  },
  facts: async () => (await opened()).facts(),
  run: async (task) => (await opened()).run(task),
  abort: () => aborted.abort(),
  async close() {
    close()
    await ended
  },
}
const parent = connectPort<SessionCalls, ParentCalls>(port, ours, () => new Error('The parent of the session is gone'))

async function opened(): Promise<OpenSession> {
  if (session === null) throw new Error('No session is open')
  return session
}

process.once('disconnect', () => {
  aborted.abort()
  close()
  setTimeout(() => process.exit(1), orphanedMs).unref()
  void ended.catch(() => {}).then(() => process.exit())
})
