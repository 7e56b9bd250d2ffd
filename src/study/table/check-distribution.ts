import { listed, unknownName } from '../../names.js'
import type { Plan } from '../plan.js'
import { distributionOf, isDistributed, layoutOf } from './layout-of.js'
import type { Table } from './table.js'

/**
 * Throws `TypeError` where a layout is distributed by a column that the table or its primary key
 * does not have, and where tables of one server would refer to tables of the cluster.
 */
export function checkDistribution(
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
