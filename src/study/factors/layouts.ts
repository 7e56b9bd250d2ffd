import { checkedInteger } from '../../check.js'

/** What one layout changes about the table that `like` or `ddl` makes. */
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

/** What precedes the names of what is not a part that is left out, on a command line. */
const prefixes = ['trigger', 'distribute', 'shards', 'colocate'] as const

/**
 * Parses "orders_tags_idx+trigger:audit" or "distribute:id+shards:32": the parts that a layout
 * leaves out, the triggers that it has, and how it is distributed. Throws `TypeError` for an empty
 * or repeated name.
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
  const shards = only('shards')
  const given = {
    without: named.get(''),
    triggers: named.get('trigger'),
    distribute: only('distribute'),
    shards: shards === undefined ? undefined : Number(shards),
    colocateWith: only('colocate'),
  }
  return checkedLayout('the layout', Object.fromEntries(Object.entries(given).filter(([, own]) => own !== undefined)))
}

/**
 * Checks what a layout leaves out and has, and returns it in the order of the names, so that equal
 * layouts are equal. Throws `TypeError` that states what is wrong; whether the table has parts of
 * these names is checked with the table.
 */
export function checkedLayout(level: string, given: unknown): LayoutChange {
  const { without, triggers, distribute, shards, colocateWith, ...more } = (given ?? {}) as {
    readonly [name: string]: unknown
  }
  const names = [without, triggers].map((own) => own ?? [])
  const isEmpty = names.flat().length === 0 && distribute === undefined
  if (!names.every(isNames) || isEmpty || Object.keys(more).length > 0) {
    throw new TypeError(
      `Expected ${level} to name what it leaves out, triggers that fire, or the column that it is distributed by, such as { without: ['orders_tags_idx'], triggers: ['audit'] } or { distribute: 'id' }, got ${JSON.stringify(given)}`,
    )
  }
  const [left, fired] = names.map((own) => sorted(level, own as readonly string[]))
  return {
    ...(left!.length > 0 ? { without: left } : {}),
    ...(fired!.length > 0 ? { triggers: fired } : {}),
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

function isNames(given: unknown): boolean {
  return Array.isArray(given) && given.every((name) => typeof name === 'string' && name !== '')
}

function sorted(level: string, given: readonly string[]): readonly string[] {
  const names = [...given].sort()
  const twice = names.find((name, k) => names[k - 1] === name)
  if (twice !== undefined) throw new TypeError(`Expected ${level} to name ${twice} once, got it twice`)
  return names
}
