import { listed } from '../../../../../names.js'
import type { Column } from '../../../../../study/table/table.js'
import { InputError } from '../../../../errors.js'
import type { FilledTable } from '../../../input.js'
import type { StatedCsv } from '../../csv-options.js'
import type { DecidedSyntax } from '../syntax/decide-syntax.js'
import type { Sample } from '../syntax/sample.js'
import { firstHeaders } from './decide-headers.js'
import { shown } from './header-errors.js'
import { namedFields } from './named-fields.js'

/**
 * Returns the columns of a table that the files fill: those that the first header names, in its
 * order; without a header all of them. Throws `InputError` for a header that also has names which
 * are not the table's, and for files without a header whose records have another number of fields.
 */
export function tableColumns(
  samples: readonly Sample[],
  syntax: DecidedSyntax,
  stated: StatedCsv,
  { name, columns }: FilledTable,
): readonly Column[] {
  const { files } = firstHeaders(samples, [], syntax, stated)
  const begun = files.find(({ first }) => first !== null)
  if (!begun?.first) return columns
  const { fields, line } = begun.first
  const { targets, unknown } = namedFields(
    fields,
    columns.map((column) => column.name),
  )
  const own = targets.flatMap((target) => (target === null ? [] : [columns[target]!]))
  const place = `${begun.file.name}:${line}`
  const all = `its columns are ${columns.map((column) => column.name).join(', ')}`
  if (stated.header !== false && own.length > 0 && (stated.header === true || 2 * own.length >= fields.length)) {
    if (unknown.length === 0) return own
    throw new InputError(
      `${place}: the header has ${listed(unknown.map((field) => JSON.stringify(field)))}, which no column of ${name} is called: rename it in the files, or take it out; ${all}`,
    )
  }
  const width = fields.length - (fields.at(-1) === '' && fields.length === columns.length + 1 ? 1 : 0)
  if (width === columns.length) return columns
  throw new InputError(
    `${place}: the first line, ${shown(fields)}, has ${fields.length} fields and is no header of ${name}, which has ${columns.length} columns: state \`columns\` (--columns) in the order of the fields; ${all}`,
  )
}
