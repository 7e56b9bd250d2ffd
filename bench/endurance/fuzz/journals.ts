import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { byteDamages } from '../../journals/byte-damage.js'
import { bitFlip, type Journal, lineEdits, type Outcome, tallyDamage } from '../../journals/damage.js'
import { journalKinds } from '../../journals/kinds.js'
import { temporaryFolder } from '../../places.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import type { Fuzzed } from './fuzzed.js'

const examplesKept = 5

/**
 * Damaged journals: every number that is read is one that was written, or the damage is named, or
 * the journal is refused. `kinds` are those that are damaged, by default eight made of the
 * reference studies.
 */
export async function fuzzJournals(
  options: EnduranceOptions,
  kinds: readonly Journal[] = journalKinds(),
): Promise<Fuzzed> {
  const { seed, progress, signal } = options
  const ways = [...byteDamages, bitFlip, ...lineEdits]
  const times = shareOf(Math.ceil(12_000 / (kinds.length * ways.length)), options)
  const outcomes: Partial<Record<Outcome, number>> = {}
  const wrong: string[] = []
  let inputs = 0
  mkdirSync(temporaryFolder, { recursive: true })
  const folder = mkdtempSync(join(temporaryFolder, 'journals-'))
  try {
    for (const [k, kind] of kinds.entries()) {
      for (const [way, damage] of ways.entries()) {
        progress(`journals: ${kind.kind}, ${damage.name}`)
        await new Promise((resolve) => setImmediate(resolve))
        signal.throwIfAborted()
        const tally = tallyDamage(kind, damage, times, folder, seed + 1_000 * k + way)
        inputs += tally.tried
        for (const [outcome, count] of Object.entries(tally.outcomes)) {
          outcomes[outcome as Outcome] = (outcomes[outcome as Outcome] ?? 0) + count
        }
        wrong.push(...tally.wrong.map((text) => `${damage.name}, ${text}`))
      }
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  const count = (outcomes.silent ?? 0) + (outcomes.raw ?? 0)
  return { inputs, outcomes, wrong: count, examples: wrong.slice(0, examplesKept) }
}
