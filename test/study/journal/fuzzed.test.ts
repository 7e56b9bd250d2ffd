import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeRandom } from '../../../src/entries/analysis.js'
import { edited, edits, type Fate, flipped, Victim } from './flips.js'
import { madePlan, writeStudy } from './made-study.js'

let folder: string
let victim: Victim
let other: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab fuzz '))
  victim = new Victim(writeStudy(folder, madePlan({ blocks: 7 })))
  const foreign = writeStudy(mkdtempSync(join(folder, 'other-')), madePlan({ seed: 2, blocks: 7 }))
  other = readFileSync(foreign, 'utf8').split('\n')[4]!
})
afterAll(() => rmSync(folder, { recursive: true }))

// The long form, over more journals, is the bench's part `journals`.
it('one bit of a journal changes no number without a word', () => {
  const { uniform } = makeRandom(14)
  const fates: Fate[] = []
  for (let k = 0; k < 300; k++) {
    const { fate, error } = victim.fateOf(flipped(victim.bytes, Math.floor(uniform() * victim.bytes.length * 8)))
    if (fate === 'raw error') throw error
    fates.push(fate)
  }
  expect(new Set(fates)).toEqual(new Set(['damaged', 'refused']))
})

it.each(Object.keys(edits))('a line that is %s changes no number without a word', (kind) => {
  const { uniform } = makeRandom(14)
  for (let k = 0; k < 10; k++) {
    const { fate, error } = victim.fateOf(edited(victim.bytes, kind, Math.floor(uniform() * 16), other, uniform))
    if (fate === 'raw error') throw error
    expect(fate).not.toBe('silent')
  }
})
