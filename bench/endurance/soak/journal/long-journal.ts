import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { readStudy, type Study } from 'copylab/executor'
import { makeRandom, type Random } from '#copylab/analysis/statistics/numerics/random.js'
import { blockEntries, blockPlaces, type PlannedPlace } from '#copylab/study/blocks/schedule.js'
import { journalPath } from '#copylab/study/journal/journal.js'
import { packTrial } from '#copylab/study/journal/journal-trial.js'
import { sealedLine } from '#copylab/study/journal/seal.js'
import type { Trial } from '#copylab/study/trial.js'

/** The study whose trials are drawn. */
const source = 'reference-workers'

/**
 * Writes the journal of a study that goes on and on below `folder`, with at least so many trials in
 * whole blocks: the plan of a real one with more blocks, and in each place a trial that the real
 * one has of the same treatment, drawn at random. Returns the study's name and number of trials.
 */
export function writeLongJournal(
  folder: string,
  atLeast: number,
  seed: number,
): { readonly name: string; readonly trials: number } {
  const study = readStudy(source)
  const random = makeRandom(seed)
  const known = trialsByPlace(study)
  const perBlock = blockEntries(study.plan).length
  const plan = { ...study.plan, blocks: Math.ceil(atLeast / perBlock) }
  const path = journalPath(folder, plan.name, plan.hash)
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  try {
    let line = 0
    const write = (content: object): void => {
      writeSync(file, `${sealedLine(++line, content, plan.hash)}\n`)
    }
    write({ type: 'plan', plan })
    write({ type: 'session', context: study.contexts[0]! })
    for (let block = 1; block <= plan.blocks; block++) {
      for (const [k, place] of blockPlaces(plan, block).entries()) {
        const trial = (block - 1) * perBlock + k + 1
        write({ type: 'trial', trial: packTrial({ ...drawn(known, place, random), ...place, trial }) })
      }
    }
  } finally {
    closeSync(file)
  }
  return { name: plan.name, trials: plan.blocks * perBlock }
}

/** Completed trials of a study by what a place asks for. */
function trialsByPlace({ trials }: Study): ReadonlyMap<string, readonly Trial[]> {
  const found = new Map<string, Trial[]>()
  for (const trial of trials) {
    if (trial.state === 'failed' || trial.phase === 'warm-up') continue
    const key = keyOf(trial)
    found.set(key, [...(found.get(key) ?? []), trial])
  }
  return found
}

const keyOf = ({ treatment, control }: Pick<PlannedPlace, 'treatment' | 'control'>): string =>
  JSON.stringify([treatment, control])

function drawn(known: ReadonlyMap<string, readonly Trial[]>, place: PlannedPlace, random: Random): Trial {
  const alike = known.get(keyOf(place))
  if (!alike) throw new Error(`Expected ${source} to have a completed trial of ${keyOf(place)}`)
  return alike[random.integerBelow(alike.length)]!
}
