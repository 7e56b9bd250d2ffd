import { checkedInteger, checkOptions, type NamesOf } from '../../check.js'
import type { Context } from '../../study/context.js'
import { schemaVersion } from '../../study/make-plan.js'
import type { Study } from '../../study/study.js'
import { defaultTreatment, type Treatment } from '../../study/treatment.js'
import type { CompletedTrial, Control, Trial } from '../../study/trial.js'
import { makeRandom } from '../statistics/numerics/random.js'
import { type SimulatedTruth, simulatedTrial } from './simulated-trial.js'

export type { SimulatedTruth } from './simulated-trial.js'

/** Options of a simulated study. */
export interface SimulateOptions {
  readonly workers?: readonly number[]
  readonly batchSizes?: readonly number[]
  /** Changes or multiplies the treatments. */
  readonly vary?: (treatment: Treatment) => readonly Treatment[]
  readonly blocks?: number
  /**
   * Number of sessions that the blocks are of, in equal parts: their number is a multiple of it.
   * Each session begins with a warm-up of its own.
   *
   * @default a study that is not in sessions
   */
  readonly sessions?: number
  readonly warmUpBlocks?: number
  readonly records?: number
  /** Returns the true times of a trial, without noise. */
  readonly truth: (treatment: Treatment, control: Control | null) => SimulatedTruth
  /**
   * Repeats the first treatment as these controls; the slow-down is by a tenth. What extra work and
   * probes cost is up to `truth`.
   */
  readonly controls?: readonly Control[]
  /** Standard deviation of the logarithm of each trial's times. */
  readonly noise?: number
  /**
   * Degrees of freedom of Student's t distribution that the noise is drawn from, scaled to the
   * standard deviation `noise`; more than 2.
   *
   * @default normal noise
   */
  readonly tails?: number
  /** Standard deviation of the logarithm of the factor that a block's trials share. */
  readonly blockNoise?: number
  /**
   * Standard deviation of the logarithm of a factor that the trials of one treatment share in a
   * session, so that ratios of two treatments vary from session to session by √2 times as much. A
   * control has the factor of its treatment.
   */
  readonly sessionNoise?: number
  /** Growth of the logarithm of the times from the first trial to the last, in a straight line. */
  readonly drift?: number
  /** The share of trials that are outliers, and the factor by which they are slower. */
  readonly outliers?: { readonly share: number; readonly factor: number }
  readonly seed?: number
  /**
   * Whether trials hold the readings of the probes: wait samples and time series.
   *
   * @default true
   */
  readonly observed?: boolean
  /** Replaces a trial: by a failed one, or by null to leave it out. */
  readonly change?: (trial: CompletedTrial) => Trial | null
}

const simulateOptions: NamesOf<SimulateOptions> = {
  workers: true,
  batchSizes: true,
  vary: true,
  blocks: true,
  sessions: true,
  warmUpBlocks: true,
  records: true,
  truth: true,
  controls: true,
  noise: true,
  tails: true,
  blockNoise: true,
  sessionNoise: true,
  drift: true,
  outliers: true,
  seed: true,
  observed: true,
  change: true,
}

/** Levels of the factors that are not varied, except the workers. */
export const simulatedTreatment: Treatment = { ...defaultTreatment, workers: 1 }

/**
 * Draws a whole study from a known truth, in complete blocks in random order, so that the results
 * of an analysis can be compared with what is true. The same options give the same study. No server
 * takes part.
 */
export function simulateStudy(options: SimulateOptions): Study {
  checkOptions(options, simulateOptions)
  const { workers = [2, 4], batchSizes = [10_000], blocks = 6, warmUpBlocks = 0, records = 60_000, seed = 1 } = options
  const { sessions = 1, sessionNoise = 0 } = options
  const perSession = blocks / checkedInteger('sessions', sessions, { from: 1 })
  if (!Number.isInteger(perSession)) {
    throw new RangeError(`Expected \`blocks\` to be a multiple of \`sessions\`, got ${blocks} and ${sessions}`)
  }
  const random = makeRandom(seed)
  const treatments = workers
    .flatMap((count) => batchSizes.map((batchSize) => ({ ...simulatedTreatment, workers: count, batchSize })))
    .flatMap(options.vary ?? ((treatment) => [treatment]))
  const controls = options.controls ?? []
  const entries = [
    ...treatments.map((treatment) => ({ treatment, control: null })),
    ...controls.map((control) => ({ treatment: treatments[0]!, control })),
  ]
  const planned = (sessions * warmUpBlocks + blocks) * entries.length
  const { noise = 0, tails, drift = 0, outliers } = options
  const trialNoise = (): number => noise * (tails === undefined ? random.normal() : studentT(tails, random.normal))
  const trials: Trial[] = []
  let run = 0
  const passes = Array.from({ length: sessions }, (_, session) =>
    Array.from({ length: warmUpBlocks + perSession }, (_, pass) => ({
      session,
      block: pass < warmUpBlocks ? 0 : session * perSession + pass - warmUpBlocks + 1,
    })),
  ).flat()
  const begun = Array.from({ length: sessions }, (_, session) => startOf(session))
  const ofSessions = Array.from({ length: sessions }, () =>
    treatments.map(() => (sessionNoise > 0 ? sessionNoise * random.normal() : 0)),
  )
  for (const { session, block } of passes) {
    const shared = (options.blockNoise ?? 0) * random.normal()
    const order = entries.map((entry) => ({ ...entry, key: random.uniform() })).sort((a, b) => a.key - b.key)
    for (const [index, { treatment, control }] of order.entries()) {
      const drifted = planned > 1 ? (drift * run) / (planned - 1) : 0
      const slowed = control === 'slowdown' ? 1.1 : 1
      const outlying = outliers && random.uniform() < outliers.share ? outliers.factor : 1
      const ofSession = ofSessions[session]![treatments.indexOf(treatment)]!
      const factor = Math.exp(shared + ofSession + drifted + trialNoise()) * slowed * outlying
      const trial = simulatedTrial(
        treatment,
        options.truth(treatment, control),
        { factor, records, observed: control !== 'unprobed' && (options.observed ?? true) },
        {
          trial: ++run,
          block,
          position: index + 1,
          phase: control ? 'control' : block === 0 ? 'warm-up' : 'measured',
          control,
        },
        { session: begun[session]!, trial: options.sessions === undefined ? begun[0]! : startOf(session, run) },
      )
      const changed = options.change ? options.change(trial) : trial
      if (changed) trials.push(changed)
    }
  }
  return {
    plan: {
      name: 'simulated',
      schemaVersion,
      hash: '0123456789ab',
      treatments,
      leftOut: [],
      meanings: {},
      controls: {
        aa: controls.includes('aa') ? treatments[0]! : null,
        slowdown: controls.includes('slowdown') ? { treatment: treatments[0]!, by: 0.1 } : null,
        work: controls.includes('work') ? { treatment: treatments[0]!, by: 0.05 } : null,
        unprobed: controls.includes('unprobed') ? treatments[0]! : null,
      },
      probes: { waits: true, backends: true, walIo: true, client: true },
      blocks,
      blocksPerSession: options.sessions === undefined ? null : perSession,
      warmUpBlocks,
      seed,
      input: {},
      server: {},
      table: null,
      definition: null,
      preregistration: null,
    },
    contexts: begun.map((startedAt) => ({ ...simulatedContext, startedAt })),
    trials,
    brokenOff: [],
    stopped: null,
    damaged: [],
    origin: 'disk',
    journal: 'data/studies/simulated/0123456789ab.jsonl',
  }
}

/** Returns a start in ISO 8601: sessions begin a day apart, and trials ten seconds. */
const startOf = (session: number, trial = 0): string =>
  new Date(Date.UTC(2026, 0, 1 + session, 0, 0, 10 * trial)).toISOString()

/**
 * Draws from Student's t distribution with n degrees of freedom, a whole number above 2, divided by
 * its standard deviation.
 */
function studentT(degreesOfFreedom: number, normal: () => number): number {
  let squares = 0
  for (let k = 0; k < degreesOfFreedom; k++) squares += normal() ** 2
  const t = normal() / Math.sqrt(squares / degreesOfFreedom)
  return t / Math.sqrt(degreesOfFreedom / (degreesOfFreedom - 2))
}

const simulatedContext: Omit<Context, 'startedAt'> = {
  server: {
    kind: 'simulated',
    version: '18.0',
    versionNumber: 180_000,
    host: 'localhost',
    port: 5432,
    database: 'copylab',
    settings: {},
    canCheckpoint: true,
    procRefusal: null,
    machine: null,
    storage: null,
    findings: [],
  },
  input: {
    name: 'simulated',
    files: 1,
    records: 60_000,
    badRecords: 0,
    badRecordExamples: [],
    checksum: '12345',
    contents: null,
  },
  existingChecksum: null,
  existingRestore: null,
  serverLevels: null,
  cluster: null,
  hardware: { cpu: 'simulated', cores: 2, memoryBytes: 2 ** 33 },
  machine: null,
  syncTime: null,
  syncMissing: null,
  os: { platform: 'linux', release: '6', arch: 'x64' },
  node: 'v20.19.0',
  packages: {},
  git: null,
  findings: [],
}
