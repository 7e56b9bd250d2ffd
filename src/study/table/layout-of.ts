import type { LayoutChange } from '../factors/layouts.js'
import type { Meanings } from '../factors/meanings.js'
import type { Treatment } from '../treatment.js'
import type { Definition, TablePart, TableReference, TableTrigger } from './definition.js'

/** What a treatment's table has of the parts and triggers of its definition. */
export interface TableLayout {
  readonly parts: readonly TablePart[]
  readonly leftOut: readonly TablePart[]
  readonly triggers: readonly TableTrigger[]
  /** Foreign keys to tables of others. */
  readonly references: readonly TableReference[]
}

/** Returns what the layout of a treatment has, and what it leaves out. */
export function layoutOf(
  { parts, triggers, references = [] }: Definition,
  meanings: Meanings,
  { layout }: Pick<Treatment, 'layout'>,
): TableLayout {
  const { without = [], triggers: fired = [], partitions }: LayoutChange = meanings.layout?.[layout] ?? {}
  return {
    parts: parts.filter(({ name }) => !without.includes(name)),
    leftOut: parts.filter(({ name }) => without.includes(name)),
    triggers: triggers.filter(({ name }) => fired.includes(name)),
    // Partitions of its own are others, without what those of the definition have.
    references: references.filter(({ name, table }) =>
      table === '{table}' ? !without.includes(name) : partitions === undefined,
    ),
  }
}

/** The triggers that the loads of a treatment fire. */
export function triggersOf(
  { definition, meanings }: { readonly definition: Definition | null; readonly meanings: Meanings },
  treatment: Pick<Treatment, 'layout'>,
): readonly TableTrigger[] {
  return definition === null ? [] : layoutOf(definition, meanings, treatment).triggers
}

/** How a distributed table is made. */
export interface Distribution {
  /** The column by whose values its records are spread. */
  readonly column: string
  /** Number of shards; null for the server's own. */
  readonly shards: number | null
  /** The table with whose shards they are placed; null for no other's. */
  readonly colocateWith: string | null
}

/** Returns how the table of a treatment is distributed; null where it is not. */
export function distributionOf(meanings: Meanings, { layout }: Pick<Treatment, 'layout'>): Distribution | null {
  const { distribute, shards, colocateWith }: LayoutChange = meanings.layout?.[layout] ?? {}
  if (distribute === undefined) return null
  return { column: distribute, shards: shards ?? null, colocateWith: colocateWith ?? null }
}

/** Whether the tables of some treatments are distributed. */
export function isDistributed(
  meanings: Meanings,
  treatments: readonly Pick<Treatment, 'layout' | 'target'>[],
): boolean {
  return treatments.some((own) => own.target === 'table' && distributionOf(meanings, own) !== null)
}

/** Whether the table of a treatment has partitions: its own, or those of the layout. */
export function hasPartitions(
  definition: Definition | null,
  meanings: Meanings,
  { layout }: Pick<Treatment, 'layout'>,
): boolean {
  const { partitions }: LayoutChange = meanings.layout?.[layout] ?? {}
  return partitions ? partitions.count > 0 : (definition?.partitionedBy ?? null) !== null
}

/**
 * Whether the server may store other records than it is sent: their number is then all that a trial
 * of the treatment can compare.
 */
export function mayRewrite(
  table: { readonly definition: Definition | null; readonly meanings: Meanings },
  treatment: Pick<Treatment, 'layout'>,
): boolean {
  return triggersOf(table, treatment).some(({ rewrites }) => rewrites)
}
