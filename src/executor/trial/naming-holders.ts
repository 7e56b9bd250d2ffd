import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { blockerName } from '../../study/blocks/disturbed.js'
import type { Blocker } from '../../study/readings.js'
import { withClients } from '../connect.js'
import { CopyError, DatabaseError, sqlStateOf } from '../errors.js'
import { backendPid } from '../load/event-loop.js'
import { lockHolders } from '../probes/standstills/lock-holders.js'

type Holder = Pick<Blocker, 'pid' | 'user' | 'application'>

/** SQLSTATE `lock_not_available`, of a statement that reached `lock_timeout`. */
const lockNotAvailable = '55P03'

/** Duration in milliseconds from which a statement may be waiting for another session. */
const patienceMs = 1000

/**
 * Adds the holders of the lock and the remedy to the error of a statement that timed out on a lock;
 * returns any other error unchanged.
 */
export function namingHolders(error: unknown, holders: readonly Holder[]): unknown {
  if (stateOf(error) !== lockNotAvailable) return error
  const names = holders.map(blockerName)
  const message = `${(error as Error).message}: ${
    names.length > 0
      ? `${names.join(' and ')} held the lock`
      : 'who held the lock is not known (pg_locks shows it while the lock is held)'
  }; let that end, or keep it off copylab's tables, then run again`
  return error instanceof CopyError
    ? new CopyError(error, message, { cause: error })
    : new DatabaseError(message, { cause: error })
}

function stateOf(error: unknown): string | null {
  return error instanceof CopyError ? error.sqlState : sqlStateOf(error)
}

/**
 * Calls `run`, which runs statements on `client`. While they take long, a separate connection
 * queries who holds the locks that they wait for, because that is not known any more after a
 * time-out; where no connection can be made, the holders stay unknown. Throws `DatabaseError` with
 * the names for a statement that timed out on a lock.
 */
export async function whileNamingHolders<T>(
  client: pg.Client,
  config: pg.ClientConfig,
  run: () => Promise<T>,
): Promise<T> {
  const over = new AbortController()
  let holders: readonly Holder[] = []
  const asking = askUntil(over.signal, config, backendPid(client), (found) => {
    holders = found
  }).catch(() => {})
  try {
    return await run()
  } catch (error) {
    throw namingHolders(error, holders)
  } finally {
    over.abort()
    await asking
  }
}

async function askUntil(
  over: AbortSignal,
  config: pg.ClientConfig,
  pid: number,
  found: (holders: readonly Holder[]) => void,
): Promise<void> {
  await setTimeout(patienceMs, null, { signal: over })
  await withClients(
    [config],
    async ([asker]) => {
      while (!over.aborted) {
        const holders = await lockHolders(asker!, [pid])
        if (holders.length > 0) found(holders)
        await setTimeout(patienceMs, null, { signal: over })
      }
    },
    { signal: over },
  )
}
