import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { compare, doseResponseRows, explain } from '../../../src/entries/analysis.js'
import { readStudy } from '../../../src/entries/executor.js'
import type { Study } from '../../../src/study/study.js'

/** Waits that grow with the workers more in the queue, where nothing is lost. */
const options: SimulateOptions = {
  workers: [1, 2, 4],
  batchSizes: [10_000],
  blocks: 8,
  noise: 0.02,
  seed: 5,
  vary: (one) => [one, { ...one, dispatch: 'queue' }],
  truth: ({ workers, dispatch }) => {
    const lock = (dispatch === 'queue' ? 0.1 : 0.02) * workers
    return {
      totalMs: dispatch === 'queue' ? 4000 : 4000 + 200 * workers,
      events: { cpu: 1 - lock, 'Lock:extend': lock },
    }
  },
}
const study = simulateStudy(options)

describe('doseResponseRows', () => {
  it('doseResponseRows has one row per setting, named by what varies apart from the workers', () => {
    const rows = doseResponseRows(study, { workers: [2, 4] })
    expect(rows.map((row) => [row.study, row.setting, row.blocks])).toEqual([
      [study.plan.name, 'split', 8],
      [study.plan.name, 'queue', 8],
    ])
    expect(doseResponseRows(study, { workers: [2, 4], where: { dispatch: 'queue' } })).toMatchObject([
      { setting: '10K', blocks: 8 },
    ])
  })

  it('doseResponseRows finds the changes that are true by construction', () => {
    const [split, queue] = doseResponseRows(study, { workers: [2, 4] })
    expect(queue!.changePoints.value).toBeGreaterThan(split!.changePoints.value + 5)
    expect(split!.changePoints.interval!.lower).toBeGreaterThan(0)
    expect(split!.moreTimePercent.value).toBeCloseTo((4800 / 4400 - 1) * 100, 0)
    expect(Math.abs(queue!.moreTimePercent.value)).toBeLessThan(3)
    const back = doseResponseRows(study, { workers: [4, 2] })
    expect(back[1]!.changePoints.value).toBeCloseTo(-queue!.changePoints.value, 9)
  })

  it.each(['reference-workers', 'reference-importer'])(
    'doseResponseRows of %s says what explain and compare say of each setting',
    (name) => {
      const own = readStudy(name)
      const rows = doseResponseRows(own, { workers: [2, 4], level: 0.9 })
      const settings = own.plan.treatments.filter(({ workers }) => workers === 2)
      expect(rows).toHaveLength(settings.length)
      for (const [k, from] of settings.entries()) {
        const to = { ...from, workers: 4 }
        const { lockShare, blocks } = explain(own, { from, to, level: 0.9 })
        const { fromPercent, toPercent, changePoints, moreTimePercent } = rows[k]!
        expect(rows[k]!.blocks).toBe(blocks)
        expect(fromPercent).toBeCloseTo(lockShare!.from * 100, 9)
        expect(toPercent).toBeCloseTo(lockShare!.to * 100, 9)
        expect(changePoints.value).toBeCloseTo(lockShare!.change.value * 100, 9)
        expect(changePoints.interval!.upper).toBeCloseTo(lockShare!.change.interval!.upper * 100, 9)
        const { value, interval } = compare(own, { a: to, b: from, level: 0.9 }).estimate!
        expect(moreTimePercent.value).toBeCloseTo((value - 1) * 100, 9)
        expect(moreTimePercent.interval!.lower).toBeCloseTo((interval!.lower - 1) * 100, 9)
      }
    },
  )

  it('doseResponseRows takes the settings of several studies, and leaves out what has no block', () => {
    const one = simulateStudy({ ...options, workers: [1, 8], vary: (own) => [own] })
    const unread = withoutWaits(study)
    const names = (given: readonly Study[]) =>
      doseResponseRows(given, { workers: [2, 4] }).map(({ setting }) => setting)
    expect(names([one, study, unread])).toEqual(['split', 'queue'])
    expect(names([unread])).toEqual([])
  })

  it('doseResponseRows counts waits for the content of a buffer alike on 18 and on 19', () => {
    const [before, after] = ['LWLock:BufferContent', 'Buffer:BufferExclusive'].map((event) => {
      const own = simulateStudy({
        ...options,
        truth: ({ workers }) => ({ totalMs: 4000, events: { cpu: 1 - 0.1 * workers, [event]: 0.1 * workers } }),
      })
      return doseResponseRows(own, { workers: [2, 4] })
    })
    expect(after).toEqual(before)
    expect(before![0]!.changePoints.value).toBeGreaterThan(5)
  })

  it.each([
    [{ workers: 4 }, '`workers` to be two different worker counts such as [2, 4], got 4'],
    [{ workers: [2, 2] }, '`workers` to be two different worker counts such as [2, 4], got [2,2]'],
    [{ workers: [2, 0] }, '`workers`'],
    [{ workers: [2, 3] }, 'got 2 and 3: the counts are 1, 2, 4 in'],
    [{ workers: [2, 4], level: 95 }, '`level`'],
    [{ workers: [2, 4], where: { batchsize: 1 } }, 'batchSize'],
  ])('doseResponseRows refuses %o by name', (given, message) => {
    expect(() => doseResponseRows(study, given as never)).toThrow(message)
  })
})

function withoutWaits(given: Study): Study {
  const trials = given.trials.map((trial) => (trial.state === 'completed' ? { ...trial, waits: null } : trial))
  return { ...given, trials }
}
