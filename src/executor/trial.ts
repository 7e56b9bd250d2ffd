import { performance } from 'node:perf_hooks'
import type pg from 'pg'
import { checksumSql } from './checksum.js'
import { withClients, withOption } from './connect.js'
import { CopyError, LostRecordsError, sqlStateOf } from './errors.js'
import { type BatchReader, readBatches } from './input/batches.js'
import { openMs, splitEvenly } from './load/dispatch.js'
import { type Encoder, makeEncoder, makePayloadBuffer, type PayloadBuffer } from './load/encode.js'
import { type Lane, loadOnEventLoop, type WorkBatch } from './load/event-loop.js'
import type { Session } from './session.js'
import { cancelBackends, checkpoint, copySql, countWorkers, createTable, qualifiedTable } from './table.js'
import type { CompletedTrial, Measures, Treatment, Trial, TrialError, TrialPlace } from './types.js'

/** How often the client's memory is looked at during a trial. */
const memoryPeriodMs = 50

/**
 * Runs one trial: makes the table anew, connects the workers, loads all records, verifies count and checksum. A trial that breaks
 * is returned as `failed`; an abort, or a server that is gone, throws.
 */
export async function executeTrial(session: Session, place: TrialPlace): Promise<Trial> {
  const startedAt = new Date().toISOString()
  const { control, schema, connection, input } = session
  await createTable(control, schema, input.table, place.treatment)
  if (connection.facts.canCheckpoint) await checkpoint(control)
  try {
    const loaded = await load(session, place.treatment)
    const actual = await verify(session)
    return { ...place, state: 'completed', startedAt, ...loaded, ...actual }
  } catch (error) {
    session.signal.throwIfAborted()
    await control.query('SELECT 1')
    return { ...place, state: 'failed', startedAt, error: describeError(error) }
  }
}

type Loaded = Omit<Measures, 'records' | 'checksum'> & Pick<CompletedTrial, 'parts'>

async function load(session: Session, treatment: Treatment): Promise<Loaded> {
  const { study, schema, connection, control, input, files, signal } = session
  const application = `copylab/${study}/w`
  const configs = Array.from({ length: treatment.workers }, (_, worker) => ({
    ...connection.config,
    application_name: `${application}${worker}`,
    options: withOption(connection, `synchronous_commit=${treatment.synchronousCommit ? 'on' : 'off'}`),
  }))
  const encoder = makeEncoder(input.table, treatment.encoding)
  const reader = readBatches(input, files, { batchSize: treatment.batchSize, signal })
  const work = cutBatches(reader, treatment, encoder)

  const prepareStart = performance.now()
  const prepared = treatment.source === 'prepared' ? await prepare(work, makePayloadBuffer()) : null
  const connectStart = performance.now()
  return withClients(configs, async (clients) => {
    const connectMs = performance.now() - connectStart
    const lanes: Lane[] = clients.map((client, worker) => ({ worker, client, buffer: makePayloadBuffer() }))
    const connectedBefore = await countWorkers(control, application)
    const cancel = (): void => {
      cancelBackends(control, clients.map(backendPid)).catch(() => {})
    }
    signal.addEventListener('abort', cancel, { once: true })
    const client = observeClient()
    try {
      const measured = await loadOnEventLoop({
        work: prepared ? asAsync(prepared) : work,
        lanes,
        dispatch: treatment.dispatch,
        copySql: copySql(schema, input.table, treatment.encoding),
        signal,
      })
      const { rssPeakBytes, clientCpuMs, eventLoopUtilisation } = client.stop()
      const copyMs = measured.parts.reduce((sum, part) => sum + part.copyMs, 0)
      return {
        totalMs: measured.totalMs,
        insertMs: openMs(measured.parts),
        copyMs,
        readMs: prepared ? 0 : reader.readMs,
        analyseMs: prepared ? 0 : reader.analyseMs,
        encodeMs: prepared ? 0 : measured.encodeMs,
        idleMs: Math.max(0, treatment.workers * measured.totalMs - copyMs - measured.encodeMs),
        connectMs,
        prepareMs: prepared ? connectStart - prepareStart : null,
        bytes: measured.bytes,
        badRecords: reader.badRecords,
        connections: Math.max(connectedBefore, await countWorkers(control, application)),
        rssPeakBytes,
        clientCpuMs,
        eventLoopUtilisation,
        parts: measured.parts,
      }
    } finally {
      client.stop()
      signal.removeEventListener('abort', cancel)
    }
  })
}

/** The input's batches, each cut as the dispatch asks, each part encoded when its worker takes it. */
async function* cutBatches(reader: BatchReader, treatment: Treatment, encoder: Encoder): AsyncGenerator<WorkBatch> {
  const partsPerBatch = treatment.dispatch === 'split' ? treatment.workers : 1
  for await (const { batch, firstRecord, rows } of reader) {
    yield {
      batch,
      parts: splitEvenly(rows.length, partsPerBatch).map(({ from, to }) => ({
        firstRecord: firstRecord + from,
        records: to - from,
        payload: (buffer) => encoder.encode(rows, from, to, buffer),
      })),
    }
  }
}

/** The same batches with their payloads already made: all of them are in memory at once. */
async function prepare(work: AsyncIterable<WorkBatch>, buffer: PayloadBuffer): Promise<WorkBatch[]> {
  const batches: WorkBatch[] = []
  for await (const { batch, parts } of work) {
    batches.push({
      batch,
      parts: parts.map((part) => {
        const payload = Buffer.from(part.payload(buffer))
        return { firstRecord: part.firstRecord, records: part.records, payload: () => payload }
      }),
    })
  }
  return batches
}

async function* asAsync<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

/** Watches the client process until `stop`: memory by a timer, CPU time and event-loop utilisation by difference. */
function observeClient(): {
  stop(): Pick<Measures, 'rssPeakBytes' | 'clientCpuMs' | 'eventLoopUtilisation'>
} {
  let rssPeakBytes = process.memoryUsage.rss()
  const look = (): void => {
    rssPeakBytes = Math.max(rssPeakBytes, process.memoryUsage.rss())
  }
  const timer = setInterval(look, memoryPeriodMs)
  const cpu = process.cpuUsage()
  const loop = performance.eventLoopUtilization()
  return {
    stop() {
      clearInterval(timer)
      look()
      const { user, system } = process.cpuUsage(cpu)
      return {
        rssPeakBytes,
        clientCpuMs: (user + system) / 1000,
        eventLoopUtilisation: performance.eventLoopUtilization(loop).utilization,
      }
    },
  }
}

/** Compares the table with the input. Throws `LostRecordsError` when they differ. */
async function verify({ control, schema, input, truth }: Session): Promise<Pick<Measures, 'records' | 'checksum'>> {
  const found = await control.query<{ records: string; checksum: string }>(
    checksumSql(input.table, qualifiedTable(schema)),
  )
  const actual = { records: Number(found.rows[0]?.records), checksum: String(found.rows[0]?.checksum) }
  if (actual.records !== truth.records || actual.checksum !== truth.checksum) throw new LostRecordsError(truth, actual)
  return actual
}

function backendPid(client: pg.Client): number {
  return (client as pg.Client & { processID: number }).processID
}

function describeError(error: unknown): TrialError {
  const { name, message } = error as { name?: string; message?: string }
  const place = error instanceof CopyError ? error : null
  return {
    name: name ?? 'Error',
    message: message ?? String(error),
    sqlState: place ? place.sqlState : sqlStateOf(error),
    worker: place?.worker ?? null,
    batch: place?.batch ?? null,
    firstRecord: place?.firstRecord ?? null,
  }
}
