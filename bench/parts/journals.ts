import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readStudies } from 'copylab/executor'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { projectRoot } from '#copylab/project.js'
import { unpackTrial } from '#copylab/study/journal/journal-trial.js'
import { readJournal } from '#copylab/study/journal/read-journal.js'
import { bitFlip, lineEdits, outcomes, type Tally, tallyDamage } from '../journals/damage.js'
import { journalKinds } from '../journals/kinds.js'
import type { BenchOptions, Part } from '../part.js'
import { temporaryFolder } from '../places.js'
import { type Spread, spreadOf, spreadText } from '../rounds/spread.js'
import { benchTable } from '../rounds/text-table.js'

/** Time that reading a journal takes, and results of readers for damaged ones. */
export interface Journals {
  readonly trials: number
  /**
   * Milliseconds a trial to read the reference studies: as it is done, and as JSON alone, without
   * any check.
   */
  readonly readMs: Spread
  readonly uncheckedMs: Spread
  /** Time of the checks in ms a trial, and whether that is within the limit. */
  readonly checksMs: Spread
  readonly limitMs: number
  readonly withinLimit: boolean
  readonly tallies: readonly Tally[]
}

const limitMs = 5
/** Of each kind of journal, for a round. */
const [flips, editsOfEach] = [500, 10]

/**
 * Journals on their way back: what their checks cost, and that damage never changes a number
 * without a word. A round damages each kind of journal some 600 times.
 */
export const journals: Part<Journals> = {
  name: 'journals',
  title: 'Journals: what their checks cost, and what damage does',
  run: measure,
  show: ({ readMs, uncheckedMs, checksMs, trials, tallies }) => [
    `${formatNumber(trials, 0)} trials; ms a trial to read ${spreadText(readMs, { digits: 2 })}, without checks ${spreadText(uncheckedMs, { digits: 2 })}; the checks ${spreadText(checksMs, { digits: 2 })} (at most ${limitMs})`,
    ...benchTable(
      ['damage', 'tried', ...outcomes],
      tallies.map(({ damage, tried, outcomes: found }) => [
        damage,
        String(tried),
        ...outcomes.map((outcome) => String(found[outcome] ?? 0)),
      ]),
    ),
  ],
}

async function measure({ rounds, progress, signal }: BenchOptions): Promise<Journals> {
  const costs = costOf(rounds)
  const folder = join(temporaryFolder, 'journals')
  mkdirSync(folder, { recursive: true })
  const tallies: Tally[] = []
  try {
    for (const one of journalKinds()) {
      for (const damage of [bitFlip, ...lineEdits]) {
        progress(`${one.kind}: ${damage.name}`)
        // Lets a signal through.
        await new Promise((done) => setImmediate(done))
        signal.throwIfAborted()
        tallies.push(tallyDamage(one, damage, rounds * (damage === bitFlip ? flips : editsOfEach), folder))
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const wrong = tallies.flatMap((tally) => tally.wrong.map((text) => `${tally.damage}: ${text}`))
  if (wrong.length > 0) throw new Error(`Damage without a word:\n${wrong.join('\n')}`)
  return { ...costs, tallies }
}

function costOf(rounds: number): Omit<Journals, 'tallies'> {
  const paths = readStudies().map((study) => join(projectRoot, study.journal))
  const trials = paths.flatMap((path) => readJournal(path)!.trials).length
  const timed = (work: () => void): number => {
    const begin = performance.now()
    work()
    return (performance.now() - begin) / trials
  }
  const pairs = Array.from({ length: rounds }, () => ({
    read: timed(() => paths.forEach(readJournal)),
    unchecked: timed(() => paths.forEach(readUnchecked)),
  }))
  const checksMs = spreadOf(pairs.map(({ read, unchecked }) => read - unchecked))
  return {
    trials,
    readMs: spreadOf(pairs.map(({ read }) => read)),
    uncheckedMs: spreadOf(pairs.map(({ unchecked }) => unchecked)),
    checksMs,
    limitMs,
    withinLimit: checksMs.max <= limitMs,
  }
}

function readUnchecked(path: string): void {
  for (const text of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const line = JSON.parse(text) as { type: string; trial?: unknown }
    if (line.type === 'trial') unpackTrial(line.trial)
  }
}
