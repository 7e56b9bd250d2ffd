import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bitFlip, type Journal, lineEdits, tallyDamage } from '../../../bench/journals/damage.js'
import { madePlan, writeStudy } from './made-study.js'

const withoutSeal = (line: string): string =>
  line.replace(/^\{"line":\d+,/, '{').replace(/,"digest":"[0-9a-f]{16}"\}$/, '}')

let folder: string
let whole: Journal
let old: Journal
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab damage '))
  const plan = madePlan({ blocks: 2 })
  const path = writeStudy(folder, plan)
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  whole = { kind: 'sealed', study: plan.name, hash: plan.hash, lines }
  old = { ...whole, kind: 'without digests', lines: lines.map(withoutSeal) }
})
afterAll(() => rmSync(folder, { recursive: true }))

// The long form of this, on journals of more kinds: npm run bench -- --only journals.
describe('damage to a journal never changes a number without a word, and is never a raw error', () => {
  it('1,100 bits flipped, one at a time', () => {
    expect(tallyDamage(whole, bitFlip, 800, folder)).toMatchObject({
      wrong: [],
      outcomes: { told: expect.any(Number) },
    })
    expect(tallyDamage(old, bitFlip, 300, folder)).toMatchObject({ wrong: [] })
  })

  it.each(lineEdits.map((edit) => [edit.name, edit] as const))('%s, 20 times', (_, edit) => {
    expect(tallyDamage(whole, edit, 12, folder).wrong).toEqual([])
    expect(tallyDamage(old, edit, 8, folder).wrong).toEqual([])
  })
})
