import { listed } from '../../../../../names.js'
import { InputError } from '../../../../errors.js'
import { checkColumnNames } from '../../fields/column-names.js'
import type { SampleRecord } from '../syntax/sample.js'
import { columnNames, type NamedFields, repeatedNames } from './named-fields.js'

type Header = Pick<SampleRecord, 'fields' | 'line'>

/**
 * Returns the names that a header gives to the columns. Throws `InputError` for one with another
 * number of fields than the records, and for names that one table cannot have.
 */
export function namesOf(header: Header, file: string, columns: number): readonly string[] {
  const { fields, line } = header
  if (fields.length !== columns && !(fields.length === columns + 1 && fields.at(-1) === '')) {
    const rowNames =
      fields.length === columns - 1 ? '; R leaves out the name of row names but for `col.names = NA`' : ''
    throw new InputError(
      `${file}:${line}: the first line, ${shown(fields)}, has ${fields.length} fields, and the records have ${columns}: name each column in it, or ${ownColumns(line)}${rowNames}`,
    )
  }
  refuseRepeated(header, file)
  const names = columnNames(fields.slice(0, columns))
  try {
    checkColumnNames(names)
  } catch (error) {
    throw new InputError(`${file}:${line}: ${(error as Error).message}: change it in the file, or ${ownColumns(line)}`)
  }
  return names
}

/** Throws `InputError` for a header in which a name stands twice. */
export function refuseRepeated({ fields, line }: Header, file: string): void {
  const [twice] = repeatedNames(fields)
  if (twice === undefined) return
  throw new InputError(
    `${file}:${line}: two columns are called ${JSON.stringify(twice.trim())}: give them different names in the file, or ${ownColumns(line)}`,
  )
}

/** Returns the error for a header that names other columns than it should. */
export function otherNames(
  file: string,
  { fields, line }: Header,
  names: readonly string[],
  { missing, unknown }: Pick<NamedFields, 'missing' | 'unknown'>,
): InputError {
  const lacks = missing.length === 0 ? '' : `, lacks ${listed(missing.map((name) => `\`${name}\``))}`
  const more =
    unknown.length === 0
      ? ''
      : `, has ${listed(unknown.map((name) => JSON.stringify(name)))}, which no column is called`
  return new InputError(
    `${file}:${line}: the first line, ${shown(fields)}, is not the header of the columns ${names.join(', ')}${lacks}${more}: name the columns as the files do; or say \`header: false\` (--no-header) where it is a record, and \`skipLines: ${line}\` with it (--skip-lines) to name them by their places`,
  )
}

/** The beginning of a line as it is shown. */
export function shown(fields: readonly string[]): string {
  const text = JSON.stringify(fields.join(' '))
  return text.length > 80 ? `${text.slice(0, 80)}…"` : text
}

const ownColumns = (line: number): string =>
  `say \`header: false\` and \`skipLines: ${line}\` with \`columns\` of your own`
