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
}

/** What precedes the name of a trigger on a command line. */
const triggerPrefix = 'trigger:'

/**
 * Parses "orders_tags_idx+trigger:audit": the parts that a layout leaves out, and the triggers that
 * it has. Throws `TypeError` for an empty or repeated name.
 */
export function parseLayout(text: string): LayoutChange {
  const items = text.split('+')
  const triggers = items.flatMap((item) => (item.startsWith(triggerPrefix) ? [item.slice(triggerPrefix.length)] : []))
  const without = items.filter((item) => !item.startsWith(triggerPrefix))
  return checkedLayout('the layout', {
    ...(without.length > 0 ? { without } : {}),
    ...(triggers.length > 0 ? { triggers } : {}),
  })
}

/**
 * Checks what a layout leaves out and has, and returns it in the order of the names, so that equal
 * layouts are equal. Throws `TypeError` that states what is wrong; whether the table has parts of
 * these names is checked with the table.
 */
export function checkedLayout(level: string, given: unknown): LayoutChange {
  const { without, triggers, ...more } = (given ?? {}) as { readonly [name: string]: unknown }
  const names = [without, triggers].map((own) => own ?? [])
  if (!names.every(isNames) || names.flat().length === 0 || Object.keys(more).length > 0) {
    throw new TypeError(
      `Expected ${level} to name what it leaves out, or triggers that fire, such as { without: ['orders_tags_idx'], triggers: ['audit'] }, got ${JSON.stringify(given)}`,
    )
  }
  const [left, fired] = names.map((own) => sorted(level, own as readonly string[]))
  return { ...(left!.length > 0 ? { without: left } : {}), ...(fired!.length > 0 ? { triggers: fired } : {}) }
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
