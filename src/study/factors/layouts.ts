import { checkedInteger, isInteger } from '../../check.js'

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
  /**
   * The column by whose values the records are spread over the nodes of a Citus cluster: the table
   * is made by `create_distributed_table`.
   * @default none: the table is not distributed
   */
  readonly distribute?: string
  /**
   * Number of shards of a distributed table.
   * @default that of the server, `citus.shard_count`
   */
  readonly shards?: number
  /**
   * A distributed table of the same database whose shards the table's are placed with.
   * @default none: with no other table's
   */
  readonly colocateWith?: string
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

/** What precedes the names of what is not a part that is left out, on a command line. */
const prefixes = ['trigger', 'partitions', 'distribute', 'shards', 'colocate'] as const

/**
 * Parses "orders_tags_idx+trigger:audit+partitions:24:customer" or "distribute:id+shards:32": the
 * parts that a layout leaves out, the triggers that it has, its partitions, and how it is
 * distributed. Throws `TypeError` for an empty or repeated name, and for what should be a number.
 */
export function parseLayout(text: string): LayoutChange {
  const named = new Map<string, string[]>()
  for (const item of text.split('+')) {
    const prefix = prefixes.find((one) => item.startsWith(`${one}:`)) ?? ''
    const name = prefix === '' ? item : item.slice(prefix.length + 1)
    named.set(prefix, [...(named.get(prefix) ?? []), name])
  }
  const only = (prefix: (typeof prefixes)[number]): string | undefined => {
    const [one, two] = named.get(prefix) ?? []
    if (two !== undefined) throw new TypeError(`Expected the layout to have ${prefix}: once, got it twice`)
    return one
  }
  const [partitions, shards] = [only('partitions'), only('shards')]
  const given = {
    without: named.get(''),
    triggers: named.get('trigger'),
    partitions: partitions === undefined ? undefined : parsePartitions(partitions),
    distribute: only('distribute'),
    shards: shards === undefined ? undefined : Number(shards),
    colocateWith: only('colocate'),
  }
  return checkedLayout('the layout', Object.fromEntries(Object.entries(given).filter(([, own]) => own !== undefined)))
}

function parsePartitions(text: string): LayoutPartitions {
  const [, count, column] = /^(\d+)(?::(.+))?$/s.exec(text) ?? []
  if (count === undefined) {
    throw new TypeError(
      `Expected partitions as partitions:24, or partitions:24:customer for those by a column, got ${JSON.stringify(`partitions:${text}`)}`,
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
  const { without, triggers, partitions, distribute, shards, colocateWith, ...more } = (given ?? {}) as {
    readonly [name: string]: unknown
  }
  const names = [without, triggers].map((own) => own ?? [])
  const isEmpty = names.flat().length === 0 && partitions === undefined && distribute === undefined
  if (!names.every(isNames) || isEmpty || Object.keys(more).length > 0) {
    throw new TypeError(
      `Expected ${level} to name what it leaves out, triggers that fire, partitions, or the column that it is distributed by, such as { without: ['orders_tags_idx'], triggers: ['audit'], partitions: { count: 24 } } or { distribute: 'id' }, got ${JSON.stringify(given)}`,
    )
  }
  const [left, fired] = names.map((own) => sorted(level, own as readonly string[]))
  return {
    ...(left!.length > 0 ? { without: left } : {}),
    ...(fired!.length > 0 ? { triggers: fired } : {}),
    ...(partitions === undefined ? {} : { partitions: checkedPartitions(level, partitions) }),
    ...checkedDistribution(level, { distribute, shards, colocateWith }),
  }
}

function checkedDistribution(
  level: string,
  { distribute, shards, colocateWith }: { readonly [name: string]: unknown },
): Pick<LayoutChange, 'distribute' | 'shards' | 'colocateWith'> {
  for (const [name, own] of Object.entries({ distribute, colocateWith })) {
    if (own !== undefined && !isNames([own])) {
      throw new TypeError(`Expected \`${name}\` of ${level} to be a name, got ${JSON.stringify(own)}`)
    }
  }
  if (shards !== undefined) checkedInteger(`shards of ${level}`, shards, { from: 1, to: 64_000 })
  const placed = {
    ...(shards === undefined ? {} : { shards }),
    ...(colocateWith === undefined ? {} : { colocateWith }),
  }
  if (distribute === undefined) {
    const [name] = Object.keys(placed)
    if (name === undefined) return {}
    throw new TypeError(`Expected \`${name}\` of ${level} with \`distribute\`, the column that it is distributed by`)
  }
  if (shards !== undefined && colocateWith !== undefined) {
    throw new TypeError(
      `Expected \`shards\` or \`colocateWith\` of ${level}, got both: shards that are placed with another table's are as many as its own`,
    )
  }
  return { distribute, ...placed } as Pick<LayoutChange, 'distribute' | 'shards' | 'colocateWith'>
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
