import { listed, unknownName } from '../../names.js'
import type { LayoutPartitions } from '../factors/layouts.js'
import type { Plan } from '../plan.js'
import { layoutOf, type TableLayout } from './layout-of.js'
import type { Table } from './table.js'

/** A table that layouts give partitions, as far as is known of it. */
export interface PartitionedTable extends Pick<Plan, 'definition' | 'meanings'> {
  /** The columns that are filled; null for a defined table, whose definition has more. */
  readonly table: Table | null
}

/**
 * Throws `TypeError` where a layout asks for partitions that the table cannot have: by columns that
 * it does not have, or that a key of it lacks, since PostgreSQL looks for an equal key in one
 * partition alone.
 */
export function checkPartitions({ definition, table, meanings }: PartitionedTable): void {
  const columns = (definition ?? table!).columns.map(({ name }) => name)
  const { primaryKey } = definition ?? table!
  for (const [level, { partitions }] of Object.entries(meanings.layout ?? {})) {
    if (partitions === undefined) continue
    if (partitions.count === 0) {
      // Older plans do not say.
      if (definition?.partitionedBy !== undefined && definition.partitionedBy !== null) continue
      throw new TypeError(
        `Expected the layout \`${level}\` to have partitions, since the table has none that it could be without`,
      )
    }
    const kept = definition === null ? null : layoutOf(definition, meanings, { layout: level })
    const hasKey = kept === null ? primaryKey.length > 0 : kept.parts.some(({ kind }) => kind === 'primary key')
    const by = partitionColumns(level, partitions, hasKey ? primaryKey : [])
    const unknown = by.find((name) => !columns.includes(name))
    if (unknown !== undefined) {
      throw new TypeError(unknownName(unknown, columns, `the partitions of the layout \`${level}\` to be by columns`))
    }
    const keys = kept === null ? plainKeys(primaryKey) : keysOf(kept)
    for (const { name, keyColumns } of keys) requireColumns(level, by, name, keyColumns)
    const lone = kept?.parts.find(({ kind, sql }) => kind === 'check' && /\) NO INHERIT\b/.test(sql))
    if (lone) {
      throw new TypeError(
        `Expected the layout \`${level}\` without \`${lone.name}\` (${lone.sql}), which PostgreSQL allows of no table with partitions: add it to those that are left out`,
      )
    }
  }
}

function partitionColumns(level: string, { by }: LayoutPartitions, primaryKey: readonly string[]): readonly string[] {
  if (by !== undefined) return by
  if (primaryKey.length > 0) return primaryKey
  throw new TypeError(
    `Expected the partitions of the layout \`${level}\` to name columns, since its table has no primary key: partitions:8:customer, or { count: 8, by: ['customer'] }`,
  )
}

interface Key {
  readonly name: string
  readonly keyColumns: readonly string[]
}

function keysOf({ parts }: TableLayout): Key[] {
  return parts.flatMap(({ name, keyColumns }) => (keyColumns === undefined ? [] : [{ name, keyColumns }]))
}

function plainKeys(primaryKey: readonly string[]): Key[] {
  return primaryKey.length === 0 ? [] : [{ name: 'the primary key', keyColumns: primaryKey }]
}

function requireColumns(level: string, by: readonly string[], key: string, columns: readonly string[]): void {
  const lacking = by.filter((name) => !columns.includes(name))
  if (lacking.length === 0) return
  const [has, lacks] = [columns, lacking].map((names) => listed(names.map((name) => `\`${name}\``)))
  throw new TypeError(
    `Expected the partitions of the layout \`${level}\` to be by columns that every key has, got ${lacks}, which ${key} (${has || 'of expressions'}) lacks: take columns of the key, or a layout without it`,
  )
}
