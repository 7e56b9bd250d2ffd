import pg from 'pg'
import type { Distribution } from '../../../study/table/layout-of.js'
import { DatabaseError, sqlStateOf } from '../../errors.js'
import { qualifiedTable } from '../../footprint/mark.js'

const { escapeLiteral } = pg

/**
 * Spreads the study's empty table over the nodes, within the transaction that makes it. Throws
 * `DatabaseError` with what Citus says where it refuses.
 */
export async function distribute(control: pg.Client, schema: string, distribution: Distribution): Promise<void> {
  await control.query(sequentialSql)
  try {
    await control.query(distributeSql(qualifiedTable(schema), distribution))
  } catch (error) {
    const state = sqlStateOf(error)
    // Losses and conflicts of a moment are not about the table.
    if (state === null || !/^(0A|22|42|XX)/.test(state)) throw error
    const { message, detail } = error as pg.DatabaseError
    throw new DatabaseError(
      `Citus does not distribute the table by ${distribution.column}: ${[message, detail?.replace(/\.$/, '')].filter(Boolean).join(': ')}. Distribute by a column that every key has, or leave out what is in the way by a layout`,
      { cause: error },
    )
  }
}

/**
 * Statement that spreads an empty table of copylab's over the nodes; `table` is its qualified name,
 * quoted. By default its shards are placed with no other table's, so that those of others stay as
 * they are.
 */
export function distributeSql(table: string, { column, shards, colocateWith }: Distribution): string {
  const count = shards === null ? '' : `, shard_count => ${shards}`
  return `SELECT create_distributed_table(${escapeLiteral(table)}, ${escapeLiteral(column)}, colocate_with => ${escapeLiteral(colocateWith ?? 'none')}${count})`
}

/**
 * Statement that copies a table of copylab's to every node, so that distributed ones may refer to
 * it.
 */
export const referenceSql = (table: string): string => `SELECT create_reference_table(${escapeLiteral(table)})`

/**
 * Setting of the transaction that makes distributed tables: Citus refuses foreign keys to reference
 * tables, and changes to several tables, where it works on shards of one in parallel.
 */
export const sequentialSql = "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"
