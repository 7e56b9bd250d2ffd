import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { type Spread, spreadOf, spreadText } from '../../../rounds/spread.js'
import { runNode } from '../../../run-node.js'
import type { EnduranceOptions } from '../../endurance.js'
import { builtScript } from '../built-script.js'
import { writeLongJournal } from './long-journal.js'
import type { Reading, StepTime } from './reading-child.js'

/** How long a journal of many trials takes from disk to answers. */
export interface LongJournal {
  readonly trials: number
  /**
   * Milliseconds to read and check the journal and to answer all questions about it, one after the
   * other in one process: of the processors, and by the clock. The lower is judged: the clock
   * counts what a person waits, and where other work makes it wait too, no one waits longer for
   * this work alone than its processors' time.
   */
  readonly cpuMs: Spread
  readonly wallMs: Spread
  /** Median of the processors' time by step: reading, and each question by its command. */
  readonly eachMs: Readonly<Record<string, number>>
  /** Whether the number of trials is that for which the time is limited. */
  readonly judged: boolean
}

export interface LongJournalOptions extends Pick<EnduranceOptions, 'seed' | 'progress' | 'signal'> {
  readonly trials: number
  readonly repeats: number
}

/** Trials that are read and analysed within the limit, by the median of the repeats. */
export const fullTrials = 10_000
const limitMs = 5_000

const child = new URL('./reading-child.js', import.meta.url)

/** Makes a journal and reads it, each time in a new process. */
export async function measureJournal(options: LongJournalOptions): Promise<LongJournal> {
  const { trials: wanted, repeats, seed, progress, signal } = options
  const folder = mkdtempSync(join(tmpdir(), 'copylab-journal-'))
  try {
    progress('writing a long journal')
    const { name, trials } = writeLongJournal(folder, wanted, seed)
    const readings: Reading[] = []
    for (let repeat = 1; repeat <= repeats; repeat++) {
      progress(`reading ${trials} trials, ${repeat} of ${repeats}`)
      readings.push(JSON.parse(await runNode(builtScript(child), { arguments: [folder, name], signal })) as Reading)
    }
    const lacking = readings.find((reading) => reading.trials !== trials)
    if (lacking) throw new Error(`Of ${trials} trials ${lacking.trials} were read`)
    const total = (of: (time: StepTime) => number): Spread =>
      spreadOf(readings.map(({ steps }) => Object.values(steps).reduce((sum, time) => sum + of(time), 0)))
    const medianOf = (step: string): number => spreadOf(readings.map(({ steps }) => steps[step]!.cpuMs)).median
    return {
      trials,
      cpuMs: total(({ cpuMs }) => cpuMs),
      wallMs: total(({ wallMs }) => wallMs),
      eachMs: Object.fromEntries(Object.keys(readings[0]!.steps).map((step) => [step, medianOf(step)])),
      judged: trials >= fullTrials,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A time above the limit. */
export function wrongJournal({
  judged,
  trials,
  cpuMs,
  wallMs,
}: Pick<LongJournal, 'judged' | 'trials' | 'cpuMs' | 'wallMs'>): string[] {
  const ms = Math.min(cpuMs.median, wallMs.median)
  return judged && ms > limitMs
    ? [
        `reading ${trials} trials and answering all questions took ${formatNumber(ms, 0)} ms, at most ${limitMs} are allowed`,
      ]
    : []
}

/** Lines of the times. */
export function showJournal({ trials, cpuMs, wallMs, eachMs }: LongJournal): string[] {
  const each = Object.entries(eachMs).map(([step, ms]) => `${step} ${formatNumber(ms, 0)}`)
  return [
    `journal of ${formatNumber(trials, 0)} trials read and analysed, ms of the processors: ${spreadText(cpuMs)}; by the clock: ${spreadText(wallMs)}`,
    `of these ${each.join(', ')}`,
  ]
}
