import type pg from 'pg'
import { DatabaseError, sqlStateOf } from '../errors.js'
import { type Refusal, refusalWords } from './refusal-words.js'

/** SQLSTATE of a DROP … RESTRICT of an object that others depend on. */
const dependentObjects = '2BP01'

/** SQLSTATE of a statement that was cancelled. */
const cancelled = '57014'

/**
 * Whether an error is the loss of a connection, or a connection that could not be made: this one,
 * or one of the server's own, as to a node of its cluster.
 */
export function isDisconnected(error: unknown): boolean {
  if (error instanceof DatabaseError) return false
  const state = sqlStateOf(error)
  return state === null || /^(08|57P)/.test(state) || isOfNode(error)
}

/** Citus says so of a connection to a node that it had kept and that is lost, without a state. */
const isOfNode = (error: unknown): boolean => /connection marked as essential/.test((error as Error).message)

/**
 * Runs a statement that changes copylab's objects on the server. Throws `DatabaseError` with the
 * statement, the server's message and the remedy when the server refuses it; the end of a
 * connection, a cancel, and a lock that cannot be obtained are thrown unchanged.
 */
export async function change(control: pg.Client, statement: string): Promise<void> {
  try {
    await control.query(statement)
  } catch (cause) {
    const refusal = refusalOf(statement, cause)
    if (refusal === null) throw cause
    throw new DatabaseError(refusalWords(refusal), { cause })
  }
}

function refusalOf(statement: string, error: unknown): Refusal | null {
  const state = sqlStateOf(error)
  if (isDisconnected(error) || state === cancelled || state === '55P03' || state === dependentObjects) return null
  const message = (error as Error).message
  const name = /^[A-Z]+( (UNLOGGED )?[A-Z]+\b)?/.exec(statement)?.[0].replace('UNLOGGED ', '') ?? 'a statement'
  if (state === '53100' || /no space left on device/i.test(message))
    return { refusal: 'disk-full', statement: name, message }
  if (message === 'checkpoint request failed') return { refusal: 'checkpoint-failed', statement: name, message }
  return { refusal: 'refused', statement: name, message }
}

/**
 * Runs statements in one transaction, which an error rolls back. Where others make an object depend
 * on a dropped one between the reading of the schema by `task` and its DROP, `task` runs again, so
 * that it reads that object.
 */
export async function inTransaction<T>(control: pg.Client, task: () => Promise<T>): Promise<T> {
  try {
    return await transaction(control, task)
  } catch (error) {
    if (sqlStateOf(error) !== dependentObjects) throw error
    return transaction(control, task)
  }
}

async function transaction<T>(control: pg.Client, task: () => Promise<T>): Promise<T> {
  await control.query('BEGIN')
  try {
    const value = await task()
    await control.query('COMMIT')
    return value
  } catch (error) {
    await rollback(control)
    throw error
  }
}

/** Rolls back; repeats this while a cancel of an earlier statement hits it. */
async function rollback(control: pg.Client): Promise<void> {
  for (;;) {
    try {
      await control.query('ROLLBACK')
      return
    } catch (error) {
      if (sqlStateOf(error) !== cancelled) return
    }
  }
}
