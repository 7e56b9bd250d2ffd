/** How the names of a file's header are those of the table's columns. */
export interface NamedFields {
  /** Index of the column of each field; null for a field without a name, which must be empty. */
  readonly targets: readonly (number | null)[]
  /** Columns that the header does not name. */
  readonly missing: readonly string[]
  /** Names of the header that are no column's. */
  readonly unknown: readonly string[]
}

/**
 * Compares the fields of a header with the names of columns, by name; one without a name has that
 * which `columnNames` gives it.
 */
export function namedFields(fields: readonly string[], names: readonly string[]): NamedFields {
  const places = new Map(names.map((name, k) => [plainName(name), k]))
  const exact = new Map(names.map((name, k) => [name, k]))
  const targets = columnNames(fields).map((field) => exact.get(field) ?? places.get(plainName(field)) ?? null)
  return {
    targets,
    missing: names.filter((_, k) => !targets.includes(k)),
    unknown: fields.filter((field, k) => targets[k] === null && field.trim() !== ''),
  }
}

/** The names that stand twice in a header, without regard to case and surrounding spaces. */
export function repeatedNames(fields: readonly string[]): readonly string[] {
  const names = fields.map(plainName)
  return fields.filter((field, k) => field.trim() !== '' && names.indexOf(plainName(field)) < k)
}

/** Whether the fields of a header stand in the columns' order, so that none needs a target. */
export function inOrder(targets: readonly (number | null)[], columns: number): boolean {
  return targets.length === columns && targets.every((target, k) => target === k)
}

/** Whether two first lines hold the same fields, in whatever order. */
export function sameFields(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && JSON.stringify(a.map(plainName).sort()) === JSON.stringify(b.map(plainName).sort())
}

/**
 * Returns names for the columns of a header: those that it gives, without surrounding spaces, and
 * `column2` for one without.
 */
export function columnNames(fields: readonly string[]): readonly string[] {
  return fields.map((field, k) => field.trim() || `column${k + 1}`)
}

function plainName(name: string): string {
  return name.trim().toLowerCase().normalize('NFC')
}
