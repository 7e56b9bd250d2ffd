import type { Waits, WorkerReading } from '../../src/executor/readings.js'
import type { CompletedTrial, Context, Control, Part, Study, Treatment, Trial } from '../../src/executor/types.js'

/** A trial's true times, before noise. */
export interface Truth {
  readonly totalMs: number
  readonly insertMs?: number
  /** Shares of the time in COPY, by what the backend does: 'cpu' or a wait event. They add up to 1. */
  readonly events?: Readonly<Record<string, number>>
  /** How much of 'cpu' the backend really was on a core; all of it unless told. */
  readonly onCore?: number
  readonly backendPssPeakBytes?: number
  readonly eventLoopUtilisation?: number
}

export interface MadeStudyOptions {
  readonly workers?: readonly number[]
  readonly batchSizes?: readonly number[]
  /** Changes or multiplies the treatments. */
  readonly vary?: (treatment: Treatment) => readonly Treatment[]
  readonly blocks?: number
  readonly warmUpBlocks?: number
  readonly records?: number
  /** Times without noise. */
  readonly truth: (treatment: Treatment, control: Control | null) => Truth
  /** Repeats the first treatment as these controls; the slow-down is by a tenth. */
  readonly controls?: readonly Control[]
  /** Standard deviation of the logarithm of each trial's times. */
  readonly noise?: number
  /** Standard deviation of what a block's trials share. */
  readonly blockNoise?: number
  readonly seed?: number
  /** Replaces a trial: break it, or leave it out with null. */
  readonly change?: (trial: CompletedTrial) => Trial | null
}

export const baseTreatment: Treatment = {
  workers: 1,
  batchSize: 10_000,
  dispatch: 'split',
  client: 'event-loop',
  encoding: 'text',
  source: 'pipeline',
  target: 'table',
  secondaryIndexes: 0,
  persistence: 'logged',
  synchronousCommit: true,
}

/** A whole, valid study whose trials follow a known truth; same options, same study. */
export function madeStudy(options: MadeStudyOptions): Study {
  const { workers = [2, 4], batchSizes = [10_000], blocks = 6, warmUpBlocks = 0, records = 60_000, seed = 1 } = options
  const random = generator(seed)
  const treatments = workers
    .flatMap((count) => batchSizes.map((batchSize) => ({ ...baseTreatment, workers: count, batchSize })))
    .flatMap(options.vary ?? ((treatment) => [treatment]))
  const controls = options.controls ?? []
  const entries = [
    ...treatments.map((treatment) => ({ treatment, control: null })),
    ...controls.map((control) => ({ treatment: treatments[0]!, control })),
  ]
  const trials: Trial[] = []
  let run = 0
  for (let block = 1 - warmUpBlocks; block <= blocks; block++) {
    const shared = Math.exp((options.blockNoise ?? 0) * random.normal())
    const order = entries.map((entry) => ({ ...entry, key: random.uniform() })).sort((a, b) => a.key - b.key)
    for (const [index, { treatment, control }] of order.entries()) {
      const factor = shared * Math.exp((options.noise ?? 0) * random.normal()) * (control === 'slowdown' ? 1.1 : 1)
      const trial = completed(treatment, options.truth(treatment, control), factor, records, {
        trial: ++run,
        block: Math.max(0, block),
        position: index + 1,
        phase: control ? 'control' : block < 1 ? 'warm-up' : 'measured',
        control,
      })
      const changed = options.change ? options.change(trial) : trial
      if (changed) trials.push(changed)
    }
  }
  return {
    plan: {
      name: 'made',
      schemaVersion: 2,
      hash: '0123456789ab',
      treatments,
      controls: {
        aa: controls.includes('aa') ? treatments[0]! : null,
        slowdown: controls.includes('slowdown') ? { treatment: treatments[0]!, by: 0.1 } : null,
      },
      probes: { waits: true, backends: true, walIo: true, client: true },
      blocks,
      warmUpBlocks,
      seed,
      input: {},
      server: {},
    },
    contexts: [madeContext],
    trials,
    origin: 'disk',
    journal: 'data/studies/made/0123456789ab.jsonl',
  }
}

/** The same trial, broken. */
export function broken({ treatment, trial, block, position, phase, control, startedAt }: CompletedTrial): Trial {
  return {
    trial,
    block,
    position,
    phase,
    control,
    treatment,
    state: 'failed',
    startedAt,
    error: { name: 'CopyError', message: 'disk full', sqlState: '53100', worker: 0, batch: 3, firstRecord: 30_000 },
  }
}

function completed(
  treatment: Treatment,
  truth: Truth,
  factor: number,
  records: number,
  place: Pick<CompletedTrial, 'trial' | 'block' | 'position' | 'phase' | 'control'>,
): CompletedTrial {
  const totalMs = truth.totalMs * factor
  const insertMs = (truth.insertMs ?? truth.totalMs * 0.4) * factor
  const readMs = (totalMs - insertMs) * 0.2
  const analyseMs = (totalMs - insertMs) * 0.5
  const encodeMs = (totalMs - insertMs) * 0.25
  const parts = madeParts(treatment, records, totalMs, insertMs)
  const copyMs = parts.reduce((sum, part) => sum + part.copyMs, 0)
  const events = truth.events ?? { cpu: 0.8, 'LWLock:WALWrite': 0.1, 'Lock:extend': 0.1 }
  const workerReadings = Array.from({ length: treatment.workers }, (_, worker): WorkerReading => {
    const own = parts.filter((part) => part.worker === worker).reduce((sum, part) => sum + part.copyMs, 0)
    return {
      worker,
      backPressureMs: own * 0.1,
      backendCpuMs: own * (events.cpu ?? 0) * (truth.onCore ?? 1),
      backendQueueMs: own * (events.cpu ?? 0) * (1 - (truth.onCore ?? 1)),
      backendRssPeakBytes: 30 * 2 ** 20,
      backendPssPeakBytes: (truth.backendPssPeakBytes ?? 12 * 2 ** 20 * treatment.workers) / treatment.workers,
      walBytes: (records * 150) / treatment.workers,
      extendBytes: (records * 100) / treatment.workers,
      writeBytes: (records * 100) / treatment.workers,
    }
  })
  const total = (name: 'backPressureMs' | 'backendCpuMs' | 'backendQueueMs'): number =>
    workerReadings.reduce((sum, own) => sum + own[name]!, 0)
  const cpuMs = totalMs * 0.7
  const seconds = Array.from({ length: 8 }, (_, k) => (totalMs * k) / 7)
  return {
    ...place,
    treatment,
    state: 'completed',
    startedAt: '2026-01-01T00:00:00.000Z',
    totalMs,
    insertMs,
    copyMs,
    readMs,
    analyseMs,
    encodeMs,
    idleMs: Math.max(0, treatment.workers * totalMs - copyMs - encodeMs),
    connectMs: 12,
    prepareMs: null,
    records,
    bytes: records * 60,
    badRecords: 0,
    checksum: '12345',
    connections: treatment.workers,
    backPressureMs: total('backPressureMs'),
    rssPeakBytes: (120 + 4 * treatment.workers) * 2 ** 20,
    clientCpuMs: cpuMs,
    eventLoopUtilisation: truth.eventLoopUtilisation ?? 0.7,
    eventLoopDelayP99Ms: 5,
    eventLoopDelayMaxMs: 20,
    gcMs: totalMs * 0.02,
    gcPauseMaxMs: 4,
    backendCpuMs: total('backendCpuMs'),
    backendQueueMs: total('backendQueueMs'),
    backendRssPeakBytes: 30 * 2 ** 20 * treatment.workers,
    backendPssPeakBytes: truth.backendPssPeakBytes ?? 12 * 2 ** 20 * treatment.workers,
    hostBusy: 0.8,
    hostSteal: 0,
    hostAvailableBytes: 2 ** 33,
    hostSwapPages: 0,
    cpuPressureMs: totalMs * 0.3,
    ioPressureMs: totalMs * 0.1,
    memoryPressureMs: 0,
    walBytes: records * 150,
    walSyncs: parts.length,
    walWriteMs: insertMs * 0.02,
    walSyncMs: insertMs * 0.05,
    extends: 200,
    extendBytes: records * 100,
    extendMs: insertMs * 0.03,
    writeBytes: records * 100,
    writeMs: insertMs * 0.03,
    checkpoints: 0,
    autovacuumLooks: 0,
    tableBytes: records * 100,
    indexBytes: records * 30,
    configurationLoadedAt: '2026-01-01T00:00:00.000Z',
    clockDriftMs: 0.1,
    parts,
    workerReadings,
    waits: madeWaits(parts, treatment.workers, totalMs, events),
    clientSeries: {
      atMs: seconds,
      rssBytes: seconds.map((_, k) => (110 + k) * 2 ** 20),
      cpuMs: seconds.map((_, k) => (cpuMs * k) / 7),
    },
    serverSeries: {
      atMs: seconds,
      connections: seconds.map(() => treatment.workers + 2),
      backendCpuMs: seconds.map((_, k) => (total('backendCpuMs') * k) / 7),
      backendPssBytes: seconds.map((_, k) => (8 + k) * 2 ** 20 * treatment.workers),
      hostBusy: seconds.map((_, k) => (k === 0 ? 0 : 0.8)),
    },
    missing: {},
  }
}

/** A look every 12 ms: idle outside COPY, else the events in their shares, spread evenly by the golden ratio. */
function madeWaits(
  parts: readonly Part[],
  workers: number,
  totalMs: number,
  events: Readonly<Record<string, number>>,
): Waits {
  const atMs = Array.from({ length: Math.floor(totalMs / 12) }, (_, k) => 6 + 12 * k)
  const names = ['idle', ...Object.keys(events)]
  const looks = Array.from({ length: workers }, (_, worker) => {
    const own = parts.filter((part) => part.worker === worker)
    return atMs.map((at, look) => {
      if (!own.some(({ startMs, copyMs }) => at >= startMs && at < startMs + copyMs)) return 0
      let left = ((look + worker / workers) * 0.618_033_988_75) % 1
      const found = Object.values(events).findIndex((share) => {
        left -= share
        return left < 0
      })
      return found < 0 ? names.length - 1 : found + 1
    })
  })
  const counts = names.map((event, index) => ({ event, count: looks.flat().filter((one) => one === index).length }))
  return {
    source: 'pg_stat_activity',
    looks: atMs.length,
    counts: counts.filter(({ count }) => count > 0),
    blockers: [],
    timeline: { atMs, events: names, workers: looks },
  }
}

/** One COPY per worker and batch, all of a batch's open from the same moment on. */
function madeParts({ workers, batchSize }: Treatment, records: number, totalMs: number, insertMs: number): Part[] {
  const batches = Math.ceil(records / batchSize)
  return Array.from({ length: batches * workers }, (_, k) => {
    const batch = Math.floor(k / workers)
    return {
      worker: k % workers,
      batch,
      records: Math.min(batchSize, records - batch * batchSize) / workers,
      encodeMs: ((totalMs - insertMs) * 0.25) / batches / workers,
      startMs: ((batch + 1) * totalMs - insertMs) / batches,
      copyMs: insertMs / batches,
      commitMs: (insertMs * 0.2) / batches,
    }
  })
}

interface Generator {
  uniform(): number
  normal(): number
}

/** Mulberry32 (T. Ettinger): small, seeded, good enough to scatter a made-up study. */
function generator(seed: number): Generator {
  let state = seed
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}

const madeContext: Context = {
  startedAt: '2026-01-01T00:00:00.000Z',
  server: {
    kind: 'made',
    version: '18.0',
    versionNumber: 180_000,
    host: 'localhost',
    port: 5432,
    database: 'copylab',
    settings: {},
    canCheckpoint: true,
    procRefusal: null,
    findings: [],
  },
  input: { name: 'made', files: 1, records: 60_000, badRecords: 0, badRecordExamples: [], checksum: '12345' },
  hardware: { cpu: 'made', cores: 2, memoryBytes: 2 ** 33 },
  os: { platform: 'linux', release: '6', arch: 'x64' },
  node: 'v20.19.0',
  packages: {},
  git: null,
  findings: [],
}
