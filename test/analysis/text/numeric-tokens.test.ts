import { describe, expect, it } from 'vitest'
import { numericTokens, tokenValue } from '../../../src/analysis/text/numeric-tokens.js'

const tokens = (text: string): string[] => numericTokens(text).map((token) => token.text)

describe('numericTokens', () => {
  it.each([
    ['717,000 records in 1,005.85 s', ['717,000', '1,005.85']],
    ['4.4 % faster [6.1 % faster, −2.6 % slower]', ['4.4', '6.1', '2.6']],
    ['batches of 10K, at 2.5K', ['10K', '2.5K']],
    ['p 0.05, or .05', ['0.05', '.05']],
    ['5–15 %, 5-15 and +5/−15', ['5', '15', '5', '15', '5', '15']],
    ['trials 3, 5 and 8.', ['3', '5', '8']],
    ['[1,2,4] and {"fasterBy":[0.05,0.15]}', ['1', '2', '4', '0.05', '0.15']],
    ['1,2345', ['1', '2345']],
    ['on 2026-11-26', ['2026', '11', '26']],
    ['128MB, 7x, 2nd, 10Kb', ['128', '7', '2', '10']],
    ['2 × (1 + 3)/4', ['2', '1', '3', '4']],
  ])('numericTokens finds the numbers of %j', (text, expected) => expect(tokens(text)).toEqual(expected))

  it.each(['C1', 'v20.20.2', 'x86', 'UTF-8', 'SHA-256', '18.4.1', 'log2', 'eea92392771f', 'n_2', '(Hsu 1984)', 'none'])(
    'numericTokens finds none in %j',
    (text) => expect(tokens(text)).toEqual([]),
  )

  it('numericTokens takes a year for a number where it is not that of a work in parentheses', () => {
    expect(tokens('the flights of 2001, (2001), In 2001')).toEqual(['2001', '2001', '2001'])
    expect(tokens('(Hsu 1984; Holm 1979)')).toEqual([])
  })

  it('numericTokens says where they begin', () => {
    expect(numericTokens('with 4 of 10K')).toEqual([
      { text: '4', at: 5 },
      { text: '10K', at: 10 },
    ])
  })

  it('tokenValue gives the number that is meant', () => {
    expect(['4.4', '717,000', '10K', '2.5K'].map(tokenValue)).toEqual([4.4, 717_000, 10_000, 2500])
  })
})
