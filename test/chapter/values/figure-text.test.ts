import { expect, test } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { type ClaimVerdict, judgeClaims, plotClaims } from '../../../src/entries/analysis.js'
import { figureTitle } from '../../../src/notebook/figure-display.js'

const value = '<a href="http://evil.example">x</a> & <b>y</b>'

test('a claim is text in every label of a figure, which reads a part of HTML', () => {
  const study = simulateStudy({ workers: [2, 4], noise: 0.02, truth: ({ workers }) => ({ totalMs: 4000 / workers }) })
  const claims = { title: value, claims: [claimed('ratio'), claimed('sets')] }
  const verdicts: readonly ClaimVerdict[] = judgeClaims(claims as never, [study])
  expect(verdicts).toHaveLength(2)
  const written = JSON.stringify(plotClaims(verdicts))
  expect(written).toContain('&lt;a')
  expect(written).not.toMatch(/<(?:a|b>y)/)
})

function claimed(id: string): object {
  const test =
    id === 'ratio'
      ? {
          kind: 'contrasts',
          contrasts: [{ a: { workers: 4 }, b: { workers: 2 }, metric: 'totalMs', claim: { fasterBy: [0.05, 0.15] } }],
        }
      : { kind: 'peak' }
  return { id, claim: value, test }
}

test('figureTitle gives the text of a title, without its marks and its entities', () => {
  expect(figureTitle({ title: { text: '<b>a &lt;b&gt; &amp; c</b><br>d' } })).toBe('a <b> & c - d')
})
