import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { embedded, type Factors, flights, type Progress, runStudy, type Trial, type TrialPlace } from 'copylab/executor'
import { median } from 'copylab/statistics'
import { projectRoot } from '#copylab/project.js'
import type { BenchOptions } from '../../part.js'
import { type Spread, spreadOf } from '../../rounds/spread.js'
import { type WatchedStatement, watchStatements } from './watch-statements.js'

const blocks = 3
const workers = [1, 2, 4] as const

/** The arrangement of the claims, and the fastest one, whose trials are the shortest. */
const arrangements: Readonly<Record<string, Factors>> = {
  'split, text, event-loop': { workers },
  'queue, binary, threads': { workers, dispatch: 'queue', encoding: 'binary', client: 'threads' },
}

/** At least this share of a study's time is measured time. */
const efficiencyLimit = 0.75

/**
 * Where the time of a trial that is not on its clock goes, in milliseconds. Null for what was not
 * seen: payloads that were not prepared, and statements that the control connection did not run.
 */
export interface OverheadParts {
  /** Making the table again. */
  readonly resetMs: number | null
  readonly checkpointMs: number | null
  /** Connecting the workers; of threads also starting them. */
  readonly connectMs: number | null
  readonly prepareMs: number | null
  /** Counting and hashing the table's content. */
  readonly verifyMs: number | null
  /** From the end of the verification until the trial is in the journal, on the disk. */
  readonly journalMs: number | null
  /** All other statements of the control connection: counters, connections, sizes. */
  readonly otherStatementsMs: number
  /**
   * What remains: starting and stopping the probes, closing connections, waiting for the workers'
   * statistics.
   */
  readonly restMs: number
}

export interface TrialOverhead extends Pick<TrialPlace, 'phase' | 'block'>, OverheadParts {
  readonly workers: number
  /** On the trial's clock. */
  readonly totalMs: number
  /** From the reset of the table until the trial is in the journal. */
  readonly wallMs: number
  /** `wallMs` without `totalMs`. */
  readonly overheadMs: number
}

export interface StudyEfficiency {
  readonly arrangement: string
  readonly records: number
  readonly blocks: number
  /** From the call until the first trial starts. */
  readonly startUpMs: number
  /**
   * The part of `startUpMs` before the server is started: reading the input once, for its checksum.
   */
  readonly inputMs: number
  /**
   * From the end of the last trial until the call returns: closing the session, stopping the
   * server.
   */
  readonly endMs: number
  /** From the start of the first trial, of the warm-up, to the end of the last. */
  readonly wallMs: number
  /** The time on the clocks of all trials. */
  readonly clockMs: number
  /** `clockMs` as a share of `wallMs`. */
  readonly efficiency: number
  readonly withinLimit: boolean
  readonly overheadMs: Spread
  /** The median of each part over the trials in which it was seen. */
  readonly medians: { readonly [Name in keyof OverheadParts]: number | null }
  readonly missing: Readonly<Record<string, string>>
  /** Every trial in run order, warm-up included. */
  readonly trials: readonly TrialOverhead[]
}

/**
 * How much of a study's time is measured time, of the arrangement of the claims and of the fastest
 * one, each as a study of three blocks.
 */
export async function measureStudyEfficiency(options: BenchOptions): Promise<StudyEfficiency[]> {
  const measured: StudyEfficiency[] = []
  for (const arrangement of Object.keys(arrangements)) measured.push(await measure(arrangement, options))
  return measured
}

async function measure(arrangement: string, { records, progress, signal }: BenchOptions): Promise<StudyEfficiency> {
  // On the same disk as the studies, so that writing the journal takes as long as it does there.
  const out = join(projectRoot, 'data', 'out')
  await mkdir(out, { recursive: true })
  const folder = await mkdtemp(join(out, 'bench-efficiency-'))
  try {
    const trials: TrialOverhead[] = []
    let statements: WatchedStatement[] = []
    let trialStartedAt: number | null = null
    let firstStartedAt = 0
    let lastEndedAt = 0
    let serverAskedAt = 0
    const onProgress = ({ stage, message, trial }: Progress): void => {
      const now = performance.now()
      if (stage === 'server') serverAskedAt ||= now
      if (stage !== 'warm-up' && stage !== 'measured') return
      if (trial === null) {
        progress(`study efficiency: ${arrangement}: ${message}`)
        trialStartedAt = now
        firstStartedAt ||= now
        statements = []
      } else {
        trials.push(trialOverhead(trial, now - trialStartedAt!, statements, now))
        lastEndedAt = now
      }
    }
    const calledAt = performance.now()
    await watchStatements(
      (statement) => statements.push(statement),
      () =>
        runStudy({
          name: 'bench-efficiency',
          server: embedded(),
          input: flights({ records }),
          factors: arrangements[arrangement]!,
          blocks,
          fresh: true,
          folder,
          signal,
          onProgress,
        }),
    )
    const returnedAt = performance.now()
    const wallMs = lastEndedAt - firstStartedAt
    const clockMs = trials.reduce((sum, trial) => sum + trial.totalMs, 0)
    const efficiency = clockMs / wallMs
    return {
      arrangement,
      records,
      blocks,
      startUpMs: firstStartedAt - calledAt,
      inputMs: serverAskedAt - calledAt,
      endMs: returnedAt - lastEndedAt,
      wallMs,
      clockMs,
      efficiency,
      withinLimit: efficiency >= efficiencyLimit,
      overheadMs: spreadOf(trials.map((trial) => trial.overheadMs)),
      ...partMedians(trials),
      trials,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function trialOverhead(
  trial: Trial,
  wallMs: number,
  statements: readonly WatchedStatement[],
  endedAt: number,
): TrialOverhead {
  if (trial.state === 'failed') throw new Error(trial.error.message)
  const { phase, block, totalMs, connectMs, prepareMs } = trial
  const control = statements.filter(({ application }) => application.endsWith('/control'))
  const verified = control.find(({ sql }) => kindOf(sql) === 'verify')
  const time = (kind: Kind): number | null => {
    const own = control.filter(({ sql }) => kindOf(sql) === kind)
    return own.length === 0 ? null : own.reduce((sum, { durationMs }) => sum + durationMs, 0)
  }
  const parts = {
    resetMs: time('reset'),
    checkpointMs: time('checkpoint'),
    connectMs,
    prepareMs,
    verifyMs: time('verify'),
    journalMs: verified ? endedAt - verified.endedAt : null,
    otherStatementsMs: time('other') ?? 0,
  }
  const seen = Object.values(parts).reduce<number>((sum, part) => sum + (part ?? 0), 0)
  const overheadMs = wallMs - totalMs
  return {
    phase,
    block,
    workers: trial.treatment.workers,
    totalMs,
    wallMs,
    overheadMs,
    ...parts,
    restMs: overheadMs - seen,
  }
}

type Kind = 'reset' | 'checkpoint' | 'verify' | 'other'

function kindOf(sql: string): Kind {
  if (sql.startsWith('DROP TABLE')) return 'reset'
  if (sql === 'CHECKPOINT') return 'checkpoint'
  return /^SELECT count\(\*\) AS records/.test(sql) ? 'verify' : 'other'
}

const partNames = {
  resetMs: 'no statement was seen that makes the table again',
  checkpointMs: 'no CHECKPOINT was seen',
  connectMs: '',
  prepareMs: 'the payloads are made within the clock',
  verifyMs: 'no statement was seen that verifies the table',
  journalMs: 'the end of the verification was not seen',
  otherStatementsMs: '',
  restMs: '',
} satisfies Record<keyof OverheadParts, string>

function partMedians(trials: readonly TrialOverhead[]): Pick<StudyEfficiency, 'medians' | 'missing'> {
  const names = Object.keys(partNames) as (keyof OverheadParts)[]
  const medianOf = (name: keyof OverheadParts): number | null => {
    const values = trials.map((trial) => trial[name]).filter((value) => value !== null)
    return values.length === 0 ? null : median(values)
  }
  const medians = Object.fromEntries(names.map((name) => [name, medianOf(name)])) as StudyEfficiency['medians']
  const missing = Object.fromEntries(names.filter((name) => medians[name] === null).map((n) => [n, partNames[n]]))
  return { medians, missing }
}

export function showStudyEfficiency(studies: readonly StudyEfficiency[]): string[] {
  return studies.flatMap(({ arrangement, efficiency, withinLimit, overheadMs, startUpMs, inputMs, medians }) => [
    `study efficiency, ${arrangement}: ${(efficiency * 100).toFixed(1)} % on the clock (at least ${efficiencyLimit * 100} %: ${withinLimit ? 'met' : 'missed'}), start-up ${startUpMs.toFixed(0)} ms (input ${inputMs.toFixed(0)})`,
    `  outside the clock per trial ${overheadMs.median.toFixed(0)} ms: ${pieceTexts(medians).join(', ')}`,
  ])
}

function pieceTexts(medians: StudyEfficiency['medians']): string[] {
  return Object.entries(medians)
    .filter(([, ms]) => ms !== null)
    .map(([name, ms]) => `${name.replace(/Ms$/, '')} ${ms!.toFixed(0)}`)
}
