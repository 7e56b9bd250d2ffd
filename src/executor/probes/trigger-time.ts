import type pg from 'pg'
import { sqlStateOf } from '../errors.js'
import { inTransaction } from '../footprint/change.js'
import { qualifiedTable } from '../footprint/mark.js'
import type { Load } from '../load/workers.js'
import type { OwnSettings } from '../server/reach/own-config.js'
import { partitionTreeSql } from '../table/partition-tree.js'

/** How the time in trigger functions is counted. */
export interface TriggerCounting {
  /** Settings of the workers' connections that make the server count it. */
  readonly settings: OwnSettings
  /** Reason why the server does not count it; null when it does. */
  readonly refusal: string | null
}

/**
 * Reads whether the server counts the time in functions, or would for connections of this user that
 * ask for it.
 */
export async function readTriggerCounting(control: pg.Client): Promise<TriggerCounting> {
  const { rows } = await control.query<{ setting: string }>("SELECT current_setting('track_functions') AS setting")
  if (rows[0]!.setting !== 'none') return { settings: {}, refusal: null }
  const settings = { track_functions: 'pl' }
  try {
    await inTransaction(control, () => control.query(`SET LOCAL track_functions = ${settings.track_functions}`))
    return { settings, refusal: null }
  } catch (error) {
    if (sqlStateOf(error) === null) throw error
    return {
      settings: {},
      refusal: `this user may not set track_functions (${(error as Error).message}): superusers may, and from PostgreSQL 15 on those to whom SET of it is granted`,
    }
  }
}

/** What the server counted of a function since its statistics began. */
interface FunctionCalls {
  readonly name: string
  readonly calls: number
  readonly ms: number
  /** Number of the table's triggers that call it for each record, and for each COPY. */
  readonly perRecord: number
  readonly perCopy: number
  /** Whether one of these has a condition, so that it may call the function less often. */
  readonly conditional: boolean
}

/**
 * Begins to count the time in the functions of the table's triggers. Returns a function that ends
 * it, to be called once the workers have disconnected: the milliseconds, or the reason in words why
 * they are not those of the load; null for a table without triggers.
 */
export async function countTriggers(
  control: pg.Client,
  schema: string,
  { refusal }: TriggerCounting,
): Promise<(load: Pick<Load, 'parts'>) => Promise<number | string | null>> {
  const before = await readCalls(control, schema)
  return async ({ parts }) => {
    if (before.length === 0) return null
    if (refusal !== null) return refusal
    const earlier = new Map(before.map((one) => [one.name, one]))
    const records = parts.reduce((sum, part) => sum + part.records, 0)
    let sum = 0
    for (const { name, calls, ms, perRecord, perCopy, conditional } of await readCalls(control, schema)) {
      const then = earlier.get(name)!
      const counted = calls - then.calls
      const due = perRecord * records + perCopy * parts.length
      if (counted > due || (counted < due && !conditional)) return otherCalls(name, counted, due)
      sum += ms - then.ms
    }
    return sum
  }
}

function otherCalls(name: string, counted: number, due: number): string {
  const [calls, made] = [counted, due].map((count) => count.toLocaleString('en-US'))
  const reason =
    counted > due ? 'others call it too' : 'it counts those of functions in procedural languages such as PL/pgSQL alone'
  return `the server counted ${calls} calls of ${name}, of which the load makes ${made}: ${reason}`
}

async function readCalls(control: pg.Client, schema: string): Promise<readonly FunctionCalls[]> {
  const { rows } = await control.query<FunctionCalls>(
    // Partitions and workers' tables have the triggers of the whole.
    `SELECT tgfoid::regprocedure::text AS name,
            coalesce(pg_stat_get_function_calls(tgfoid), 0)::float8 AS calls,
            coalesce(pg_stat_get_function_total_time(tgfoid), 0) AS ms,
            max(records)::int AS "perRecord", max(copies)::int AS "perCopy", bool_or(conditional) AS conditional
     FROM (SELECT tgfoid, bool_or(tgqual IS NOT NULL) AS conditional,
                  count(*) FILTER (WHERE tgtype & 1 <> 0) AS records, count(*) FILTER (WHERE tgtype & 1 = 0) AS copies
             FROM pg_trigger WHERE tgrelid IN (${partitionTreeSql('$1::regclass')}) AND NOT tgisinternal
            GROUP BY tgfoid, tgrelid) AS called
     GROUP BY tgfoid`,
    [qualifiedTable(schema)],
  )
  return rows
}
