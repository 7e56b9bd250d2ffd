import { listed, unknownName } from '../../names.js'
import type { Plan } from '../plan.js'
import { checkPartitions } from './check-partitions.js'
import { checkTables } from './check-tables.js'
import type { Definition } from './definition.js'

/**
 * Throws `TypeError` where a plan's layouts leave out what its table does not have, or ask for
 * partitions that it cannot have, and where its treatments ask for secondary indexes of a table
 * that comes with its own, or for tables of workers or frozen rows that PostgreSQL does not allow.
 */
export function checkLayouts(plan: Pick<Plan, 'definition' | 'meanings' | 'treatments'>): void {
  const { definition, meanings, treatments } = plan
  if (definition === null) requireNoParts(meanings)
  else {
    requireParts(definition, meanings)
    checkPartitions({ definition, table: null, meanings })
    refuseSecondaryIndexes(definition, treatments)
  }
  checkTables(plan)
}

function requireNoParts({ layout = {} }: Plan['meanings']): void {
  if (Object.values(layout).every(({ without, triggers }) => without === undefined && triggers === undefined)) return
  throw new TypeError(
    'Expected `layout` with a table that is made by `like` or `ddl`: name its parts that are left out',
  )
}

function requireParts({ parts, triggers: own }: Definition, { layout = {} }: Plan['meanings']): void {
  const known = parts.map(({ name }) => name)
  for (const [level, { without = [], triggers = [] }] of Object.entries(layout)) {
    requireKnown(level, without, known, 'parts of the table', 'index, key or check')
    const fired = own.map(({ name }) => name)
    requireKnown(level, triggers, fired, 'triggers of the table', 'trigger that an insert fires')
  }
}

function refuseSecondaryIndexes({ parts }: Definition, treatments: Plan['treatments']): void {
  if (treatments.every(({ secondaryIndexes }) => secondaryIndexes === 0)) return
  const known = parts.map(({ name }) => name)
  throw new TypeError(
    `Expected no \`secondaryIndexes\` of a table that comes with its own (${known.length > 0 ? listed(known) : 'none'}): add an index to its definition`,
  )
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
