/** What the lines of a journal must look like, as JSON schemas. More fields than these may be there: a newer copylab may have written them. */

import type { WorkerReading } from '../readings.js'
import { factorNames } from '../treatment.js'
import type { Measures } from '../trial.js'

/** A JSON schema. */
export type Shape = { readonly [keyword: string]: unknown }

const text: Shape = { type: 'string' }
const flag: Shape = { type: 'boolean' }
const number: Shape = { type: 'number' }
const duration: Shape = { type: 'number', minimum: 0 }
const positive: Shape = { type: 'number', exclusiveMinimum: 0 }
const whole: Shape = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const counted: Shape = { ...whole, minimum: 1 }
const moment: Shape = { type: 'string', pattern: '^\\d{4}-[01]\\d-[0-3]\\dT[0-2]\\d:[0-5]\\d:[0-5]\\d(\\.\\d+)?Z$' }
const checksum: Shape = { type: 'string', pattern: '^(0|-?[1-9]\\d*)$' }
const anything: Shape = { type: 'object' }

const orNull = (shape: Shape): Shape => ({ anyOf: [{ type: 'null' }, shape] })
const listOf = (items: Shape): Shape => ({ type: 'array', items })
const mapOf = (values: Shape): Shape => ({ type: 'object', additionalProperties: values })

/** An object that has all of these fields; what stands in `later` came after the first journals and may be absent. */
function object(properties: { readonly [name: string]: Shape }, later: { readonly [name: string]: Shape } = {}): Shape {
  return { type: 'object', required: Object.keys(properties), properties: { ...properties, ...later } }
}

/** Its levels are held against the plan's, or checked by the factors. */
const treatment: Shape = {
  type: 'object',
  properties: Object.fromEntries(factorNames.map((factor) => [factor, {}])),
  additionalProperties: false,
}

const registration = object(
  {
    primary: object({ a: treatment, b: treatment, metric: text, claim: anything }),
    level: number,
    margin: number,
    exclude: listOf(text),
    stop: orNull(object({ looks: counted, bound: text, maxBlocks: counted })),
  },
  { claims: orNull(object({ primary: text, digest: text })) },
)

const plan = object(
  {
    name: text,
    schemaVersion: counted,
    hash: { type: 'string', pattern: '^[0-9a-f]{12}$' },
    treatments: { ...listOf(treatment), minItems: 1 },
    controls: object({ aa: orNull(treatment), slowdown: orNull(object({ treatment, by: positive })) }),
    probes: mapOf(flag),
    blocks: counted,
    warmUpBlocks: whole,
    seed: whole,
    input: anything,
    server: anything,
  },
  {
    leftOut: listOf(object({ treatment, sameAs: treatment, factors: listOf({ enum: factorNames }) })),
    meanings: mapOf(anything),
    table: orNull(anything),
    registration: orNull(registration),
  },
)

const findings = listOf(object({ code: text, message: text }))

const context = object({
  startedAt: moment,
  server: object({
    kind: text,
    version: text,
    versionNumber: whole,
    host: text,
    port: whole,
    database: text,
    settings: mapOf(text),
    canCheckpoint: flag,
    procRefusal: orNull(text),
    findings,
  }),
  input: object({
    name: text,
    files: whole,
    records: whole,
    badRecords: whole,
    badRecordExamples: listOf(text),
    checksum,
  }),
  hardware: object({ cpu: text, cores: counted, memoryBytes: whole }),
  os: object({ platform: text, release: text, arch: text }),
  node: text,
  packages: mapOf(text),
  git: orNull(object({ commit: text, dirty: flag })),
  findings,
})

const place = {
  trial: counted,
  block: whole,
  position: counted,
  phase: { enum: ['warm-up', 'measured', 'control'] },
  control: { enum: [null, 'aa', 'slowdown'] },
  treatment,
  startedAt: moment,
}

const failed = object({
  ...place,
  state: { const: 'failed' },
  error: object({
    name: text,
    message: text,
    sqlState: orNull(text),
    worker: orNull(whole),
    batch: orNull(whole),
    firstRecord: orNull(whole),
  }),
})

const reading = orNull(number)

/** What copylab's own monotonic clock measured is never below zero; what a server says of itself may be anything finite. */
const measures: { readonly [M in keyof Measures]: Shape } = {
  totalMs: positive,
  insertMs: duration,
  copyMs: duration,
  readMs: duration,
  analyseMs: duration,
  encodeMs: duration,
  idleMs: duration,
  connectMs: duration,
  prepareMs: orNull(duration),
  records: whole,
  bytes: whole,
  badRecords: whole,
  checksum: orNull(checksum),
  connections: whole,
  backPressureMs: duration,
  rssPeakBytes: reading,
  clientCpuMs: reading,
  eventLoopUtilisation: reading,
  eventLoopDelayP99Ms: reading,
  eventLoopDelayMaxMs: reading,
  gcMs: reading,
  gcPauseMaxMs: reading,
  backendCpuMs: reading,
  backendQueueMs: reading,
  backendRssPeakBytes: reading,
  backendPssPeakBytes: reading,
  hostBusy: reading,
  hostSteal: reading,
  hostAvailableBytes: reading,
  hostSwapPages: reading,
  cpuPressureMs: reading,
  ioPressureMs: reading,
  memoryPressureMs: reading,
  walBytes: reading,
  walSyncs: reading,
  walWriteMs: reading,
  walSyncMs: reading,
  extends: reading,
  extendBytes: reading,
  extendMs: reading,
  writeBytes: reading,
  writeMs: reading,
  checkpoints: reading,
  autovacuumLooks: reading,
  tableBytes: reading,
  indexBytes: reading,
  configurationLoadedAt: orNull(moment),
  clockDriftMs: reading,
}

/** A packed column: the differences of whole multiples of a unit. */
const packed = listOf({ type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })

const workerReadings: { readonly [R in Exclude<keyof WorkerReading, 'worker'>]: Shape } = {
  backPressureMs: listOf(duration),
  backendCpuMs: listOf(reading),
  backendQueueMs: listOf(reading),
  backendRssPeakBytes: listOf(reading),
  backendPssPeakBytes: listOf(reading),
  walBytes: listOf(reading),
  extendBytes: listOf(reading),
  writeBytes: listOf(reading),
}

const waits = object({
  source: { enum: ['pg_stat_activity', 'pg_wait_sampling'] },
  looks: whole,
  counts: listOf(object({ event: text, count: whole })),
  blockers: listOf(object({ event: text, by: { enum: ['worker', 'other session'] }, count: whole })),
  timeline: orNull(object({ at: packed, events: listOf(text), workers: listOf(text) })),
})

const completed = object({
  ...place,
  ...measures,
  state: { const: 'completed' },
  parts: object({
    worker: packed,
    batch: packed,
    records: packed,
    encode: packed,
    start: packed,
    copy: packed,
    commit: packed,
  }),
  workerReadings: object(workerReadings),
  waits: orNull(waits),
  clientSeries: orNull(object({ at: packed, rss: packed, cpu: packed })),
  serverSeries: orNull(object({ at: packed, connections: packed, cpu: packed, pss: packed, busy: packed })),
  missing: mapOf(text),
})

/** What stands in a line under its type; of trials, by how they ended. */
export const lineShapes = {
  plan,
  session: context,
  stop: object({ look: counted, block: counted, text }),
  completed,
  failed,
} as const satisfies { readonly [kind: string]: Shape }
