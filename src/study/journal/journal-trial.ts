import type { ClientSeries, ServerSeries, Waits, WaitsTimeline, WorkerReading } from '../readings.js'
import { completeTreatment, withoutLaterDefaults } from '../treatment.js'
import type { CompletedTrial, CopyPart, Trial } from '../trial.js'

/** A column of numbers as the differences of whole multiples of a unit. */
type Packed = readonly number[]

function pack(values: readonly number[], unit = 1): Packed {
  let before = 0
  return values.map((value) => {
    const units = Math.round(value / unit)
    const difference = units - before
    before = units
    return difference
  })
}

function unpack(packed: Packed, unit = 1): number[] {
  let units = 0
  return packed.map((difference) => {
    units += difference
    return inUnits(units, unit)
  })
}

/**
 * Returns a number of units as a value: division by a whole number gives the double next to the
 * decimal fraction, multiplication by 0.01 may not.
 */
const inUnits = (units: number, unit: number): number => (unit < 1 ? units / Math.round(1 / unit) : units * unit)

/** Units of the columns that are not whole numbers. */
const units = { partMs: 0.01, seriesMs: 1, bytes: 1024, share: 0.001 }

/** Columns of the parts: about 25 bytes per part instead of 130. */
interface PackedParts {
  readonly worker: Packed
  readonly batch: Packed
  readonly records: Packed
  readonly encode: Packed
  readonly start: Packed
  readonly copy: Packed
  readonly commit: Packed
}

function packParts(parts: readonly CopyPart[]): PackedParts {
  const times = (value: (part: CopyPart) => number): Packed => pack(parts.map(value), units.partMs)
  return {
    worker: pack(parts.map((part) => part.worker)),
    batch: pack(parts.map((part) => part.batch)),
    records: pack(parts.map((part) => part.records)),
    encode: times((part) => part.encodeMs),
    start: times((part) => part.startMs),
    copy: times((part) => part.copyMs),
    commit: times((part) => part.commitMs),
  }
}

function unpackParts(packed: PackedParts): CopyPart[] {
  let [worker, batch, records, encode, start, copy, commit] = [0, 0, 0, 0, 0, 0, 0]
  return packed.worker.map((difference, k) => {
    worker += difference
    batch += packed.batch[k]!
    records += packed.records[k]!
    encode += packed.encode[k]!
    start += packed.start[k]!
    copy += packed.copy[k]!
    commit += packed.commit[k]!
    return {
      worker,
      batch,
      records,
      encodeMs: inUnits(encode, units.partMs),
      startMs: inUnits(start, units.partMs),
      copyMs: inUnits(copy, units.partMs),
      commitMs: inUnits(commit, units.partMs),
    }
  })
}

/** Character for the index 0 of a timeline's events; the next index is the next character. */
const firstCharacter = 'a'.charCodeAt(0)

interface PackedTimeline {
  readonly at: Packed
  readonly events: readonly string[]
  /** One character per sample. */
  readonly workers: readonly string[]
}

function packTimeline({ atMs, events, workers }: WaitsTimeline): PackedTimeline {
  return {
    at: pack(atMs, units.seriesMs),
    events,
    workers: workers.map((samples) => samples.map((index) => String.fromCharCode(firstCharacter + index)).join('')),
  }
}

function unpackTimeline({ at, events, workers }: PackedTimeline): WaitsTimeline {
  return {
    atMs: unpack(at, units.seriesMs),
    events,
    workers: workers.map(unpackSamples),
  }
}

function unpackSamples(samples: string): number[] {
  const events: number[] = []
  for (let k = 0; k < samples.length; k++) events.push(samples.charCodeAt(k) - firstCharacter)
  return events
}

/** One value per worker, in the workers' order. */
type ReadingColumns = { readonly [K in Exclude<keyof WorkerReading, 'worker'>]: readonly WorkerReading[K][] }

function readingColumns(readings: readonly WorkerReading[]): ReadingColumns {
  const column = <K extends keyof WorkerReading>(name: K): WorkerReading[K][] => readings.map((own) => own[name])
  return {
    backPressureMs: column('backPressureMs'),
    backendCpuMs: column('backendCpuMs'),
    backendQueueMs: column('backendQueueMs'),
    backendRssPeakBytes: column('backendRssPeakBytes'),
    backendPssPeakBytes: column('backendPssPeakBytes'),
    walBytes: column('walBytes'),
    extendBytes: column('extendBytes'),
    writeBytes: column('writeBytes'),
  }
}

function readingsOf(columns: ReadingColumns): WorkerReading[] {
  return columns.backPressureMs.map((backPressureMs, worker) => ({
    worker,
    backPressureMs,
    backendCpuMs: columns.backendCpuMs[worker]!,
    backendQueueMs: columns.backendQueueMs[worker]!,
    backendRssPeakBytes: columns.backendRssPeakBytes[worker]!,
    backendPssPeakBytes: columns.backendPssPeakBytes[worker]!,
    walBytes: columns.walBytes[worker]!,
    extendBytes: columns.extendBytes[worker]!,
    writeBytes: columns.writeBytes[worker]!,
  }))
}

interface PackedClientSeries {
  readonly at: Packed
  readonly rss: Packed
  readonly cpu: Packed
}

interface PackedServerSeries {
  readonly at: Packed
  readonly connections: Packed
  /**
   * Absent, as `own`, in a line that was written before they were told apart; without the zeros at
   * the end, since they seldom change.
   */
  readonly workers?: Packed
  readonly own?: Packed
  readonly cpu: Packed
  readonly pss: Packed
  readonly busy: Packed
}

/** A column without the zeros at its end. */
function withoutRest(column: Packed): Packed {
  let length = column.length
  while (length > 0 && column[length - 1] === 0) length--
  return column.slice(0, length)
}

/**
 * Readings of levels that few studies have: a line holds those that are not null, since they would
 * be most of it.
 */
const rareReadings = {
  clientWorkMs: null,
  measuredRoundTripMs: null,
  indexMs: null,
  indexWorkers: null,
  triggerMs: null,
  restoreMs: null,
  existingBytes: null,
  exitMs: null,
  fromCopyMs: null,
  betweenLinesMs: null,
  distributedCommitMs: null,
  indexSizes: null,
  nodes: null,
} as const

/** A trial as its journal line holds it. */
type TrialLine = Omit<CompletedTrial, 'parts' | 'workerReadings' | 'waits' | 'clientSeries' | 'serverSeries'> & {
  readonly parts: PackedParts
  readonly workerReadings: ReadingColumns
  readonly waits: (Omit<Waits, 'timeline'> & { readonly timeline: PackedTimeline | null }) | null
  readonly clientSeries: PackedClientSeries | null
  readonly serverSeries: PackedServerSeries | null
}

/**
 * Converts a trial for its journal line: columns packed, other durations rounded to the
 * microsecond.
 */
export function packTrial(trial: Trial): unknown {
  const treatment = withoutLaterDefaults(trial.treatment)
  if (trial.state === 'failed') return { ...trial, treatment }
  const { parts, workerReadings, waits, clientSeries, serverSeries, ...rest } = { ...trial, treatment }
  const line: Omit<TrialLine, keyof typeof rest> = {
    parts: packParts(parts),
    workerReadings: rounded(readingColumns(workerReadings)) as ReadingColumns,
    waits: waits && { ...waits, timeline: waits.timeline && packTimeline(waits.timeline) },
    clientSeries: clientSeries && {
      at: pack(clientSeries.atMs, units.seriesMs),
      rss: pack(clientSeries.rssBytes, units.bytes),
      cpu: pack(clientSeries.cpuMs, units.seriesMs),
    },
    serverSeries: serverSeries && {
      at: pack(serverSeries.atMs, units.seriesMs),
      connections: pack(serverSeries.connections),
      ...(serverSeries.workerConnections.length > 0 && {
        workers: withoutRest(pack(serverSeries.workerConnections)),
        own: withoutRest(pack(serverSeries.ownConnections)),
      }),
      cpu: pack(serverSeries.backendCpuMs, units.seriesMs),
      pss: pack(serverSeries.backendPssBytes, units.bytes),
      busy: pack(serverSeries.hostBusy, units.share),
    },
  }
  const held = Object.entries(rest).filter(([name, own]) => own !== null || !(name in rareReadings))
  return { ...(rounded(Object.fromEntries(held)) as typeof rest), ...line }
}

/** Rounds numbers that are not integers, at any depth, to three decimals. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toFixed(3))
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, rounded(own)]))
}

/** Restores the trial of a journal line. */
export function unpackTrial(stored: unknown): Trial {
  const packed = stored as Trial | (TrialLine & { readonly state: 'completed' })
  const treatment = completeTreatment(packed.treatment)
  if (packed.state === 'failed') return { ...packed, treatment }
  const line = packed as TrialLine
  const { parts, workerReadings, waits, clientSeries, serverSeries } = line
  return {
    ...rareReadings,
    ...line,
    treatment,
    parts: unpackParts(parts),
    workerReadings: readingsOf(workerReadings),
    waits: waits && { ...waits, timeline: waits.timeline && unpackTimeline(waits.timeline) },
    clientSeries: clientSeries && unpackClient(clientSeries),
    serverSeries: serverSeries && unpackServer(serverSeries),
  }
}

function unpackClient({ at, rss, cpu }: PackedClientSeries): ClientSeries {
  return {
    atMs: unpack(at, units.seriesMs),
    rssBytes: unpack(rss, units.bytes),
    cpuMs: unpack(cpu, units.seriesMs),
  }
}

function unpackServer({ at, connections, workers, own, cpu, pss, busy }: PackedServerSeries): ServerSeries {
  const whole = (column: Packed | undefined): number[] =>
    column === undefined ? [] : unpack(at.map((_, k) => column[k] ?? 0))
  return {
    atMs: unpack(at, units.seriesMs),
    connections: unpack(connections),
    workerConnections: whole(workers),
    ownConnections: whole(own),
    backendCpuMs: unpack(cpu, units.seriesMs),
    backendPssBytes: unpack(pss, units.bytes),
    hostBusy: unpack(busy, units.share),
  }
}

/**
 * Returns a trial as it is after being written to and read from the journal, so that the analysis
 * uses exactly what is stored.
 */
export function asStored(trial: Trial): Trial {
  return unpackTrial(JSON.parse(JSON.stringify(packTrial(trial))))
}
