import pg from 'pg'
import type { ServerFacts } from '../../study/context.js'
import type { Table } from '../../study/table.js'
import type { Treatment } from '../../study/treatment.js'
import { change } from '../footprint/change.js'
import { qualifiedTable } from '../footprint/mark.js'
import { replaceTable } from '../footprint/own-schema.js'

const { escapeIdentifier } = pg

/** Factors that decide how the table is made. */
export type Layout = Pick<Treatment, 'secondaryIndexes' | 'persistence'>

/**
 * Drops and creates the study's table. Autovacuum is off for it: it would start inside some trials
 * and not in others. Secondary indexes are on the columns outside the primary key, in their order.
 * Throws `DatabaseError` where the server refuses, or others' objects are in the way.
 */
export async function createTable(control: pg.Client, schema: string, table: Table, layout: Layout): Promise<void> {
  const name = qualifiedTable(schema)
  const others = table.columns.filter((column) => !table.primaryKey.includes(column.name))
  if (layout.secondaryIndexes > others.length) {
    throw new RangeError(
      `Expected \`secondaryIndexes\` to be at most ${others.length}, the table's columns outside its primary key, got ${layout.secondaryIndexes}`,
    )
  }
  const columns = table.columns.map(
    (column) =>
      `${escapeIdentifier(column.name)} ${column.declared ?? column.type}${column.notNull ? ' NOT NULL' : ''}`,
  )
  if (table.primaryKey.length > 0) columns.push(`PRIMARY KEY (${table.primaryKey.map(escapeIdentifier).join(', ')})`)
  await replaceTable(control, schema, async () => {
    const kind = layout.persistence === 'unlogged' ? 'UNLOGGED TABLE' : 'TABLE'
    await change(control, `CREATE ${kind} ${name} (${columns.join(', ')}) WITH (autovacuum_enabled = false)`)
    for (const column of others.slice(0, layout.secondaryIndexes)) {
      await change(control, `CREATE INDEX ON ${name} (${escapeIdentifier(column.name)})`)
    }
  })
}

/** Whether a CHECKPOINT precedes a trial: the treatment asks for it, and the user may issue it. */
export function asksForCheckpoint(
  { target, checkpoints }: Pick<Treatment, 'target' | 'checkpoints'>,
  { canCheckpoint }: Pick<ServerFacts, 'canCheckpoint'>,
): boolean {
  return target === 'table' && checkpoints === 'between' && canCheckpoint
}

/** Writes all dirty pages, so that no trial has to write those of the trial before it. */
export async function checkpoint(control: pg.Client): Promise<void> {
  await change(control, 'CHECKPOINT')
}

/** Returns the COPY statement of a worker, with every column by name. */
export function copySql(schema: string, table: Table, encoding: Treatment['encoding']): string {
  const columns = table.columns.map((column) => escapeIdentifier(column.name)).join(', ')
  return `COPY ${qualifiedTable(schema)} (${columns}) FROM STDIN WITH (FORMAT ${encoding})`
}
