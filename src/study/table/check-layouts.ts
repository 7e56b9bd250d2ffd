import { listed, unknownName } from '../../names.js'
import type { Plan } from '../plan.js'

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
    if (layouts.length === 0) return
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
