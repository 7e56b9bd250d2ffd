import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { EnduranceOptions } from '../../bench/endurance/endurance.js'
import { fuzzClaims } from '../../bench/endurance/fuzz/claims.js'
import { fuzzConversation } from '../../bench/endurance/fuzz/conversation.js'
import { fuzzCsv } from '../../bench/endurance/fuzz/csv.js'
import { fuzzDialects } from '../../bench/endurance/fuzz/dialects.js'
import { fuzzEncoders } from '../../bench/endurance/fuzz/encoders.js'
import { fuzzFrames } from '../../bench/endurance/fuzz/frames.js'
import { fuzzJournals } from '../../bench/endurance/fuzz/journals.js'
import { fuzzKernel } from '../../bench/endurance/fuzz/kernel.js'
import { fuzzNotebooks } from '../../bench/endurance/fuzz/notebooks.js'
import { fuzzValues } from '../../bench/endurance/fuzz/values.js'
import { madePlan, writeStudy } from '../study/journal/made-study.js'

// The long form: npm run test:endurance -- --only fuzz.
const options: EnduranceOptions = {
  share: 0.03,
  seed: 1,
  progress: () => {},
  signal: new AbortController().signal,
}

it.each([
  ['the CSV reader', fuzzCsv],
  ['the CSV reader, written as other programs do,', fuzzDialects],
  ['the encoders of every type', fuzzEncoders],
  ['the readers of fields of every type', fuzzValues],
  ['readers of notebooks', fuzzNotebooks],
  ["the client of a kernel's messages", fuzzFrames],
  ['a conversation with a kernel', fuzzConversation],
  ['a kernel that runs', fuzzKernel],
  ['readers of claims', fuzzClaims],
])('inputs that nobody wrote do %s no harm', async (_, fuzzed) => {
  const { inputs, wrong, examples } = await fuzzed(options)
  expect(examples).toEqual([])
  expect(wrong).toBe(0)
  expect(inputs).toBeGreaterThanOrEqual(300)
})

it('damage of any kind to a journal never changes a number without a word', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-fuzz-'))
  try {
    const plan = madePlan({ blocks: 2 })
    const lines = readFileSync(writeStudy(folder, plan), 'utf8').split('\n').slice(0, -1)
    const found = await fuzzJournals(options, [{ kind: 'made', study: plan.name, hash: plan.hash, lines }])
    expect(found).toMatchObject({ wrong: 0, examples: [] })
    expect(found.inputs).toBeGreaterThanOrEqual(300)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
