import { listed, unknownName } from '../../names.js'
import type { Plan } from '../plan.js'
import { distributionOf, isDistributed, layoutOf } from './layout-of.js'
import type { Table } from './table.js'

/**
 * Throws `TypeError` where a plan's layouts leave out what its table does not have, and where its
 * treatments ask for existing rows that no table has, or for secondary indexes of a table that
 * comes with its own.
 */
export function checkLayouts({
  definition,
  meanings,
  treatments,
}: Pick<Plan, 'definition' | 'meanings' | 'treatments'>): void {
  const isLike = definition !== null && 'like' in definition.source
  if (!isLike && treatments.some(({ existingRows }) => existingRows > 0)) {
    throw new TypeError(
      'Expected `existingRows` with a table that is made `like` another (--like), whose rows they are: name that table, or leave them out',
    )
  }
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
 * does not have, and where tables of one server would refer to tables of the cluster.
 */
export function checkDistributed(
  { definition, meanings, treatments }: Pick<Plan, 'definition' | 'meanings' | 'treatments'>,
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
  if (definition === null || !isDistributed(meanings, treatments)) return
  for (const treatment of treatments) {
    if (treatment.target === 'nothing' || distributionOf(meanings, treatment) !== null) continue
    const refers = layoutOf(definition, meanings, treatment).parts.filter(({ kind }) => kind === 'foreign key')
    if (refers.length === 0) continue
    throw new TypeError(
      `Expected the layout \`${treatment.layout}\` to leave out the foreign keys (${listed(refers.map(({ name }) => name))}) in a study that also distributes its table: what they refer to is then on every node, and a table that refers to it is the cluster's too. Leave them out of both layouts, or distribute in each`,
    )
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
