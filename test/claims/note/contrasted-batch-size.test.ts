import { expect, it } from 'vitest'
import { claimOf, readClaims } from '../../../src/entries/analysis.js'
import { contrastedBatchSize, otherBatchSizeWords } from '../../../src/entries/earlier/analysis.js'

const claims = readClaims()
const claim = claimOf(claims, 'C1')

it("contrastedBatchSize is the claim's own wherever it stands among the study's, else the first", () => {
  expect(contrastedBatchSize(claim, [10_000, 30_000])).toBe(10_000)
  expect(contrastedBatchSize(claim, [5000, 10_000])).toBe(10_000)
  expect(contrastedBatchSize(claim, [5000, 20_000])).toBe(5000)
  expect(() => contrastedBatchSize(claim, [])).toThrow('Expected `batchSizes` to hold one batch size or more')
})

it('otherBatchSizeWords says that what is compared at another batch size is not about the claim', () => {
  expect(otherBatchSizeWords(claim, [5000, 10_000])).toBeNull()
  expect(otherBatchSizeWords(claim, [5000, 20_000])?.text).toBe(
    'C1 is about batches of 10K, which were not measured: the comparison here is at 5K, and decides nothing about C1',
  )
})
