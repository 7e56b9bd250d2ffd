import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bitFlip, type Journal, lineEdits, tallyDamage } from '../../bench/journal/damage.js'
import { madePlan, unsealed, writeJournal } from '../study/journal/made-journal.js'

let folder: string
let whole: Journal
let old: Journal
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab damage '))
  const plan = madePlan({ blocks: 2 })
  const path = writeJournal(folder, plan)
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  whole = { kind: 'sealed', study: plan.name, hash: plan.hash, lines }
  old = { ...whole, kind: 'without digests', lines: unsealed(lines) }
})
afterAll(() => rmSync(folder, { recursive: true }))

// The long form of this, on journals of more kinds: npm run bench -- --only journal.
describe('damage to a journal never changes a number without a word, and is never a raw error', () => {
  it('2,000 bits flipped, one at a time', () => {
    expect(tallyDamage(whole, bitFlip, 1500, folder)).toMatchObject({
      wrong: [],
      outcomes: { told: expect.any(Number) },
    })
    expect(tallyDamage(old, bitFlip, 500, folder)).toMatchObject({ wrong: [] })
  })

  it.each(lineEdits.map((edit) => [edit.name, edit] as const))('%s, 25 times', (_, edit) => {
    expect(tallyDamage(whole, edit, 15, folder).wrong).toEqual([])
    expect(tallyDamage(old, edit, 10, folder).wrong).toEqual([])
  })
})
