import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { summarise, tableHtml, tableMarkdown, trialRows } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'

const truth = ({ workers }: { readonly workers: number }) => ({ totalMs: workers === 2 ? 8000 : 10_000 })

describe('summarise', () => {
  it('summarise(study) has a row per treatment in the order of the plan, with its spread', () => {
    const study = simulateStudy({
      workers: [4, 2],
      blocks: 3,
      truth,
      change: (trial) => ({ ...trial, totalMs: trial.totalMs * trial.block }),
    })
    const [four, two] = summarise(study)
    expect(four).toMatchObject({
      treatmentLabel: '4 workers',
      workers: 4,
      n: 3,
      min: 10_000,
      max: 30_000,
      median: 20_000,
    })
    expect(four).toMatchObject({ mean: 20_000, sd: 10_000, cv: 0.5 })
    expect(two!.geometricMean!.value).toBeCloseTo(8000 * 6 ** (1 / 3), 6)
    expect(two!.geometricMean!.interval!.lower).toBeLessThan(two!.geometricMean!.value)
    expect(four).not.toHaveProperty('batchSize')
  })

  it('summarise leaves failed and warm-up trials out, and has null where nothing was measured', () => {
    const study = simulateStudy({
      workers: [2, 4],
      warmUpBlocks: 1,
      blocks: 2,
      truth,
      change: (trial) => (trial.treatment.workers === 4 ? broken(trial) : trial),
    })
    expect(summarise(study).map(({ n, mean, geometricMean }) => [n, mean, geometricMean === null])).toEqual([
      [2, 8000, false],
      [0, null, true],
    ])
  })

  it('summarise refuses factors that do not tell the treatments apart', () => {
    const study = simulateStudy({ batchSizes: [10_000, 20_000], truth })
    expect(() => summarise(study, { by: ['workers'] })).toThrow(
      'add `batchSize` (10000, 20000), or fix it with `where`',
    )
    expect(summarise(study, { by: ['workers', 'dispatch'], where: { batchSize: 20_000 } })[0]).toMatchObject({
      workers: 2,
      dispatch: 'split',
    })
  })
})

describe('tableHtml', () => {
  const rows = [
    {
      name: '<b>"a" & b</b>',
      records: 717_000,
      cv: 0.0413,
      estimate: { value: 1.2345, interval: { level: 0.95, lower: 1, upper: -2 }, n: 6 },
    },
    { name: 'c|d', records: null, cv: 0.1, estimate: { value: 2, interval: null, n: 1 } },
  ]

  it('tableHtml escapes text, separates thousands, shows estimates with their intervals and null as a dash', () => {
    const html = tableHtml(rows, { caption: 'a < b', labels: { cv: 'CV' } })
    expect(html).toContain('&#60;b&#62;&#34;a&#34; &#38; b&#60;/b&#62;')
    expect(html).toContain('>a &#60; b</caption>')
    expect(html.match(/<td[^>]*>([^<]*)<\/td>/g)!.map((cell) => cell.replace(/<[^>]*>/g, ''))).toEqual([
      '&#60;b&#62;&#34;a&#34; &#38; b&#60;/b&#62;',
      '717,000',
      '0.041',
      '1.23 [1.00, −2.00]',
      'c|d',
      '–',
      '0.100',
      '2.00',
    ])
    expect(html).toMatch(/<td style="[^"]*text-align:right[^"]*tabular-nums">717,000/)
  })

  it('tableHtml takes columns, their order and their digits', () => {
    const html = tableHtml(rows, { columns: ['cv', 'name'], digits: { cv: 1 } })
    expect(html.match(/<th [^>]*>([^<]*)/g)!.map((head) => head.replace(/<[^>]*>/g, ''))).toEqual(['cv', 'name'])
    expect(html).toContain('>0.0<')
    expect(() => tableHtml(rows, { columns: ['speed'] })).toThrow(
      '`columns` to name columns out of name, records, cv, estimate, got `speed`',
    )
    expect(() => tableHtml(7 as never)).toThrow('a list of rows or a DataFrame, got 7')
  })

  it('tableHtml leaves out columns of objects', () => {
    expect(tableHtml(summarise(simulateStudy({ truth })))).not.toContain('[object Object]')
  })

  it('tableMarkdown has the same cells, safe for pandoc, and its caption', () => {
    expect(tableMarkdown(rows, { columns: ['name', 'records'], caption: 'Trials' }).split('\n')).toEqual([
      '| name | records |',
      '| :-- | --: |',
      '| &#60;b&#62;\\"a\\" & b&#60;/b&#62; | 717,000 |',
      '| c\\|d | – |',
      '',
      'Table: Trials',
    ])
  })
})

describe('trialRows', () => {
  const study = simulateStudy({
    warmUpBlocks: 1,
    blocks: 2,
    truth,
    change: (trial) => (trial.block === 2 && trial.treatment.workers === 4 ? broken(trial) : trial),
  })

  it('trialRows puts treatment, measures and speeds side by side', () => {
    const [row] = trialRows(study)
    expect(row).toMatchObject({
      block: 1,
      phase: 'measured',
      state: 'completed',
      batchSize: 10_000,
      dispatch: 'split',
      records: 60_000,
    })
    expect(row!.recordsPerSecond).toBeCloseTo((row!.records / row!.totalMs) * 1000, 9)
    expect(row!.recordsPerInsertSecond).toBeCloseTo((row!.records / row!.insertMs!) * 1000, 9)
    expect(Object.values(row!).every((value) => typeof value !== 'object' || value === null)).toBe(true)
  })

  it('trialRows selects by phase and state', () => {
    expect(trialRows(study)).toHaveLength(3)
    expect(trialRows(study, { phase: 'warm-up' })).toHaveLength(2)
    const all = trialRows(study, { phase: 'all', state: 'all' })
    expect(all).toHaveLength(6)
    expect(all.find((row) => row.state === 'failed')).toMatchObject({ block: 2, workers: 4, error: 'disk full' })
    expect(() => trialRows(study, { phase: 'cold' as never })).toThrow(
      '`phase` to be one of measured, control, warm-up, all, got "cold"',
    )
  })
})
