import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { checkStudy, compare, plotThroughput, summarise, trialRows, trialsFrame } from '../../src/entries/analysis.js'
import { showValue } from '../../src/notebook/value-display.js'
import { shownText } from './cells/shown-text.js'
import { shownBy } from './shown-by.js'

const study = simulateStudy({ blocks: 8, noise: 0.02, truth: ({ workers }) => ({ totalMs: 4000 / workers }) })
const answer = compare(study, { a: { workers: 2 }, b: { workers: 4 } })

/** The output that a value is shown as; null where it is not shown. */
function shown(value: object): { text: string; data: Record<string, unknown> } | null {
  let isShown = false
  const outputs = shownBy(() => {
    isShown = showValue(value)
  })
  expect(outputs.length > 0).toBe(isShown)
  return isShown ? { text: shownText(outputs), data: (outputs[0] as { data: Record<string, unknown> }).data } : null
}

describe('showValue', () => {
  it('shows a study as its summary, in the cell, in documents and as text', () => {
    const { text, data } = shown(study)!
    expect(text).toMatch(/^Study simulated: 16 measured trials in 8 blocks; total time in ms\ntreatment \| trials \|/)
    expect(data['text/html']).toContain('<table')
    expect(data['text/markdown']).toContain('Table: Study simulated')
  })

  it('says results, one or many, and no more than twenty of them', () => {
    expect(shown(answer)!.text).toMatch(/^- 2 workers vs 4 at 10K/)
    expect(shown([answer, answer])!.text.split('\n')).toHaveLength(2)
    const many = shown(Array.from({ length: 25 }, () => answer))!.text.split('\n')
    expect(many).toHaveLength(21)
    expect(many.at(-1)).toBe('- 5 more sentences: say(…) says all.')
  })

  it('shows no more than twenty rows and twelve columns, and counts the rest', () => {
    const rows = Array.from({ length: 300 }, (_, k) => ({ k, text: `t${k}` }))
    const { text } = shown(rows)!
    expect(text.split('\n')).toHaveLength(22)
    expect(text).toMatch(/^300 rows × 2 columns; shown are the first 20 rows\n/)
    expect(shown(trialRows(study))!.text).toMatch(/^16 rows × \d+ columns; shown are the first 12 columns\n/)
    expect(shown(trialsFrame(study))!.text).toMatch(
      /^Data frame, 16 rows × \d+ columns; shown are the first 12 columns\n/,
    )
    expect(shown(summarise(study))!.text).toMatch(/^2 rows × \d+ columns; not shown, since nested: treatment\n/)
  })

  it('shows the index of a frame that is not counted from 0, dates as text, and what is missing as a dash', () => {
    const frame = trialsFrame(study)
    expect(shown(frame.tail(1))!.text).toMatch(/\n \| ?trial \| |\n\| trial \| /)
    expect(shown([{ at: new Date(0), value: null }])!.text).toBe(
      '1 row × 2 columns\nat | value\n1970-01-01T00:00:00.000Z | –',
    )
  })

  it('shows a figure', () => {
    expect(shown(plotThroughput(study))!.text).toMatch(/^\[figure\] Does throughput rise/)
    expect(shown({ data: [{ type: 'bar', x: [1], y: [2] }] })!.text).toBe('[figure] untitled')
  })

  it.each([
    [[]],
    [[1, 2]],
    [[[1], [2]]],
    [{ a: 1 }],
    [{ data: [1, 2] }],
    [{ data: [] }],
    [{ data: [{ id: 1 }], total: 1 }],
    [{ result: 'mine' }],
    [new Map([[1, 2]])],
    [new Date(0)],
    [checkStudy(study)],
    [[{ nested: { a: 1 }, other: [1], k: 1 }]],
    [{ plan: null, trials: [], contexts: [] }],
  ])('leaves %j as it is', (value) => {
    expect(shown(value)).toBeNull()
  })
})
