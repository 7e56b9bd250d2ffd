import type { CompletedTrial, Context, Part, Study, Treatment, Trial } from '../../src/executor/types.js'

/** A trial's true times, before noise. */
export interface Truth {
  readonly totalMs: number
  readonly insertMs?: number
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
  readonly truth: (treatment: Treatment) => Truth
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
  const trials: Trial[] = []
  let run = 0
  for (let block = 1 - warmUpBlocks; block <= blocks; block++) {
    const shared = Math.exp((options.blockNoise ?? 0) * random.normal())
    const order = treatments.map((treatment) => ({ treatment, key: random.uniform() })).sort((a, b) => a.key - b.key)
    for (const [index, { treatment }] of order.entries()) {
      const factor = shared * Math.exp((options.noise ?? 0) * random.normal())
      const trial = completed(treatment, options.truth(treatment), factor, records, {
        trial: ++run,
        block: Math.max(0, block),
        position: index + 1,
        phase: block < 1 ? 'warm-up' : 'measured',
      })
      const changed = options.change ? options.change(trial) : trial
      if (changed) trials.push(changed)
    }
  }
  return {
    plan: {
      name: 'made',
      schemaVersion: 1,
      hash: '0123456789ab',
      treatments,
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
export function broken({ treatment, trial, block, position, phase, startedAt }: CompletedTrial): Trial {
  return {
    trial,
    block,
    position,
    phase,
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
  place: Pick<CompletedTrial, 'trial' | 'block' | 'position' | 'phase'>,
): CompletedTrial {
  const totalMs = truth.totalMs * factor
  const insertMs = (truth.insertMs ?? truth.totalMs * 0.4) * factor
  const readMs = (totalMs - insertMs) * 0.2
  const analyseMs = (totalMs - insertMs) * 0.5
  const encodeMs = (totalMs - insertMs) * 0.25
  const parts = madeParts(treatment, records, totalMs, insertMs)
  const copyMs = parts.reduce((sum, part) => sum + part.copyMs, 0)
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
    rssPeakBytes: (120 + 4 * treatment.workers) * 2 ** 20,
    clientCpuMs: totalMs * 0.7,
    eventLoopUtilisation: 0.7,
    parts,
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
      startMs: ((batch + 1) * totalMs - insertMs) / batches,
      copyMs: insertMs / batches,
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
