import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { type Spread, spreadOf, spreadText } from '../../../rounds/spread.js'
import { runNode } from '../../../run-node.js'
import type { EnduranceOptions } from '../../endurance.js'
import { builtScript } from '../built-script.js'
import { writeLongJournal } from './long-journal.js'
import type { Reading } from './reading-child.js'

/** How long a journal of many trials takes from disk to answers. */
export interface LongJournal {
  readonly trials: number
  /** Milliseconds to read and check the journal, and to answer all questions, in each process. */
  readonly readMs: Spread
  readonly analysedMs: Spread
  /** Milliseconds until the slowest command answers, the journal read first; this is judged. */
  readonly slowestMs: Spread
  /** Median of each question's answer, by its command. */
  readonly eachMs: Readonly<Record<string, number>>
  /** Whether the number of trials is that for which the time is limited. */
  readonly judged: boolean
}

export interface LongJournalOptions extends Pick<EnduranceOptions, 'seed' | 'progress' | 'signal'> {
  readonly trials: number
  readonly repeats: number
}

/** Trials that every command reads and analyses within the limit, by the median of the repeats. */
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
    const commands = Object.keys(readings[0]!.eachMs)
    return {
      trials,
      readMs: spreadOf(readings.map(({ readMs }) => readMs)),
      analysedMs: spreadOf(readings.map(({ analysedMs }) => analysedMs)),
      slowestMs: spreadOf(readings.map(({ readMs, eachMs }) => readMs + Math.max(...Object.values(eachMs)))),
      eachMs: Object.fromEntries(
        commands.map((command) => [command, spreadOf(readings.map(({ eachMs }) => eachMs[command]!)).median]),
      ),
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
  slowestMs,
}: Pick<LongJournal, 'judged' | 'trials' | 'slowestMs'>): string[] {
  const ms = formatNumber(slowestMs.median, 0)
  return judged && slowestMs.median > limitMs
    ? [`the slowest command took ${ms} ms to read ${trials} trials and answer, at most ${limitMs} are allowed`]
    : []
}

/** Lines of the times. */
export function showJournal({ trials, readMs, analysedMs, slowestMs, eachMs }: LongJournal): string[] {
  const each = Object.entries(eachMs).map(([command, ms]) => `${command} ${formatNumber(ms, 0)}`)
  return [
    `journal of ${formatNumber(trials, 0)} trials, ms: read ${spreadText(readMs)}, analysed ${spreadText(analysedMs)}, the slowest command ${spreadText(slowestMs)}`,
    `of these ${each.join(', ')}`,
  ]
}
