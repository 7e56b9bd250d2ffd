import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeRandom } from '../../src/entries/analysis.js'
import { openJournal } from '../../src/study/journal/journal.js'
import { edited, edits, type Fate, flipped, Victim } from '../study/journal/flips.js'
import { madeContext, madeFailure, madePlan, madeTrial, placesOf, writeStudy } from '../study/journal/made-study.js'

const flips = 20_000
const editsOfAKind = 100

let folder: string
let victims: Victim[]
let other: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab long '))
  const plans = [
    madePlan({ blocks: 3 }),
    madePlan({ blocks: 2, warmUpBlocks: 1, controls: { aa: { workers: 2 }, slowdown: { workers: 2 } } }),
    madePlan({ blocks: 3 }, { workers: [1, 2], encoding: 'binary', batchSize: 1_000 }),
  ]
  victims = plans.map((plan, k) => new Victim(writeStudy(mkdtempSync(join(folder, `${k}-`)), plan)))
  victims.push(new Victim(continuedStudy(mkdtempSync(join(folder, 'continued-')))))
  const foreign = writeStudy(mkdtempSync(join(folder, 'other-')), madePlan({ seed: 2 }))
  other = readFileSync(foreign, 'utf8').split('\n')[3]!
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A study of two sessions, to which blocks were added, with a trial that failed and was run again. */
function continuedStudy(within: string): string {
  const [begun, longer] = [madePlan({ blocks: 2 }), madePlan({ blocks: 3 })]
  const path = writeStudy(within, begun)
  const places = placesOf(longer).slice(placesOf(begun).length)
  const journal = openJournal(path)
  journal.plan(longer)
  journal.session({ ...madeContext, startedAt: '2001-01-02T00:00:00.000Z' })
  journal.trial(madeFailure(5, places[0]!))
  for (const [k, place] of places.entries()) journal.trial(madeTrial(6 + k, place))
  journal.close()
  return path
}

function counted(fates: readonly Fate[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(fates)].sort().map((fate) => [fate, fates.filter((own) => own === fate).length]),
  )
}

it(`${flips} single-bit flips, and ${editsOfAKind} edits of each kind, change no number without a word`, () => {
  const { uniform, integerBelow } = makeRandom(14)
  const fateOf = (victim: Victim, bytes: Buffer): Fate => {
    const { fate, error } = victim.fateOf(bytes)
    if (fate === 'raw error') throw error
    return fate
  }
  const ofFlips = Array.from({ length: flips }, (_, k) => {
    const victim = victims[k % victims.length]!
    return fateOf(victim, flipped(victim.bytes, integerBelow(victim.bytes.length * 8)))
  })
  const ofEdits = Object.keys(edits).map((kind) => {
    const fates = Array.from({ length: editsOfAKind }, (_, k) => {
      const victim = victims[k % victims.length]!
      return fateOf(victim, edited(victim.bytes, kind, integerBelow(12), other, uniform))
    })
    return [kind, counted(fates)] as const
  })
  const found = {
    date: new Date().toISOString(),
    node: process.version,
    flips: counted(ofFlips),
    edits: Object.fromEntries(ofEdits),
  }
  writeFileSync(new URL('results/journals.json', import.meta.url), `${JSON.stringify(found, null, 1)}\n`)
  expect(ofFlips).not.toContain('silent')
  for (const [, fates] of ofEdits) expect(fates).not.toHaveProperty('silent')
})
