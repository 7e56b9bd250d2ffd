import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CompletedTrial, readStudy } from 'copylab/executor'
import { projectRoot } from '#copylab/project.js'
import type { BenchOptions } from '../../part.js'
import { runNode } from '../../run-node.js'

/** Begins the names of the command's studies, which are removed before and after. */
const name = 'bench-start'
const studyNames = ['workers', 'arrangements', 'capacity'].map((part) => `${name}-${part}`)
/** Greatest number of milliseconds that may be spent outside the trials' clocks. */
const overheadLimitMs = 45_000

/** One of the command's studies. Times in milliseconds. */
export interface StartedStudy {
  readonly study: string
  readonly trials: number
  /** On the clocks of all trials. */
  readonly clockMs: number
  /**
   * From the start of its cell to the start of its first trial: reading the input once, starting
   * the server, opening the session.
   */
  readonly startUpMs: number
  /**
   * From the start of the first trial to the start of the last, without the clocks of the trials in
   * between.
   */
  readonly betweenClocksMs: number
  /**
   * `betweenClocksMs` per trial: making the table again, connecting, preparing, verifying, the
   * journal. Null for a study of one trial.
   */
  readonly perTrialMs: number | null
  /**
   * From the last trial's clock to the end of its cell, the trial's start up to its clock included:
   * verifying it, stopping the server.
   */
  readonly endMs: number
  /** Connecting the workers, of all trials; a part of the above. */
  readonly connectMs: number
  /**
   * Making payloads before the clock, of the trials that do; a part of the above. Null for a study
   * without any.
   */
  readonly prepareMs: number | null
}

/**
 * Time that `npm start` takes in addition to its trials, in milliseconds; the parts add up to
 * `overheadMs`.
 */
export interface StartOverhead {
  readonly preset: 'quick'
  readonly records: number
  /** From the start of the command to its end. */
  readonly wallMs: number
  readonly clockMs: number
  /** `wallMs` without `clockMs`. */
  readonly overheadMs: number
  readonly limitMs: number
  readonly withinLimit: boolean
  /** Until the notebook's first cell starts. */
  readonly kernelMs: number
  /** Cells that measure nothing: figures, tables, sentences. */
  readonly cellsMs: number
  /** The last cell, writing the notebook and its page, the answer in the terminal. */
  readonly pageMs: number
  readonly studies: readonly StartedStudy[]
}

/**
 * Measures the time that `npm start` takes outside its trials: the command itself, with the quick
 * preset, in this project, with studies of its own that are removed afterwards.
 */
export async function measureStartOverhead({ records, progress, signal }: BenchOptions): Promise<StartOverhead> {
  const out = await mkdtemp(join(tmpdir(), 'copylab-bench-'))
  try {
    await removeStudies()
    /** When each cell started, by the wall clock, as the journals' times are. */
    const cellStarts: number[] = []
    const startedAt = Date.now()
    const onLine = (line: string): void => {
      if (/^Cell \d+ of \d+$/.test(line)) cellStarts.push(Date.now())
      progress(`npm start: ${line}`)
    }
    const command = join(projectRoot, 'dist', 'cli.js')
    const given = ['start', '--preset', 'quick', '--name', name, '--records', String(records), '--fresh', '--out', out]
    await runNode(command, { arguments: given, onLine, signal })
    return overheadOf({ records, startedAt, endedAt: Date.now(), cellStarts })
  } finally {
    await removeStudies()
    await rm(out, { recursive: true, force: true })
  }
}

async function removeStudies(): Promise<void> {
  for (const study of studyNames) {
    await rm(join(projectRoot, 'data', 'studies', study), { recursive: true, force: true })
  }
}

interface Watched {
  readonly records: number
  readonly startedAt: number
  readonly endedAt: number
  readonly cellStarts: readonly number[]
}

function overheadOf({ records, startedAt, endedAt, cellStarts }: Watched): StartOverhead {
  const firstCellAt = cellStarts[0]
  const lastCellAt = cellStarts.at(-1)
  if (firstCellAt === undefined || lastCellAt === undefined) throw new Error('The command reported no cell')
  const studies = studyNames.map((study) => startedStudy(study, [...cellStarts, endedAt]))
  const sum = (time: (study: StartedStudy) => number): number => studies.reduce((total, one) => total + time(one), 0)
  const clockMs = sum((study) => study.clockMs)
  const wallMs = endedAt - startedAt
  const studiesMs = sum((study) => study.clockMs + study.startUpMs + study.betweenClocksMs + study.endMs)
  return {
    preset: 'quick',
    records,
    wallMs,
    clockMs,
    overheadMs: wallMs - clockMs,
    limitMs: overheadLimitMs,
    withinLimit: wallMs - clockMs < overheadLimitMs,
    kernelMs: firstCellAt - startedAt,
    cellsMs: lastCellAt - firstCellAt - studiesMs,
    pageMs: endedAt - lastCellAt,
    studies,
  }
}

/** `bounds` are the starts of the cells, and the end of the command. */
function startedStudy(study: string, bounds: readonly number[]): StartedStudy {
  const trials = readStudy(study).trials.map((trial): CompletedTrial => {
    if (trial.state === 'failed') throw new Error(`A trial of ${study} failed: ${trial.error.message}`)
    return trial
  })
  const clockOf = (some: readonly CompletedTrial[]): number => some.reduce((total, { totalMs }) => total + totalMs, 0)
  const firstAt = Date.parse(trials[0]!.startedAt)
  const last = trials.at(-1)!
  const lastAt = Date.parse(last.startedAt)
  const cellAt = Math.max(...bounds.filter((bound) => bound <= firstAt))
  const cellEndAt = Math.min(...bounds.filter((bound) => bound > lastAt))
  const between = trials.slice(0, -1)
  const prepared = trials.flatMap(({ prepareMs }) => (prepareMs === null ? [] : [prepareMs]))
  const betweenClocksMs = lastAt - firstAt - clockOf(between)
  return {
    study,
    trials: trials.length,
    clockMs: clockOf(trials),
    startUpMs: firstAt - cellAt,
    betweenClocksMs,
    perTrialMs: between.length === 0 ? null : betweenClocksMs / between.length,
    endMs: cellEndAt - lastAt - last.totalMs,
    connectMs: trials.reduce((total, trial) => total + trial.connectMs!, 0),
    prepareMs: prepared.length === 0 ? null : prepared.reduce((total, ms) => total + ms, 0),
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

export function showStartOverhead({ studies, ...start }: StartOverhead): string[] {
  return [
    `npm start, quick, ${start.records.toLocaleString('en-US')} records: ${seconds(start.wallMs)}, of which ${seconds(start.overheadMs)} outside trials (below ${seconds(start.limitMs)}: ${start.withinLimit ? 'met' : 'missed'})`,
    `  kernel ${seconds(start.kernelMs)}, cells ${seconds(start.cellsMs)}, page and answer ${seconds(start.pageMs)}`,
    ...studies.map(
      ({ study, trials, startUpMs, betweenClocksMs, perTrialMs, endMs }) =>
        `  ${study}: ${trials} trials, start-up ${seconds(startUpMs)}, between clocks ${seconds(betweenClocksMs)} (${perTrialMs === null ? '–' : seconds(perTrialMs)} per trial), end ${seconds(endMs)}`,
    ),
  ]
}
