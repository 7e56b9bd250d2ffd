import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { sentencesOf, threatsToValidity, wordsOf } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'

const made = (options: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({ blocks: 8, noise: 0.02, truth: () => ({ totalMs: 3000 }), ...options })
const sentences = (...studies: Study[]): string => sentencesOf(...threatsToValidity(studies)).join('\n')

describe('threatsToValidity(studies)', () => {
  it('says what was not varied, where client and server share a machine, and that a study explores', () => {
    const text = sentences(made({ workers: [1, 2], batchSizes: [10_000, 30_000] }))
    expect(text).toContain('Measured were workers 1, 2 × batchSize 10K, 30K, with split, event-loop, text')
    expect(text).toContain('Client and server share 2 cores')
    expect(text).toContain('No control ran together with the treatments')
    expect(text).toContain('Nothing was preregistered beforehand')
    expect(text).toContain('One input, simulated')
    for (const { text: sentence, numbers } of threatsToValidity([made()]).flatMap(wordsOf)) {
      for (const { text: quoted } of numbers) expect(sentence).toContain(quoted)
    }
  })

  it('takes up what the trials, the controls and the deviations from the plan say', () => {
    const drifting = made({
      drift: 0.5,
      blocks: 20,
      controls: ['slowdown'],
      noise: 0.2,
      change: (trial) => (trial.trial === 3 ? null : trial),
    })
    const text = sentences(drifting)
    expect(text).toMatch(/from the first to the last/)
    expect(text).toMatch(/A slow-down of 10 % was not detected: smaller differences may have been missed/)
    const detected = made({
      controls: ['aa'],
      blocks: 8,
      noise: 0.001,
      truth: (_, control) => ({ totalMs: control === 'aa' ? 3300 : 3000 }),
    })
    expect(sentences(detected)).toContain('The two identical treatments differ')
    expect(sentences(made({ controls: ['aa'] }))).not.toContain('The two identical treatments differ')
    const faint = made({ controls: ['work'], noise: 0.2, truth: () => ({ totalMs: 3000, clientWorkMs: 100 }) })
    expect(sentences(faint)).toMatch(/Extra work of the client by 5 % of the CPU time was not detected/)
    expect(sentences(faint)).not.toContain('No control ran')
    const costly = made({
      controls: ['unprobed'],
      noise: 0.001,
      truth: (_, control) => ({ totalMs: control ? 2900 : 3000 }),
    })
    expect(sentences(costly)).toContain('Trials without probes take another time')
    expect(sentences(made({ controls: ['unprobed'] }))).toContain('No control ran')
    const short = { ...made(), plan: { ...made().plan, blocks: 12 } }
    expect(sentences(short)).toContain('Not as planned: 8 of 12 planned blocks were begun')
  })

  it('is silent about a shared machine where the server is another', () => {
    const study = made()
    const [context] = study.contexts
    const away = { ...study, contexts: [{ ...context!, server: { ...context!.server, host: '10.1.2.3' } }] }
    expect(sentences(away)).not.toContain('Client and server share')
  })

  it('makes one threat of what several studies share, in the order of the kinds', () => {
    const other = made()
    const threats = threatsToValidity([made(), { ...other, plan: { ...other.plan, name: 'other' } }])
    expect(threats.find((threat) => sentencesOf(threat)[0]!.startsWith('One input'))!.studies).toEqual([
      'simulated',
      'other',
    ])
    const kinds = threats.map(({ validity }) => validity)
    expect(new Set(kinds).size).toBe(4)
    expect(kinds.indexOf('internal')).toBe(0)
    expect(kinds.at(-1)).toBe('external')
    expect(() => threatsToValidity([])).toThrow('Expected at least one study')
  })
})
