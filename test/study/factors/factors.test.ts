import { describe, expect, it } from 'vitest'
import { designOf, type Factors, fixedFactors, treatmentOf } from '../../../src/study/design.js'
import { partSize } from '../../../src/study/factors/factors.js'
import { selectTreatment } from '../../../src/study/selection.js'
import { defaultTreatment, factorEntry, factorNames, levelText } from '../../../src/study/treatment.js'

const flush = { backend_flush_after: '256kB' }

describe('the list of factors', () => {
  it('has a default that is one of the levels, a label and a summary for each', () => {
    for (const factor of factorNames) {
      const { default: level, label, summary } = factorEntry(factor)
      expect(defaultTreatment[factor]).toBe(level)
      expect(treatmentOf({ [factor]: level })).toEqual(defaultTreatment)
      expect(label).toMatch(/^[a-z]/)
      expect(summary.length).toBeGreaterThan(10)
    }
  })

  it('puts every level into words', () => {
    expect(factorNames.map((factor) => levelText(factor, defaultTreatment[factor]))).toEqual([
      '2 workers',
      '10K',
      'split',
      'event-loop',
      'text',
      'pipeline',
      'into a table',
      '0 secondary indexes',
      'logged',
      'synchronous commit on',
      'a checkpoint before each trial',
      'whole parts',
      '0 COPYs ahead',
      'default settings',
      'default layout',
      'indexes before the load',
      '0 existing rows',
      'one table',
      'freeze off',
      '0 ms of round trip',
      'no client work',
      'shared cores',
      'loader copylab',
    ])
    expect(levelText('workers', 1)).toBe('1 worker')
    expect(levelText('secondaryIndexes', 1)).toBe('1 secondary index')
    expect(levelText('recordsPerCopy', 1000)).toBe('1K records per COPY')
    expect(levelText('recordsPerCopy', 1)).toBe('1 record per COPY')
    expect(levelText('settings', 'flush')).toBe('settings flush')
    expect(levelText('synchronousCommit', false)).toBe('synchronous commit off')
  })
})

describe('named levels', () => {
  it('come with their meanings, in lower case as the server takes them', () => {
    const { treatments, meanings } = designOf({ settings: { default: {}, flush: { Backend_Flush_After: '256kB' } } })
    expect(treatments.map(({ settings }) => settings)).toEqual(['default', 'flush'])
    expect(meanings).toEqual({ settings: { flush } })
  })

  it('may be fixed at one, and are what fixedFactors gives back', () => {
    const { treatments, meanings } = designOf({ workers: [1, 2], settings: { flush } })
    expect(designOf(treatments.map((one) => fixedFactors(one, meanings)))).toEqual({
      treatments,
      meanings,
      leftOut: [],
    })
  })

  it.each<[string, Factors[]]>([
    [
      'to leave `synchronous_commit` to the factor `synchronousCommit`',
      [{ settings: { off: { SYNCHRONOUS_COMMIT: 'off' } } }],
    ],
    ['not to set `application_name`', [{ settings: { named: { application_name: 'x' } } }]],
    ['to be named in lower-case letters, digits and -, got "Flush"', [{ settings: { Flush: flush } }]],
    ['to be named in lower-case letters, digits and -, got "a b"', [{ settings: { 'a b': flush } }]],
    ['to be empty, since it changes nothing', [{ settings: { default: flush } }]],
    ['to name one setting or more', [{ settings: { nothing: {} } }]],
    ['to name settings of the server, got "work mem"', [{ settings: { odd: { 'work mem': '1MB' } } }]],
    ['Expected `work_mem` of the level `odd`', [{ settings: { odd: { work_mem: '' } } }]],
    ['to name its levels and what they mean', [{ settings: 'flush' }]],
    ['to name its levels and what they mean', [{ settings: {} }]],
    ['got two meanings for `flush`', [{ settings: { flush } }, { settings: { flush: { work_mem: '1MB' } } }]],
    ['got one meaning for `flush` and `same`', [{ settings: { flush, same: flush } }]],
  ])('are refused: Expected … %s', (message, factors) => {
    expect(() => designOf(factors)).toThrow(message)
  })
})

describe('levels without effect', () => {
  const left = (factors: Factors | Factors[]) => {
    const { treatments, leftOut } = designOf(factors)
    return { run: treatments.length, leftOut: leftOut.map(({ factors: apart }) => apart.join()) }
  }

  it('are run once, and named: a COPY that is as large as the part', () => {
    const { treatments, leftOut } = designOf({
      workers: [2, 4],
      batchSize: 10_000,
      recordsPerCopy: [3_000, 5_000, null],
    })
    expect(treatments.map((one) => `${one.workers} ${one.recordsPerCopy}`)).toEqual(['2 3000', '2 null', '4 null'])
    expect(
      leftOut.map((one) => `${one.treatment.workers} ${one.treatment.recordsPerCopy} → ${one.sameAs.recordsPerCopy}`),
    ).toEqual(['2 5000 → null', '4 3000 → null', '4 5000 → null'])
  })

  it('are distinguished from those that have one: `queue` hands out whole batches', () => {
    expect(left({ workers: 4, batchSize: 1_000, recordsPerCopy: [300, null], dispatch: ['split', 'queue'] })).toEqual({
      run: 3,
      leftOut: ['recordsPerCopy'],
    })
    expect(partSize({ workers: 3, batchSize: 1_000, dispatch: 'split' })).toBe(334)
  })

  it('of the null trial are those of the table and the connection', () => {
    expect(left({ target: 'nothing', persistence: ['logged', 'unlogged'], settings: { default: {}, flush } })).toEqual({
      run: 1,
      leftOut: ['settings', 'persistence', 'persistence,settings'],
    })
    expect(left({ target: ['table', 'nothing'], secondaryIndexes: [0, 1], synchronousCommit: [true, false] }).run).toBe(
      5,
    )
  })

  it('of `freeze` and `existingRows` are those of tables that workers share, and of their own', () => {
    const { treatments, leftOut } = designOf({
      workers: [1, 2],
      existingRows: [0, 10],
      tables: ['one', 'per-worker'],
      freeze: [false, true],
    })
    const words = ({ workers, existingRows, tables, freeze }: (typeof treatments)[number]) =>
      `${workers} ${tables} ${existingRows} ${freeze ? 'frozen' : '-'}`
    expect(treatments.map(words).sort()).toEqual([
      '1 one 0 -',
      '1 one 0 frozen',
      '1 one 10 -',
      '1 per-worker 0 -',
      '1 per-worker 0 frozen',
      '2 one 0 -',
      '2 one 10 -',
      '2 per-worker 0 -',
      '2 per-worker 0 frozen',
    ])
    expect(leftOut.map(({ treatment, sameAs }) => `${words(treatment)} → ${words(sameAs)}`).sort()).toEqual([
      '1 one 10 frozen → 1 one 10 -',
      '1 per-worker 10 - → 1 per-worker 0 -',
      '1 per-worker 10 frozen → 1 per-worker 0 frozen',
      '2 one 0 frozen → 2 one 0 -',
      '2 one 10 frozen → 2 one 10 -',
      '2 per-worker 10 - → 2 per-worker 0 -',
      '2 per-worker 10 frozen → 2 per-worker 0 frozen',
    ])
  })

  it('keep the level that was asked for where it stands alone', () => {
    expect(designOf({ target: 'nothing', persistence: 'unlogged' })).toMatchObject({
      treatments: [{ persistence: 'unlogged' }],
      leftOut: [],
    })
  })

  it('are explained to who asks for one of them', () => {
    const plan = { name: 'made', ...designOf({ workers: 2, batchSize: 100, recordsPerCopy: [60, null, 10] }) }
    expect(() => selectTreatment({ plan }, { recordsPerCopy: 60 }, 'a')).toThrow(
      'Expected `a` to name a treatment that was run, got {"recordsPerCopy":60}, which is equivalent to {"recordsPerCopy":null}: name that one',
    )
    expect(selectTreatment({ plan }, { recordsPerCopy: 10 }, 'a').recordsPerCopy).toBe(10)
  })
})
