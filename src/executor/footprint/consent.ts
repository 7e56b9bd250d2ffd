import type pg from 'pg'
import type { Meanings } from '../../study/factors/meanings.js'
import type { Definition } from '../../study/table/definition.js'
import { layoutOf, type TableLayout } from '../../study/table/layout-of.js'
import type { Table } from '../../study/table/table.js'
import type { Treatment } from '../../study/treatment.js'
import { DatabaseError } from '../errors.js'
import { type PlacedFile, readBatches, windowOf } from '../input/batches.js'
import type { Input } from '../input/input.js'
import { makeEncoder, makePayloadBuffer } from '../load/encode/encode.js'
import type { Connection } from '../server/server.js'
import { asksForCheckpoint } from '../trial/table.js'
import {
  declinedWords,
  footprintWords,
  referencesWords,
  refusedOutside,
  refusedWords,
  triggersWords,
} from './consent-words.js'
import type { Footprint, Others } from './footprint.js'
import { schemaOf } from './mark.js'

/**
 * Whether trials may run on a server that others may use, one that copylab did not start and that
 * is reached by neither a loopback address nor a local socket: `true`, or a function that is given
 * a description of what would be done there and returns the answer. Without consent trials are
 * refused.
 */
export type Consent = boolean | ((undertaking: string) => boolean | Promise<boolean>)

/** Trials that a session is going to run, and the server. */
export interface Undertaking {
  readonly study: string
  readonly connection: Connection
  readonly input: Input
  readonly table: Table
  /** How the table is made; null where it is made from its columns alone. */
  readonly definition: Definition | null
  /** Meanings of the named levels. */
  readonly meanings: Meanings
  readonly files: readonly PlacedFile[]
  readonly records: number
  /** The treatments of the trials that are going to run, one for each trial. */
  readonly trials: readonly Treatment[]
  readonly signal: AbortSignal
}

/** Whether a host is this machine by its name alone: a local socket, or a loopback address. */
export function isNearby(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return (
    host.startsWith('/') ||
    host === 'local socket' ||
    name === 'localhost' ||
    name === '::1' ||
    /^(::ffff:)?127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(name)
  )
}

/**
 * Throws `DatabaseError`, which describes what would be done, unless the server is nearby or
 * `consent` is given.
 */
export async function obtainConsent(control: pg.Client, undertaking: Undertaking, consent: Consent): Promise<void> {
  if (consent === true) return
  await obtainOutside(undertaking, consent)
  if (isNearby(undertaking.connection.facts.host)) return
  const footprint = await footprintOf(control, undertaking)
  if (consent === false) throw new DatabaseError(refusedWords(footprint))
  const given = await consent(footprintWords(footprint))
  undertaking.signal.throwIfAborted()
  if (!given) throw new DatabaseError(declinedWords(footprint))
}

/**
 * Throws `DatabaseError` for tables of others to which triggers write or foreign keys refer, unless
 * `consent` is given.
 */
async function obtainOutside(
  { definition, meanings, trials }: Undertaking,
  consent: Exclude<Consent, true>,
): Promise<void> {
  if (definition === null) return
  const layouts = trials.map((own) => layoutOf(definition, meanings, own))
  const writing = new Set(layouts.flatMap(({ triggers }) => triggers.filter(({ writes }) => writes.length > 0)))
  const referring = new Set(layouts.flatMap(({ references }) => references))
  const words = [triggersWords([...writing]), referencesWords([...referring])].filter((own) => own !== '').join(' ')
  if (words === '') return
  if (consent === false) throw new DatabaseError(refusedOutside(words))
  if (!(await consent(words))) throw new DatabaseError(`Nothing was done: ${words}`)
}

/**
 * Bytes of WAL, and of space, per record in the table (its header and its line pointer) and in each
 * index, measured on flights.
 */
const bytesPerRecord = { table: 28, index: 30, indexWal: 50 } as const

async function footprintOf(control: pg.Client, undertaking: Undertaking): Promise<Footprint> {
  const { study, connection, table, definition, meanings, records, trials } = undertaking
  const rowBytes = bytesPerRecord.table + (await meanRecordBytes(undertaking))
  const loading = trials.filter(({ target }) => target === 'table')
  const indexes = (treatment: Treatment): number =>
    definition === null
      ? treatment.secondaryIndexes + (table.primaryKey.length > 0 ? 1 : 0)
      : indexesIn(layoutOf(definition, meanings, treatment))
  const logged = loading.filter(({ persistence }) => persistence === 'logged')
  const { host, port, database } = connection.facts
  const workers = Math.max(0, ...loading.map((own) => own.workers))
  return {
    place: { host, port, database },
    schema: schemaOf(study),
    trials: trials.length,
    records,
    walBytes: sumOf(
      logged.map((own) => (records + own.existingRows) * (rowBytes + indexes(own) * bytesPerRecord.indexWal)),
    ),
    // Existing rows are kept once more, without indexes.
    diskBytes: Math.max(
      0,
      ...loading.map(
        (own) =>
          (records + own.existingRows) * (rowBytes + indexes(own) * bytesPerRecord.index) + own.existingRows * rowBytes,
      ),
    ),
    checkpoints: loading.filter((own) => asksForCheckpoint(own, connection.facts)).length,
    mayCheckpoint: connection.facts.canCheckpoint,
    // Those of the workers, the control connection, and the observer's.
    connections: workers + 2,
    workers,
    others: await selectOthers(control),
  }
}

function indexesIn({ parts }: TableLayout): number {
  return parts.filter(({ kind }) => kind !== 'check' && kind !== 'foreign key').length
}

const sampleSize = 1_000

/**
 * Estimates the bytes of a record on the server: the mean size of its binary form without the
 * lengths, over the first records of the input.
 */
async function meanRecordBytes({ input, table, files, signal }: Undertaking): Promise<number> {
  const reader = readBatches(
    windowOf(input, table),
    files.map(({ file }) => file),
    { batchSize: sampleSize, signal },
  )
  for await (const { records, release } of reader) {
    const { length } = makeEncoder(table, 'binary').encode(records, 0, records.length, makePayloadBuffer())
    const mean = length / Math.max(1, records.length) - 2 - 4 * table.columns.length
    release()
    return Math.max(1, mean)
  }
  return 0
}

async function selectOthers(control: pg.Client): Promise<Others> {
  const { rows } = await control.query<Others>(
    `SELECT (SELECT count(*)::int FROM pg_class JOIN pg_namespace AS space ON space.oid = relnamespace
              WHERE relkind IN ('r', 'p') AND nspname <> 'information_schema' AND NOT starts_with(nspname, 'pg_')
                AND NOT coalesce(starts_with(obj_description(space.oid, 'pg_namespace'), 'created by copylab'), false)) AS tables,
            pg_database_size(current_database())::float8 AS "databaseBytes",
            (SELECT count(*)::int FROM pg_stat_activity
              WHERE datid IS NOT NULL AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'
                AND NOT starts_with(coalesce(application_name, ''), 'copylab/')) AS connections`,
  )
  return rows[0]!
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
