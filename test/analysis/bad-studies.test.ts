import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import {
  bestWorkers,
  compare,
  fitScaling,
  judgeClaims,
  plotTotalTime,
  readClaims,
  summarise,
} from '../../src/entries/analysis.js'
import type { Study } from '../../src/study/study.js'
import type { CompletedTrial } from '../../src/study/trial.js'
import { broken } from './broken-trial.js'
import { sentenceOf } from './sentence-of.js'

const made = (options: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({ workers: [1, 2, 4], blocks: 7, noise: 0.05, truth: () => ({ totalMs: 1000 }), ...options })
const twoVsFour = { a: { workers: 2 }, b: { workers: 4 } }
const claims = readClaims()

describe('studies that do not suffice', () => {
  it('one block: nothing is judged, and how many blocks it takes is said', () => {
    const study = made({ blocks: 1 })
    const answer = compare(study, twoVsFour)
    expect(answer.verdict).toBe('undecided')
    expect(sentenceOf(answer)).toContain('a verdict needs at least 6 blocks')
    const [set] = bestWorkers(study)
    expect(set!.best).toBeNull()
    expect(sentenceOf(set!)).toBe('a best set needs at least 6 complete blocks, there is 1')
    expect(fitScaling(study)[0]!.fit).toMatchObject({
      status: 'not-converged',
      reason: 'The law needs 4 observations, got 3.',
    })
    expect(judgeClaims(claims, study).every(({ verdict }) => verdict === 'undecided' || verdict === null)).toBe(true)
  })

  it('one worker count: what was measured is named, and the remedy', () => {
    const study = made({ workers: [2] })
    expect(() => compare(study, twoVsFour)).toThrow('Expected `b.workers` to be a level of study simulated (2), got 4')
    expect(() => bestWorkers(study)).toThrow(/to choose from, got 2 workers: add levels to the study's factors/)
    expect(fitScaling(study)[0]!.fit).toMatchObject({
      status: 'not-converged',
      reason: 'The law needs 3 different numbers of workers, got 1.',
    })
  })

  it('a failed trial takes its block out, and only for the treatments that need it', () => {
    const hit = (trial: CompletedTrial): boolean => trial.block === 3 && trial.treatment.workers === 4
    const study = made({ change: (trial) => (hit(trial) ? broken(trial) : trial) })
    const found = compare(study, twoVsFour)
    expect(found.blocks).toBe(6)
    expect(found.excluded).toEqual([{ block: 3, reason: 'b failed: disk full' }])
    expect(compare(study, { a: { workers: 1 }, b: { workers: 2 } }).blocks).toBe(7)
    expect(bestWorkers(study)[0]!.blocks).toBe(6)
    expect(fitScaling(study)[0]!.blocks).toBe(6)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('a total time of %s is refused, and its trial named', (totalMs) => {
    const study = made({
      change: (trial) => (trial.block === 2 && trial.treatment.workers === 4 ? { ...trial, totalMs } : trial),
    })
    const { trial } = study.trials.find((one) => one.block === 2 && one.treatment.workers === 4)!
    const refusal = new RegExp(
      `of trial ${trial} to be a finite number or null, got ${totalMs}: leave the trial out, or measure`,
    )
    expect(() => compare(study, twoVsFour)).toThrow(refusal)
    expect(() => bestWorkers(study)).toThrow(refusal)
    expect(() => summarise(study)).toThrow(refusal)
    expect(() => plotTotalTime(study)).toThrow(refusal)
    expect(() => judgeClaims(claims, study)).toThrow(refusal)
  })

  it('labels that several treatments share are refused, and the factor that tells them apart is named', () => {
    const study = made({ batchSizes: [10_000, 30_000] })
    expect(() => compare(study, twoVsFour)).toThrow(/`a` to name one treatment.*add `batchSize`/)
    expect(() => bestWorkers(study, { by: 'dispatch' })).toThrow(/batchSize/)
    expect(() => fitScaling(study, { by: 'dispatch' })).toThrow(/batchSize/)
    expect(() => judgeClaims(claims, [study, study])).toThrow('Expected different studies, got simulated twice')
  })
})
