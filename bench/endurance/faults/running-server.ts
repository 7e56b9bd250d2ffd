import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, embedded } from 'copylab/executor'
import { postmasterOf } from '../traces.js'

/** A server that is started again whenever it has ended. */
export interface RunningServer {
  /** Null while it is down. */
  connection(): Connection | null
  /** Signals the postmaster. */
  signal(name: 'SIGINT' | 'SIGQUIT' | 'SIGTERM'): void
  /** Resolves once it runs again, after a signal that ends it. */
  restarted(): Promise<void>
}

const pollMs = 20

/** Calls `task` with an embedded server of its own in `folder`, and stops it. */
export async function withRunningServer<T>(folder: string, task: (server: RunningServer) => Promise<T>): Promise<T> {
  let current: Connection | null = null
  let postmaster = 0
  let release = (): void => {}
  let ended: Promise<unknown> = Promise.resolve()
  let restarting: Promise<void> = Promise.resolve()

  const start = (): Promise<void> =>
    new Promise((ready, failed) => {
      ended = embedded({ folder }).use(async (connection) => {
        postmaster = postmasterOf(folder)
        current = connection
        ready()
        await new Promise<void>((over) => {
          release = over
        })
      })
      ended.catch(failed)
    })
  const restart = async (): Promise<void> => {
    while (isAlive(postmaster)) await pause(pollMs)
    current = null
    release()
    // It says that the server ended by itself.
    await ended.catch(() => {})
    await start()
  }
  await start()
  try {
    return await task({
      connection: () => current,
      signal(name) {
        process.kill(postmaster, name)
        restarting = restart()
      },
      restarted: () => restarting,
    })
  } finally {
    await restarting.catch(() => {})
    release()
    await ended.catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
