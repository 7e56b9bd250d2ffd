import { listed, unknownName } from '../../names.js'
import type { Plan } from '../plan.js'
import type { Table } from './table.js'

/**
 * Throws `TypeError` where a plan's layouts leave out what its table does not have, and where its
 * treatments ask for secondary indexes of a table that comes with its own.
 */
export function checkLayouts({
  definition,
  meanings,
  treatments,
}: Pick<Plan, 'definition' | 'meanings' | 'treatments'>): void {
  const layouts = Object.entries(meanings.layout ?? {})
  if (definition === null) {
    if (layouts.every(([, { without, triggers }]) => without === undefined && triggers === undefined)) return
    throw new TypeError(
      'Expected `layout` with a table that is made by `like` or `ddl`: name its parts that are left out',
    )
  }
  const known = definition.parts.map(({ name }) => name)
  for (const [level, { without = [], triggers = [] }] of layouts) {
    requireKnown(level, without, known, 'parts of the table', 'index, key or check')
    const fired = definition.triggers.map(({ name }) => name)
    requireKnown(level, triggers, fired, 'triggers of the table', 'trigger that an insert fires')
  }
  if (treatments.some(({ secondaryIndexes }) => secondaryIndexes > 0)) {
    throw new TypeError(
      `Expected no \`secondaryIndexes\` of a table that comes with its own (${known.length > 0 ? listed(known) : 'none'}): add an index to its definition`,
    )
  }
}

/**
 * Throws `TypeError` where a layout is distributed by a column that the table or its primary key
 * does not have.
 */
export function checkDistributed(
  { definition, meanings }: Pick<Plan, 'definition' | 'meanings'>,
  table: Pick<Table, 'columns' | 'primaryKey'>,
): void {
  const { columns, primaryKey } = definition ?? table
  const names = columns.map(({ name }) => name)
  for (const [level, { distribute, without = [] }] of Object.entries(meanings.layout ?? {})) {
    if (distribute === undefined) continue
    if (!names.includes(distribute)) {
      const expected = `the layout \`${level}\` to be distributed by a column of the table`
      throw new TypeError(unknownName(distribute, names, expected))
    }
    const key = definition?.parts.find(({ kind }) => kind === 'primary key')?.name
    const hasKey = primaryKey.length > 0 && (key === undefined || !without.includes(key))
    if (hasKey && !primaryKey.includes(distribute)) {
      throw new TypeError(
        `Expected the layout \`${level}\` to be distributed by a column of the primary key (${listed(primaryKey)}), got \`${distribute}\`: Citus keeps a key unique in each shard by itself. Distribute by a column of the key, or take another key or none`,
      )
    }
  }
}

function requireKnown(
  level: string,
  named: readonly string[],
  known: readonly string[],
  what: string,
  kind: string,
): void {
  const unknown = named.find((name) => !known.includes(name))
  if (unknown === undefined) return
  const expected = `the layout \`${level}\` to name ${what}`
  if (known.length === 0) throw new TypeError(`Expected ${expected}, which has no ${kind}, got \`${unknown}\``)
  throw new TypeError(unknownName(unknown, known, expected))
}
