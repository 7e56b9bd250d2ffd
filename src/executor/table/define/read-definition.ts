import type pg from 'pg'
import type { Definition, TableSource } from '../../../study/table/definition.js'
import { byDdl } from './by-ddl.js'
import { likeTable } from './like/like-table.js'

/**
 * Reads how a study's table is made. The client must be in no transaction. Nothing remains on the
 * server: another table's definition is only read, and the user's own statements are run and rolled
 * back. Throws `TypeError` for statements without `{table}`, and `DatabaseError` for what cannot be
 * made.
 */
export async function readDefinition(client: pg.Client, source: TableSource): Promise<Definition> {
  return 'like' in source ? likeTable(client, source) : byDdl(client, source)
}
