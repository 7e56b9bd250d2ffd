import pg from 'pg'
import { selectVerbatim } from '../catalogue.js'
import type { UnsafeDefault } from '../unsafe-defaults.js'
import type { CopiedTable } from './copied-table.js'
import type { OwnNames } from './own-names.js'

const { escapeIdentifier } = pg

/** Options of a sequence, as the catalogue has them. */
export interface SequenceOptions {
  readonly type: string
  readonly increment: string
  readonly min: string
  readonly max: string
  readonly start: string
  readonly cache: string
  readonly cycle: boolean
}

/** SQL for the columns of `SequenceOptions`, in a query of `pg_sequence`. */
export const sequenceOptionsSql = `format_type(seqtypid, NULL) AS type, seqincrement::text AS increment, seqmin::text AS min,
  seqmax::text AS max, seqstart::text AS start, seqcache::text AS cache, seqcycle AS cycle`

/** Returns the options of a sequence but its type, which that of an identity column decides. */
export function sequenceSql({ increment, min, max, start, cache, cycle }: SequenceOptions): string {
  return `INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} START WITH ${start} CACHE ${cache} ${cycle ? '' : 'NO '}CYCLE`
}

interface SequenceRow extends SequenceOptions {
  readonly oid: number
  readonly table: number
  readonly number: number
  readonly column: string
  readonly name: string
  /** Its name as a default states it. */
  readonly written: string
}

/** Sequences of the study's own for the defaults that draw from others. */
export interface OwnSequences {
  /** Statements that make them, before the tables. */
  readonly made: readonly string[]
  /** Statements that give each to a column of its first table, after the tables. */
  readonly owned: readonly string[]
  /** Returns a default with the study's sequences in the places of the original's. */
  replace(expression: string): string
}

/**
 * Makes a sequence for each that a default of the tables states by a constant, but for those that
 * only defaults which are left out state.
 */
export async function cloneSequences(
  client: pg.Client,
  tables: readonly CopiedTable[],
  names: OwnNames,
  unsafe: readonly UnsafeDefault[],
): Promise<OwnSequences> {
  const rows = await selectVerbatim<SequenceRow>(
    client,
    `SELECT DISTINCT seqrelid AS oid, array_position($1::oid[], adrelid) AS place, adnum AS number, adrelid AS table, attname::text AS column,
            class.relname::text AS name, format('%I.%I', nspname, class.relname) AS written, ${sequenceOptionsSql}
     FROM pg_attrdef AS filled
       JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
       JOIN pg_depend ON classid = 'pg_attrdef'::regclass AND objid = filled.oid AND refclassid = 'pg_class'::regclass
       JOIN pg_sequence ON seqrelid = refobjid
       JOIN pg_class AS class ON class.oid = seqrelid JOIN pg_namespace AS space ON space.oid = class.relnamespace
     WHERE adrelid = ANY ($1) ORDER BY place, number, oid`,
    [tables.map(({ oid }) => oid)],
  )
  const used = rows.filter((row) => !unsafe.some(({ table, column }) => table === row.table && column === row.number))
  const first = used.filter((row, k) => used.findIndex(({ oid }) => oid === row.oid) === k)
  const own = first.map((row) => ({ ...row, copy: `{schema}.${escapeIdentifier(names.take(row.name))}` }))
  return {
    made: own.map((row) => `CREATE SEQUENCE ${row.copy} AS ${row.type} ${sequenceSql(row)}`),
    owned: own.map(({ copy, table, column }) => {
      const { copy: owner } = tables.find(({ oid }) => oid === table)!
      return `ALTER SEQUENCE ${copy} OWNED BY ${owner}.${escapeIdentifier(column)}`
    }),
    replace: (expression) =>
      own.reduce((text, { written, copy }) => text.replaceAll(constantOf(written), () => constantOf(copy)), expression),
  }
}

/** A constant that names a relation, as PostgreSQL writes it. */
const constantOf = (name: string): string => `'${name.replaceAll("'", "''")}'::regclass`
