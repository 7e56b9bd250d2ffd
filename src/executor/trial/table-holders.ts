import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { blockerName } from '../../study/blocks/disturbed.js'
import { monotonicMs } from '../clock.js'
import { ProgramError } from '../errors.js'

const { escapeLiteral } = pg

/** A session, or a prepared transaction, that holds a lock on a trial's table. */
interface Holder {
  /** Id of its process; 0 for a prepared transaction. */
  readonly pid: number
  readonly user: string | null
  readonly application: string
  /** Name of the prepared transaction; null for a session. */
  readonly prepared: string | null
}

/** Time in which sessions of a program that has ended may end, and short queries of others. */
const patienceMs = 1_000
const pauseMs = 20

/**
 * Throws `ProgramError` that names the sessions and prepared transactions which hold locks on a
 * trial's table and its partitions after its program has ended: what they do is not in the trial's
 * time, and no further trial can make its table. Autovacuum, which has no user, is none of them.
 */
export async function checkReleased(control: pg.Client, loader: string, relations: readonly number[]): Promise<void> {
  let holders = await holdersOf(control, relations)
  for (const begun = monotonicMs(); holders.length > 0 && monotonicMs() - begun < patienceMs; ) {
    await pause(pauseMs)
    holders = await holdersOf(control, relations)
  }
  if (holders.length === 0) return
  const sessions = holders.filter(({ prepared }) => prepared === null).map(blockerName)
  const prepared = holders.flatMap((one) => (one.prepared === null ? [] : escapeLiteral(one.prepared)))
  const names = [...sessions, ...prepared.map((name) => `the prepared transaction ${name}`)].join(' and ')
  const ends = prepared.map((name) => `ROLLBACK PREPARED ${name}`).join('; ')
  throw new ProgramError(
    `After the loader ${loader} had ended, ${names} still held the table of its trial: have it end its sessions and transactions before it exits${ends && ` (what is left now ends by ${ends})`}`,
  )
}

async function holdersOf(control: pg.Client, relations: readonly number[]): Promise<Holder[]> {
  const { rows } = await control.query<Holder>(
    `
      WITH held AS (
        SELECT DISTINCT pid, virtualtransaction FROM pg_locks
         WHERE locktype = 'relation' AND granted AND relation = ANY ($1)
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND pid IS DISTINCT FROM pg_backend_pid()
      )
      SELECT pid, usename AS user, coalesce(application_name, '') AS application, NULL AS prepared
        FROM held JOIN pg_stat_activity USING (pid) WHERE usesysid IS NOT NULL
       UNION ALL
      SELECT 0, owner, '', gid
        FROM held JOIN pg_locks AS own USING (virtualtransaction) JOIN pg_prepared_xacts ON transaction = transactionid
       WHERE held.pid IS NULL AND own.pid IS NULL AND locktype = 'transactionid'
       ORDER BY pid, prepared`,
    [relations],
  )
  return rows
}
