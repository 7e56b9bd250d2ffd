import pg from 'pg'

const { escapeIdentifier, escapeLiteral } = pg

/**
 * Comment of every table and function that copylab creates on a server; that of a schema holds
 * more.
 */
export const mark = 'created by copylab'

const prefix = 'copylab_'

/**
 * Returns the name of the schema that a study owns; it holds the table to fill, the tables that it
 * refers to, and the observer's function.
 */
export const schemaOf = (study: string): string => `${prefix}${study}`

/** Returns a name with its schema, both quoted. */
export const qualifiedName = (schema: string, name: string): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`

/** Name of a study's table in its schema. */
export const tableName = 'records'

/** Returns the qualified name of a study's table, quoted. */
export const qualifiedTable = (schema: string): string => `${escapeIdentifier(schema)}.${tableName}`

/** Returns the qualified name of the table of a study's worker, quoted. */
export const workerTable = (schema: string, worker: number): string =>
  `${escapeIdentifier(schema)}.${tableName}_worker_${worker}`

/** Returns the qualified name of a partition that a layout gives a study's table, quoted. */
export const partitionTable = (schema: string, partition: number): string =>
  `${escapeIdentifier(schema)}.${tableName}_partition_${partition}`

/** Whether a name in a study's schema is that of a worker's table, or of a layout's partition. */
export const isNumberedTable = (name: string): boolean => /^records_(worker|partition)_\d+$/.test(name)

/**
 * Types of the arguments of the observer's function, which distinguish it from others of its name.
 */
export const observerArguments = 'integer[], boolean, integer, integer'

/** Types of the arguments of the function that observes the nodes of a cluster. */
export const nodeObserverArguments = 'text, integer, integer'

/** Types of the arguments of the function that observes whoever writes to a table. */
export const tableObserverArguments = 'oid[], integer, integer'

/** Returns the name of the observer's function, quoted. */
export const observerName = (schema: string): string => `${escapeIdentifier(schema)}.observe`

/** Returns the name of an observer's function, quoted, with the types of its arguments. */
export const qualifiedObserver = (schema: string, types: string): string => `${observerName(schema)}(${types})`

/** Origin of a schema by its name and comment. */
export interface SchemaMark {
  readonly study: string
  /**
   * Time of its creation: ISO 8601, UTC; null for a schema of an earlier copylab, which recorded no
   * time.
   */
  readonly createdAt: string | null
}

/** Returns the comment of a schema made now: with the time, since PostgreSQL records none. */
export function schemaComment(schema: string): string {
  return `${mark}, study ${studyOf(schema)}, ${new Date().toISOString()}`
}

/**
 * Reads the comment that copylab gave a schema; null for a schema that it did not make, or that was
 * renamed.
 */
export function readSchemaMark(schema: string, comment: string | null): SchemaMark | null {
  const found = /^created by copylab(?:, study ([\w-]+))?(?:, (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z))?$/.exec(
    comment ?? '',
  )
  const study = studyOf(schema)
  if (!found || !schema.startsWith(prefix) || (found[1] ?? study) !== study) return null
  return { study, createdAt: found[2] ?? null }
}

/**
 * SQL condition: by its `application_name` a backend serves one of copylab's own connections for
 * the study of a schema, which control and observe a trial. Those of workers, and of programs that
 * load, begin with another letter.
 */
export const ownConnection = (schema: string, application: string): string => {
  const [own, workers] = ['', 'w'].map((kind) => escapeLiteral(`copylab/${studyOf(schema)}/${kind}`))
  return `starts_with(${application}, ${own}) AND NOT starts_with(${application}, ${workers})`
}

const studyOf = (schema: string): string => schema.slice(prefix.length)
