import { describe, expect, it } from 'vitest'
import { directionRules, mattersRules, sizeRules, verdictParts } from '../../../src/analysis/verdict/parts.js'
import { judge, verdictRules } from '../../../src/analysis/verdict/verdict.js'
import { verdictRulesWords } from '../../../src/analysis/verdict/verdict-words.js'
import { type Claim, checkedClaim } from '../../../src/study/claim.js'

const parts = (lower: number, upper: number, claim: Claim, margin = 0.02) => {
  const { direction, size, matters } = verdictParts(
    { level: 0.95, lower, upper },
    checkedClaim(claim, 'totalMs').bounds,
    margin,
  )
  return [direction, size, matters]
}

const faster: Claim = { fasterBy: [0.05, 0.15] }

describe('verdictParts', () => {
  it.each([
    [0.88, 0.92, ['confirmed', 'within', 'yes']],
    [0.85, 0.95, ['confirmed', 'within', 'yes']],
    [0.96, 0.985, ['confirmed', 'smaller', 'open']],
    [0.7, 0.8, ['confirmed', 'larger', 'yes']],
    [0.94, 0.985, ['confirmed', 'not larger', 'open']],
    [0.94, 1.01, ['open', 'not larger', 'open']],
    [0.8, 0.9, ['confirmed', 'not smaller', 'yes']],
    [0.8, 0.97, ['confirmed', 'open', 'yes']],
    [0.8, 1.1, ['open', 'open', 'open']],
    [0.99, 1.01, ['open', 'smaller', 'no']],
    [1.001, 1.01, ['reversed', 'smaller', 'no']],
    [1.05, 1.2, ['reversed', 'smaller', 'yes']],
    [0.99, 1, ['open', 'smaller', 'no']],
  ] as const)('of an interval from %d to %d, where 5 to 15 %% less are claimed, are %j', (lower, upper, expected) => {
    expect(parts(lower, upper, faster)).toEqual(expected)
  })

  it('are those of the claim turned over where more is claimed', () => {
    const slower: Claim = { slowerBy: [0.05, 0.15] }
    expect(parts(1.08, 1.12, slower)).toEqual(['confirmed', 'within', 'yes'])
    expect(parts(1.01, 1.03, slower)).toEqual(['confirmed', 'smaller', 'open'])
    expect(parts(1.01, 1.06, slower)).toEqual(['confirmed', 'not larger', 'open'])
    expect(parts(1.1, 1.2, slower)).toEqual(['confirmed', 'not smaller', 'yes'])
    expect(parts(0.9, 0.95, slower)).toEqual(['reversed', 'smaller', 'yes'])
  })

  it('have a size only where a least or a most difference is claimed, and a direction only on one side of no difference', () => {
    expect(parts(0.9, 0.95, { fasterBy: [0, null] })).toEqual(['confirmed', null, 'yes'])
    expect(parts(0.9, 0.95, { fasterBy: [0.02, null] })).toEqual(['confirmed', 'within', 'yes'])
    expect(parts(0.9, 0.99, { fasterBy: [0.02, null] })).toEqual(['confirmed', 'not larger', 'open'])
    expect(parts(0.9, 0.95, { fasterBy: [0, 0.07] })).toEqual(['confirmed', 'not smaller', 'yes'])
    expect(parts(1.05, 1.1, { fasterBy: [0, 0.07] })).toEqual(['reversed', 'smaller', 'yes'])
    expect(parts(0.99, 1.01, { ratio: [0.95, 1.05] })).toEqual([null, 'within', 'no'])
    expect(parts(1.01, 1.1, { ratio: [0.95, 1.05] })).toEqual([null, 'not smaller', 'open'])
    expect(parts(1.06, 1.1, { ratio: [0, 1.05] })).toEqual([null, 'larger', 'yes'])
    expect(parts(0.9, 0.95, { ratio: [0, 1] })).toEqual(['confirmed', null, 'yes'])
  })

  it('are open below the sample floor, as far as the claim has them', () => {
    const few = (claim: Claim) => verdictParts(null, checkedClaim(claim, 'totalMs').bounds, 0.02)
    expect(few(faster)).toEqual({ direction: 'open', size: 'open', matters: 'open' })
    expect(few({ fasterBy: [0, null] })).toEqual({ direction: 'open', size: null, matters: 'open' })
    expect(few({ ratio: [0.9, 1.1] })).toEqual({ direction: null, size: 'open', matters: 'open' })
  })

  it('matter by the margin as a ratio, the same on both sides', () => {
    const matters = (lower: number, upper: number) => parts(lower, upper, { fasterBy: [0, null] }, 0.05)[2]
    expect(matters(1 / 1.05, 1.05)).toBe('no')
    expect(matters(0.94, 0.952)).toBe('yes')
    expect(matters(0.94, 0.953)).toBe('open')
    expect(matters(1.051, 1.2)).toBe('yes')
  })
})

describe('verdictRulesWords', () => {
  it('has every rule that the code follows, in its order, and the last of each holds for anything', () => {
    const all = [verdictRules, directionRules, sizeRules, mattersRules]
    const said = verdictRulesWords().map(({ text }) => text)
    all.forEach((rules, k) => {
      const places = rules.map(({ word, when }) => said[k]!.indexOf(`*${word}*, ${when}`))
      expect(places.every((place) => place >= 0)).toBe(true)
      expect(places).toEqual([...places].sort((a, b) => a - b))
    })
    expect(said).toHaveLength(all.length)
  })

  it('is what judge follows: the first rule that holds', () => {
    const claim = checkedClaim({ fasterBy: [0, null] }, 'totalMs').bounds
    const interval = { level: 0.95, lower: 0.975, upper: 0.985 }
    expect(judge(interval, claim, 0.05)).toBe('equivalent')
    expect(judge(interval, claim, 0.01)).toBe('supported')
  })
})
