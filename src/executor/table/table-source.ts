import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { checkedOptions, checkOptions, inMessage } from '../../check.js'
import { projectRoot } from '../../project.js'
import type { TableSource } from '../../study/table/definition.js'
import type { Table } from '../../study/table/table.js'

/** Options of `like`. */
export interface LikeOptions {
  /**
   * What the table's foreign keys refer to. `copies`: copies of the keys, so that the real tables
   * are only read. `real`: the real tables, whose rows the loads lock FOR KEY SHARE; it needs
   * consent (`yes`), and the right REFERENCES.
   * @default 'copies'
   */
  readonly foreignKeys?: 'copies' | 'real'
}

/**
 * A table of the study's own like one of the same database: its columns, defaults, identity and
 * generated columns, checks, keys, indexes and partitions. The real one is only read, and only its
 * definition; foreign keys refer to copies of the keys, or to the real tables. Triggers are made
 * where a layout names them.
 *
 * @throws `TypeError` for a name that is no text, and for another word of `foreignKeys`.
 * @example
 * const table = like('public.orders')
 * // runStudy({ name: 'orders', server: 'url', input: csv('orders'), table, factors })
 */
export function like(table: string, options: LikeOptions = {}): TableSource {
  const { foreignKeys = 'copies' } = checkedOptions(options, { foreignKeys: true })
  if (typeof table !== 'string' || table.trim() === '') {
    throw new TypeError(
      `Expected \`like\` to name a table as SQL does, such as 'public.orders', got ${inMessage(table)}`,
    )
  }
  if (foreignKeys !== 'copies' && foreignKeys !== 'real') {
    throw new TypeError(`Expected \`foreignKeys\` to be 'copies' or 'real', got ${inMessage(foreignKeys)}`)
  }
  return { like: table.trim(), ...(foreignKeys === 'real' && { foreignKeys }) }
}

/**
 * A table made by SQL statements, in which `{table}` stands for its name: the statements, or the
 * path of a file with them. What they make lies in the study's schema.
 *
 * @throws `RangeError` for a file that cannot be read, and `TypeError` for one without `{table}`.
 * @example
 * const table = ddl('CREATE TABLE {table} (id int8 PRIMARY KEY, item text)')
 * // runStudy({ name: 'orders', input: csv('orders'), table, factors })
 */
export function ddl(statements: string): TableSource {
  if (typeof statements !== 'string' || statements.trim() === '') {
    throw new TypeError(
      `Expected \`ddl\` to be SQL statements or the path of a file with them, got ${inMessage(statements)}`,
    )
  }
  if (statements.includes('{table}')) return { ddl: statements, name: 'the DDL' }
  const text = statementsIn(statements)
  const name = basename(statements)
  if (text.includes('{table}')) return { ddl: text, name }
  throw new TypeError(`Expected the statements of ${name} to call the table {table}: CREATE TABLE {table} (…)`)
}

function statementsIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new RangeError(`Expected a file of SQL statements at ${path}, got none: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** How a table is made, as JSON holds it; by default it is one that fits the records. */
export interface NamedTable {
  /** Name of the table that it is made like. */
  readonly like?: string
  /** Path of a file of SQL statements, seen from the project. */
  readonly ddl?: string
}

/**
 * The table that JSON names: `{ like: 'public.orders' }` or `{ ddl: 'orders.sql' }`; undefined for
 * `{}`, a table that fits the records.
 *
 * @throws `TypeError` for both at once and for other names, and what `like` and `ddl` throw.
 * @example
 * const table = tableNamed({ like: 'public.orders' })
 */
export function tableNamed(named: NamedTable): TableSource | undefined {
  checkOptions(named, { like: true, ddl: true }, 'table')
  const { like: table, ddl: file } = named
  if (table !== undefined && file !== undefined)
    throw new TypeError('Expected `table` to hold `like` or `ddl`, got both: a table is made in one way')
  if (table !== undefined) return like(table)
  return file === undefined ? undefined : ddl(resolve(projectRoot, file))
}

/** Whether a table is given by what it is made like, or by. */
export function isSource(table: Table | TableSource): table is TableSource {
  return 'like' in table || 'ddl' in table
}
