import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { claimFamily, claimLevel, eachLevel, isTested, minBlocks, setLevel } from '../../src/claims/family.js'
import { presets } from '../../src/cli/start/presets.js'
import { claimOf, judgeClaims, readClaims } from '../../src/entries/analysis.js'
import { defaultTreatment } from '../../src/study/treatment.js'

const claims = readClaims()
const tested = claims.claims.filter(isTested).length
const alone = claimFamily(claims, null)
const primary = claimFamily(claims, { id: 'C1', level: 0.98 })
const level = (id: string) => claimLevel(primary, claimOf(claims, id))
const each = (id: string) => eachLevel(primary, claimOf(claims, id))

describe('claimFamily', () => {
  it('gives the primary claim the level of its registration, and the others equal parts of the error rate', () => {
    expect(level('C1')).toBe(0.98)
    expect(level('C2')).toBeCloseTo(1 - 0.05 / (tested - 1), 12)
    expect(claimLevel(alone, claimOf(claims, 'C1'))).toBeCloseTo(1 - 0.05 / tested, 12)
    expect(claimFamily(claims, null, 0.9).othersLevel).toBeCloseTo(1 - 0.1 / tested, 12)
  })

  it('divides a claim among its intervals and sets, whether or not they were measured', () => {
    const part = (id: string) => Math.round((1 - level(id)) / (1 - each(id)))
    expect(['C1', 'C2', 'C8a', 'C8c', 'C11b', 'C12a', 'C12b', 'C13', 'C14', 'C15'].map(part)).toEqual([
      1, 1, 1, 2, 2, 1, 5, 2, 6, 1,
    ])
  })

  it('counts no claim that is reported or that the source measured, whose level is 95 %', () => {
    expect(['C5', 'C9'].map((id) => isTested(claimOf(claims, id)))).toEqual([false, false])
    expect([level('C5'), level('C9')]).toEqual([0.95, 0.95])
    expect(each('C9')).toBeCloseTo(0.975, 12)
  })
})

describe('setLevel', () => {
  const at = (batchSize: number, changes = {}) => ({ ...defaultTreatment, batchSize, ...changes })
  const of = (treatment: ReturnType<typeof at>, metric: 'totalMs' | 'recordsPerSecond' | 'insertMs' = 'totalMs') =>
    setLevel(claims, primary, { over: 'workers', metric, treatment })

  it('is the strictest that a claim about the set asks for, the same for throughput, and null of a set that no claim names', () => {
    const strictest = expect.closeTo(1 - 0.05 / (tested * 6), 12) as number
    expect([of(at(10_000)), of(at(20_000)), of(at(10_000, { secondaryIndexes: 2 }))]).toEqual([
      strictest,
      strictest,
      strictest,
    ])
    expect(of(at(10_000), 'recordsPerSecond')).toEqual(strictest)
    expect([of(at(5_000)), of(at(10_000), 'insertMs'), of(at(10_000, { dispatch: 'queue' }))]).toEqual([
      null,
      null,
      null,
    ])
  })
})

describe('the preset quick', () => {
  it('has the fewest blocks with which its claims can be decided', () => {
    expect(presets.quick.blocks).toBe(minBlocks(claims))
    const clear = (blocks: number) =>
      judgeClaims(
        claims,
        simulateStudy({
          workers: presets.quick.workers,
          batchSizes: presets.quick.batchSizes,
          blocks,
          noise: 0.002,
          truth: ({ workers }) => ({ totalMs: workers === 2 ? 900 : 1000 }),
        }),
        { primary: 'C1' },
      ).find(({ id }) => id === 'C7')!.verdict
    expect([clear(minBlocks(claims)), clear(minBlocks(claims) - 1)]).toEqual(['supported', 'undecided'])
  })
})
