import { isInteger } from '../../check.js'

/** What one layout changes about a table. */
export interface LayoutChange {
  /**
   * Names of the indexes, keys and checks that the table is made without.
   * @default none
   */
  readonly without?: readonly string[]
  /**
   * Names of the triggers that fire.
   * @default none
   */
  readonly triggers?: readonly string[]
  /**
   * The partitions that the table has in the place of its own.
   * @default its own
   */
  readonly partitions?: LayoutPartitions
}

/** Partitions of a table by the hash of columns. */
export interface LayoutPartitions {
  /** Number of partitions; 0 for a table without any. */
  readonly count: number
  /**
   * Names of the columns.
   * @default those of the primary key
   */
  readonly by?: readonly string[]
}

/** What precedes the name of a trigger on a command line. */
const triggerPrefix = 'trigger:'
/** What precedes the number of partitions on a command line. */
const partitionsPrefix = 'partitions:'

/**
 * Parses "orders_tags_idx+trigger:audit+partitions:24:customer": the parts that a layout leaves
 * out, the triggers that it has, and its partitions. Throws `TypeError` for an empty or repeated
 * name, and for partitions without a number.
 */
export function parseLayout(text: string): LayoutChange {
  const items = text.split('+')
  const after = (prefix: string): string[] =>
    items.flatMap((item) => (item.startsWith(prefix) ? [item.slice(prefix.length)] : []))
  const [triggers, partitions] = [after(triggerPrefix), after(partitionsPrefix)]
  const without = items.filter((item) => !item.startsWith(triggerPrefix) && !item.startsWith(partitionsPrefix))
  if (partitions.length > 1) throw new TypeError(`Expected partitions once in a layout, got ${JSON.stringify(text)}`)
  return checkedLayout('the layout', {
    ...(without.length > 0 ? { without } : {}),
    ...(triggers.length > 0 ? { triggers } : {}),
    ...(partitions.length > 0 ? { partitions: parsePartitions(partitions[0]!) } : {}),
  })
}

function parsePartitions(text: string): LayoutPartitions {
  const [, count, column] = /^(\d+)(?::(.+))?$/s.exec(text) ?? []
  if (count === undefined) {
    throw new TypeError(
      `Expected partitions as partitions:24, or partitions:24:customer for those by a column, got ${JSON.stringify(partitionsPrefix + text)}`,
    )
  }
  return { count: Number(count), ...(column === undefined ? {} : { by: [column] }) }
}

/**
 * Checks what a layout leaves out and has, and returns it in the order of the names, so that equal
 * layouts are equal. Throws `TypeError` that states what is wrong; whether the table has parts of
 * these names is checked with the table.
 */
export function checkedLayout(level: string, given: unknown): LayoutChange {
  const { without, triggers, partitions, ...more } = (given ?? {}) as { readonly [name: string]: unknown }
  const names = [without, triggers].map((own) => own ?? [])
  const isEmpty = names.flat().length === 0 && partitions === undefined
  if (!names.every(isNames) || isEmpty || Object.keys(more).length > 0) {
    throw new TypeError(
      `Expected ${level} to name what it leaves out, triggers that fire, or partitions, such as { without: ['orders_tags_idx'], triggers: ['audit'], partitions: { count: 24 } }, got ${JSON.stringify(given)}`,
    )
  }
  const [left, fired] = names.map((own) => sorted(level, own as readonly string[]))
  return {
    ...(left!.length > 0 ? { without: left } : {}),
    ...(fired!.length > 0 ? { triggers: fired } : {}),
    ...(partitions === undefined ? {} : { partitions: checkedPartitions(level, partitions) }),
  }
}

/** Each is a table with files and locks of its own. */
const maxPartitions = 10_000

function checkedPartitions(level: string, given: unknown): LayoutPartitions {
  const { count, by, ...more } = (given ?? {}) as { readonly [name: string]: unknown }
  const isCount = isInteger(count, { from: 0 }) && Number(count) <= maxPartitions
  const isBy = by === undefined || (isNames(by) && (by as unknown[]).length > 0 && count !== 0)
  if (!isCount || !isBy || Object.keys(more).length > 0) {
    throw new TypeError(
      `Expected the partitions of ${level} to have a count from 0 to ${maxPartitions}, and columns unless that is 0, such as { count: 24, by: ['customer'] }, got ${JSON.stringify(given)}`,
    )
  }
  if (by === undefined) return { count: Number(count) }
  sorted(level, by as readonly string[])
  return { count: Number(count), by: [...(by as readonly string[])] }
}

function isNames(given: unknown): boolean {
  return Array.isArray(given) && given.every((name) => typeof name === 'string' && name !== '')
}

function sorted(level: string, given: readonly string[]): readonly string[] {
  const names = [...given].sort()
  const twice = names.find((name, k) => names[k - 1] === name)
  if (twice !== undefined) throw new TypeError(`Expected ${level} to name ${twice} once, got it twice`)
  return names
}
