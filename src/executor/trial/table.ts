import pg from 'pg'
import type { ServerFacts } from '../../study/context.js'
import type { Table } from '../../study/table/table.js'
import type { Treatment } from '../../study/treatment.js'
import { change } from '../footprint/change.js'
import { qualifiedTable, workerTable } from '../footprint/mark.js'
import type { WorkerServer } from '../load/workers.js'
import type { SessionCluster } from '../server/citus/cluster.js'
import { checkpointNodes } from '../server/citus/node-counters.js'

const { escapeIdentifier } = pg

/** Whether a CHECKPOINT precedes a trial: the treatment asks for it, and the user may issue it. */
export function asksForCheckpoint(
  { target, checkpoints }: Pick<Treatment, 'target' | 'checkpoints'>,
  { canCheckpoint }: Pick<ServerFacts, 'canCheckpoint'>,
): boolean {
  return target === 'table' && checkpoints === 'between' && canCheckpoint
}

/**
 * Writes all dirty pages, on every node of a cluster, so that no trial has to write those of the
 * trial before it.
 */
export async function checkpoint(control: pg.Client, cluster: SessionCluster | null): Promise<void> {
  if (cluster === null) await change(control, 'CHECKPOINT')
  else await checkpointNodes(control, cluster)
}

/** The statements of one worker. */
export type WorkerStatements = Pick<WorkerServer, 'copySql' | 'begin'>

/** Returns the statements by which a worker fills its table, with every column by name. */
export function workerStatements(
  schema: string,
  table: Table,
  { encoding, tables, freeze }: Pick<Treatment, 'encoding' | 'tables' | 'freeze'>,
  worker: number,
): WorkerStatements {
  const columns = table.columns.map((column) => escapeIdentifier(column.name)).join(', ')
  const filled = tables === 'per-worker' ? workerTable(schema, worker) : qualifiedTable(schema)
  const options = [`FORMAT ${encoding}`, ...(freeze ? ['FREEZE'] : [])].join(', ')
  return {
    copySql: `COPY ${filled} (${columns}) FROM STDIN WITH (${options})`,
    // Rows are frozen only in a table that the transaction itself has emptied.
    begin: freeze ? `BEGIN; TRUNCATE ONLY ${filled}` : null,
  }
}
