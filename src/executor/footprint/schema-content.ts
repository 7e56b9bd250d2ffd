import type pg from 'pg'
import { qualifiedName } from './mark.js'
import { type OthersObject, othersObjects } from './others-objects.js'
import { type OwnObjects, ownObjects } from './own-objects.js'

/**
 * Objects that copylab made in a study's schema, identified by its mark, and objects of others in
 * the schema or dependent on copylab's.
 */
export interface SchemaContent extends OwnObjects {
  readonly others: readonly OthersObject[]
}

/** Reads the content of a study's schema; empty where there is no schema. */
export async function schemaContent(control: pg.Client, schema: string): Promise<SchemaContent> {
  return { ...(await ownObjects(control, schema)), others: await othersObjects(control, schema) }
}

/**
 * Reads the content of a study's schema while copylab's own tables are locked against others, until
 * the transaction ends. Partitions and heirs that others gave them are not locked.
 */
export async function lockedContent(control: pg.Client, schema: string): Promise<SchemaContent> {
  const { tables } = await ownObjects(control, schema)
  if (tables.length > 0) {
    await control.query(`LOCK TABLE ${tables.map(({ name }) => `ONLY ${qualifiedName(schema, name)}`).join(', ')}`)
  }
  return schemaContent(control, schema)
}
