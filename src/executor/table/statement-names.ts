import pg from 'pg'
import { qualifiedTable } from '../footprint/mark.js'

const { escapeIdentifier } = pg

/** A name to fill in, or text of the user that looks like one, which `verbatim` marked. */
const placeholder = /\{((?:verbatim )*)(table|schema)\}/g

const mark = 'verbatim '

/**
 * Returns a statement of a `Definition` as it is run in a schema: `{table}` is the study's table,
 * or another one of it, and `{schema}` its schema, both quoted.
 */
export function fillNames(statement: string, schema: string, table = qualifiedTable(schema)): string {
  return statement.replace(placeholder, (_, marks: string, name: string) => {
    if (marks !== '') return `{${marks.slice(mark.length)}${name}}`
    return name === 'table' ? table : escapeIdentifier(schema)
  })
}

/**
 * Marks text of the catalogue that goes into a statement, so that `fillNames` returns it as it is:
 * an array `'{table}'` stays one.
 */
export function verbatim(text: string): string {
  return text.replace(placeholder, (_, marks: string, name: string) => `{${mark}${marks}${name}}`)
}

/** Returns text that `verbatim` marked without the mark. */
export function withoutMark(text: string): string {
  return text.replace(placeholder, (whole, marks: string, name: string) =>
    marks === '' ? whole : `{${marks.slice(mark.length)}${name}}`,
  )
}
