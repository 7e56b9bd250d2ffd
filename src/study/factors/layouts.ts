/** What one layout changes about the table that `like` or `ddl` makes. */
export interface LayoutChange {
  /** Names of the indexes, keys and checks that the table is made without. */
  readonly without: readonly string[]
}

/**
 * Parses "orders_tags_idx+orders_customer_fk" as the parts that a layout leaves out. Throws
 * `TypeError` for an empty or repeated name.
 */
export function parseLayout(text: string): LayoutChange {
  return checkedLayout('the layout', { without: text.split('+') })
}

/**
 * Checks what a layout leaves out and returns it in the order of the names, so that equal layouts
 * are equal. Throws `TypeError` that states what is wrong; whether the table has parts of these
 * names is checked with the table.
 */
export function checkedLayout(level: string, given: unknown): LayoutChange {
  const { without, ...more } = (given ?? {}) as { readonly without?: unknown }
  const isNames = Array.isArray(without) && without.every((name) => typeof name === 'string' && name !== '')
  if (!isNames || without.length === 0 || Object.keys(more).length > 0) {
    throw new TypeError(
      `Expected ${level} to name what it leaves out, such as { without: ['orders_tags_idx'] }, got ${JSON.stringify(given)}`,
    )
  }
  const names = [...(without as readonly string[])].sort()
  const twice = names.find((name, k) => names[k - 1] === name)
  if (twice !== undefined) throw new TypeError(`Expected ${level} to leave out ${twice} once, got it twice`)
  return { without: names }
}
