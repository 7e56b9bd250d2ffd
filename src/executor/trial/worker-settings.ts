import type { Meanings } from '../../study/factors/meanings.js'
import { levelsOf, type Treatment } from '../../study/treatment.js'
import { withClient } from '../connect.js'
import { DatabaseError, sqlStateOf } from '../errors.js'
import { connectionGone } from '../server/connection-error.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Connection } from '../server/server.js'

/**
 * Maximum wait of a worker for a lock: longer than workers keep each other waiting, and bounded for
 * locks of other sessions. A trial that reaches it fails and names the holder.
 */
const lockTimeout = '30s'

/** Returns the settings that a treatment makes on its workers' connections. */
export function workerSettings(
  { synchronousCommit, settings }: Treatment,
  meanings: Meanings,
): { readonly [setting: string]: string } {
  return {
    synchronous_commit: synchronousCommit ? 'on' : 'off',
    lock_timeout: lockTimeout,
    ...meanings.settings?.[settings],
  }
}

/**
 * Connects once with each named set of settings, before anything is measured. Throws
 * `DatabaseError` with the name of a set that the server refuses.
 */
export async function checkSettings(
  connection: Connection,
  treatments: readonly Treatment[],
  meanings: Meanings,
  signal: AbortSignal,
): Promise<void> {
  for (const level of levelsOf(treatments, 'settings')) {
    const own = meanings.settings?.[level]
    if (!own) continue
    try {
      await withClient(ownConfig(connection, 'copylab/settings', own), async () => {}, { signal })
    } catch (cause) {
      signal.throwIfAborted()
      if (sqlStateOf(cause) === null) throw connectionGone(cause as Error, connection)
      throw new DatabaseError(
        `The server refuses the settings \`${level}\` (${Object.entries(own)
          .map(([name, value]) => `${name} = ${value}`)
          .join(', ')}): ${(cause as Error).message}`,
        { cause },
      )
    }
  }
}
