import pg from 'pg'

const { escapeIdentifier } = pg

/** The comment of everything that copylab creates on a server; that of a schema says more. */
export const mark = 'created by copylab'

const prefix = 'copylab_'

/** The schema that a study owns; it holds the table that is filled, and the observer's function. */
export const schemaOf = (study: string): string => `${prefix}${study}`

/** The name of a study's table, quoted. */
export const qualifiedTable = (schema: string): string => `${escapeIdentifier(schema)}.records`

/** The types of the arguments of the observer's function, which tell it from others of its name. */
export const observerArguments = 'integer[], boolean, integer, integer'

/** The name of the observer's function, quoted; and with its arguments. */
export const observerName = (schema: string): string => `${escapeIdentifier(schema)}.observe`
export const qualifiedObserver = (schema: string): string => `${observerName(schema)}(${observerArguments})`

/** What a schema's name and comment say of who made it. */
export interface SchemaMark {
  readonly study: string
  /** ISO 8601, UTC; null for a schema of an earlier copylab, which wrote no time. */
  readonly createdAt: string | null
}

/** The comment of a schema that is made now: with the time, since PostgreSQL keeps none. */
export function schemaComment(schema: string): string {
  return `${mark}, study ${studyOf(schema)}, ${new Date().toISOString()}`
}

/**
 * What copylab wrote of a schema; null for one that it did not make, or that has another name by
 * now.
 */
export function readSchemaMark(schema: string, comment: string | null): SchemaMark | null {
  const said = /^created by copylab(?:, study ([\w-]+))?(?:, (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z))?$/.exec(
    comment ?? '',
  )
  const study = studyOf(schema)
  if (!said || !schema.startsWith(prefix) || (said[1] ?? study) !== study) return null
  return { study, createdAt: said[2] ?? null }
}

const studyOf = (schema: string): string => schema.slice(prefix.length)
