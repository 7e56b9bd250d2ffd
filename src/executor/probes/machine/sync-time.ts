import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Context, SyncTime } from '../../../study/context.js'
import { change, inTransaction } from '../../footprint/change.js'
import { qualifiedName } from '../../footprint/mark.js'
import { markTables } from '../../footprint/own-schema.js'
import type { Session } from '../../session/session.js'
import { onControl } from '../../trial/on-control.js'
import { attempted } from './attempted.js'

/** Maximum number of syncs, and of milliseconds that they take. */
const most = { count: 200, ms: 1_000 } as const
/** That of PostgreSQL's pages and of those of its WAL. */
const blockBytes = 8_192

/**
 * Measures the time of a sync of the server's storage: by a file of copylab's own next to the data
 * of a server that copylab started on this machine, else by commits in the study's schema.
 */
export async function readSyncTime(
  session: Pick<Session, 'study' | 'connection' | 'control' | 'schema' | 'signal'>,
): Promise<Pick<Context, 'syncTime' | 'syncMissing'>> {
  const { folder, facts } = session.connection
  if (folder !== undefined) {
    try {
      return { syncTime: await syncOfFiles(folder, session.signal), syncMissing: null }
    } catch (error) {
      session.signal.throwIfAborted()
      return { syncTime: null, syncMissing: `the file for it could not be written: ${(error as Error).message}` }
    }
  }
  if (facts.settings.fsync === 'off') return { syncTime: null, syncMissing: 'fsync is off: the server syncs nothing' }
  const { value, reason } = await attempted(() => syncOfCommits(session), 'the server timed none')
  return { syncTime: value, syncMissing: reason }
}

/**
 * Measures `fdatasync` on the file system of a folder, in a file that is removed afterwards: of a
 * block that is written again and again to where one is already, as a server writes its WAL.
 */
export async function syncOfFiles(folder: string, signal?: AbortSignal): Promise<SyncTime> {
  const path = join(folder, 'sync-time')
  const block = Buffer.alloc(blockBytes, 1)
  const file = openSync(path, 'w', 0o600)
  try {
    const times: number[] = []
    writeSync(file, block, 0, blockBytes, 0)
    fdatasyncSync(file)
    const until = performance.now() + most.ms
    while (times.length === 0 || (times.length < most.count && performance.now() < until)) {
      writeSync(file, block, 0, blockBytes, 0)
      const began = performance.now()
      fdatasyncSync(file)
      times.push(performance.now() - began)
      // Signals are heard between two.
      await setImmediate()
      signal?.throwIfAborted()
    }
    return syncTimeOf('fdatasync', times)
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}

/**
 * Measures commits in the server, each of a small row in a table of the study's schema, which is
 * removed afterwards; each row holds the time of the commit before its own, in milliseconds.
 */
async function syncOfCommits(
  session: Pick<Session, 'study' | 'connection' | 'control' | 'schema' | 'signal'>,
): Promise<SyncTime | null> {
  const { control, schema } = session
  const table = qualifiedName(schema, 'sync_time')
  return onControl(session, async () => {
    await inTransaction(control, async () => {
      await change(control, `CREATE TABLE ${table} (ms float8)`)
      await markTables(control, schema)
    })
    try {
      await control.query(`DO $body$
        DECLARE
          until timestamptz := clock_timestamp() + ${most.ms} * interval '1 ms';
          began timestamptz;
          took float8;
        BEGIN
          FOR number IN 0..${most.count} LOOP
            PERFORM set_config('synchronous_commit', 'local', true);
            INSERT INTO ${table} VALUES (took);
            EXIT WHEN number > 1 AND clock_timestamp() > until;
            began := clock_timestamp();
            COMMIT;
            took := extract(epoch FROM clock_timestamp() - began) * 1000;
          END LOOP;
        END $body$`)
      const { rows } = await control.query<{ ms: number }>(`SELECT ms FROM ${table} WHERE ms IS NOT NULL`)
      return rows.length === 0
        ? null
        : syncTimeOf(
            'commit',
            rows.map(({ ms }) => ms),
          )
    } finally {
      await change(control, `DROP TABLE ${table} RESTRICT`)
    }
  })
}

function syncTimeOf(of: SyncTime['of'], times: readonly number[]): SyncTime {
  const sorted = [...times].sort((a, b) => a - b)
  /** The smallest of the times that a share of them does not exceed, in whole microseconds. */
  const atShare = (share: number): number =>
    Number(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!.toFixed(3))
  return { of, count: sorted.length, medianMs: atShare(0.5), p99Ms: atShare(0.99) }
}
