import { inMessage } from '../../../../check.js'

/** Maximum number of columns of a table (PostgreSQL, appendix K). */
const maxColumns = 1600
/** Maximum number of bytes of a name; PostgreSQL cuts longer ones without an error. */
const maxNameBytes = 63
/** Names of the columns that every table has (PostgreSQL, section 5.6). */
const systemColumns = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']

/** Throws `TypeError` for names of columns that one table cannot have. */
export function checkColumnNames(names: readonly string[]): void {
  if (names.length > maxColumns) {
    throw new TypeError(
      `Expected at most ${maxColumns} columns, which is PostgreSQL's limit of a table, got ${names.length}`,
    )
  }
  const known = new Set<string>()
  for (const name of names) {
    if (known.has(name)) {
      throw new TypeError(`Expected the names of \`columns\` to differ, got ${inMessage(name)} twice`)
    }
    known.add(name)
    if (systemColumns.includes(name)) {
      throw new TypeError(
        `Expected another name for column \`${name}\`: every table of PostgreSQL has a system column of that name`,
      )
    }
    if (name.includes('\0')) {
      throw new TypeError(`Expected another name for column ${inMessage(name)}: a name cannot hold the character NUL`)
    }
    const bytes = Buffer.byteLength(name)
    if (bytes > maxNameBytes) {
      throw new TypeError(
        `Expected another name for column \`${name}\`: PostgreSQL cuts names to ${maxNameBytes} bytes, and it has ${bytes}`,
      )
    }
  }
}
