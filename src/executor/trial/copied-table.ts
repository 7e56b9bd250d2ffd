import type { Treatment } from '../../study/treatment.js'
import { monotonicMs } from '../clock.js'
import { change } from '../footprint/change.js'
import { makeDatabase } from '../footprint/own-databases.js'
import { withObservers } from '../probes/with-observers.js'
import type { Session } from '../session/session.js'
import { existingContent, keptRows } from '../table/existing-rows.js'
import { createTable, layoutKey, type MadeTable } from '../table/make-table.js'
import { connectingTo, connectionTo, withControl } from './control.js'
import { onControl } from './on-control.js'
import { type KeptTable, rowsDatabase } from './rows-database.js'
import { checkpoint } from './table.js'

/**
 * Calls `task` with a copy of a database that holds the treatment's table with the rows that are
 * there before the load, and the session in it. The first trial of each layout makes what is
 * copied. The copy stays until the next one is made.
 */
export async function withCopiedTable<T>(
  session: Session,
  keptTables: Map<string, KeptTable>,
  treatment: Treatment,
  task: (copied: Session, made: MadeTable) => Promise<T>,
): Promise<T> {
  const { schema, table } = session
  const { name: template, later } = await keptTable(session, keptTables, treatment)
  const begun = monotonicMs()
  const database = await copyOf(session, template, 'trial')
  return inDatabase(session, database, async (copied) => {
    const content = await onControl(copied, () => existingContent(copied.control, schema, table, false))
    const restoreMs = monotonicMs() - begun
    const observed = { ...copied, probes: session.observers.probes }
    return withObservers(
      observed,
      [treatment],
      async (observers) => {
        await onControl(copied, () => checkpoint(copied.control, null))
        return task({ ...copied, observers }, { later, existing: { ...content, restoreMs } })
      },
      connectingTo(copied.connection, copied.signal),
    )
  })
}

/** Returns the table of a treatment's layout, which is made at first. */
async function keptTable(
  session: Session,
  keptTables: Map<string, KeptTable>,
  treatment: Treatment,
): Promise<KeptTable> {
  const { schema } = session
  const key = layoutKey(treatment)
  const found = keptTables.get(key)
  if (found) return found
  const name = `t${keptTables.size + 1}`
  const database = await copyOf(session, rowsDatabase, name)
  const later = await inDatabase(session, database, (there) =>
    onControl(there, async () => {
      const made = await createTable(there, treatment)
      await change(there.control, `DROP TABLE ${keptRows(schema)}`)
      return made.later
    }),
  )
  const kept = { name, later }
  keptTables.set(key, kept)
  return kept
}

/** Copies a database of the study's into another of its own; returns its full name. */
function copyOf(session: Session, template: string, name: string): Promise<string> {
  const { schema, control, connection } = session
  const { versionNumber } = connection.facts
  return onControl(session, () => makeDatabase(control, { schema, name, template, versionNumber }))
}

/** Calls `task` with the session in another database, and a control connection to it. */
function inDatabase<T>(session: Session, database: string, task: (there: Session) => Promise<T>): Promise<T> {
  const there = { ...session, connection: connectionTo(session.connection, database) }
  return withControl(there, ({ client, signal, onEvent }) => {
    const onAny = (): void => {
      session.onEvent()
      onEvent()
    }
    return task({ ...there, control: client, signal, onEvent: onAny })
  })
}
