import pg from 'pg'
import type { ServerFacts } from '../../study/context.js'
import type { Table } from '../../study/table/table.js'
import type { Treatment } from '../../study/treatment.js'
import type { SessionCluster } from '../citus/cluster.js'
import { checkpointNodes } from '../citus/node-counters.js'
import { change } from '../footprint/change.js'
import { qualifiedTable } from '../footprint/mark.js'

const { escapeIdentifier } = pg

/** Whether a CHECKPOINT precedes a trial: the treatment asks for it, and the user may issue it. */
export function asksForCheckpoint(
  { target, checkpoints }: Pick<Treatment, 'target' | 'checkpoints'>,
  { canCheckpoint }: Pick<ServerFacts, 'canCheckpoint'>,
): boolean {
  return target === 'table' && checkpoints === 'between' && canCheckpoint
}

/** Writes all dirty pages, on every node of a cluster, so that no trial has to write those of the trial before it. */
export async function checkpoint(control: pg.Client, cluster: SessionCluster | null): Promise<void> {
  if (cluster === null) await change(control, 'CHECKPOINT')
  else await checkpointNodes(control, cluster)
}

/** Returns the COPY statement of a worker, with every column by name. */
export function copySql(schema: string, table: Table, encoding: Treatment['encoding']): string {
  const columns = table.columns.map((column) => escapeIdentifier(column.name)).join(', ')
  return `COPY ${qualifiedTable(schema)} (${columns}) FROM STDIN WITH (FORMAT ${encoding})`
}
