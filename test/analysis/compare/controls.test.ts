import { describe, expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { compare, comparisonControls, wordsOf } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const twoVsFour = { a: { workers: 2 }, b: { workers: 4 } }
const truth = () => ({ totalMs: 5000 })

describe('comparisonControls', () => {
  const study = simulateStudy({ blocks: 12, noise: 0.02, controls: ['aa', 'slowdown'], truth })

  it('compare reports the controls of its metric with its answer', () => {
    const { controls } = compare(study, twoVsFour)
    expect(controls.aa).toMatchObject({ control: 'aa', by: null, expected: 1, detected: false })
    expect(controls.aa!.estimate!.value).toBeCloseTo(1, 1)
    expect(controls.slowdown).toMatchObject({ control: 'slowdown', by: 0.1, expected: 1.1, detected: true })
    expect(controls.slowdown!.estimate!.value).toBeCloseTo(1.1, 1)
    expect(sentenceOf(controls)).toMatch(
      /^Two identical treatments \(2 workers at 10K\) compared: .+ \(95 % CI .+ to .+\); a slow-down of 10 % was measured as .+ more time \(95 % CI .+ to .+\) and detected \(12 blocks\)$/,
    )
  })

  it('controls never count as measured trials', () => {
    const without = { ...study, trials: study.trials.filter(({ phase }) => phase === 'measured') }
    expect(compare(study, twoVsFour).estimate).toEqual(compare(without, twoVsFour).estimate)
  })

  it('comparisonControls expects less throughput of a slow-down, and nothing of it for times inside the load', () => {
    expect(comparisonControls(study, 'recordsPerSecond').slowdown).toMatchObject({ expected: 1 / 1.1, detected: true })
    const controls = comparisonControls(study, 'insertMs')
    const { aa, slowdown } = controls
    expect(slowdown).toBeNull()
    expect(aa!.estimate!.n).toBe(12)
    expect(sentenceOf(controls)).toMatch(
      /^Two identical treatments \(2 workers at 10K\) compared by insert time: .* \(12 blocks\)$/,
    )
  })

  it('comparisonControls says when a slow-down is lost in the noise, and when A/A differs', () => {
    const noisy = simulateStudy({ blocks: 6, noise: 0.5, controls: ['slowdown'], truth })
    expect(comparisonControls(noisy, 'totalMs')).toMatchObject({ aa: null, slowdown: { detected: false } })
    expect(sentenceOf(comparisonControls(noisy, 'totalMs'))).toMatch(
      /^A slow-down of 10 % .* and not detected \(6 blocks\)$/,
    )
    const shifted = simulateStudy({
      noise: 0.001,
      controls: ['aa'],
      truth: (_, control) => ({ totalMs: control ? 6000 : 5000 }),
    })
    expect(sentenceOf(comparisonControls(shifted, 'totalMs'))).toContain(
      ', a difference where there is none, as chance has it in 5 % of studies (6 blocks)',
    )
  })

  it('comparisonControls says whether extra work is detected, and how much of it was done', () => {
    const worked = (totalMs: number, clientWorkMs: number | null, noise = 0.02) =>
      simulateStudy({
        blocks: 12,
        noise,
        controls: ['work'],
        truth: (_, control) => (control === 'work' ? { totalMs, clientWorkMs } : truth()),
      })
    const found = comparisonControls(worked(5300, 400), 'totalMs')
    expect(found.work).toMatchObject({ by: 0.05, expected: null, detected: true, added: { ms: 400 } })
    expect(found.work!.added!.share).toBeCloseTo(0.08, 2)
    expect(sentenceOf(found)).toMatch(
      /^Extra work of 5 % of the CPU time \(400 ms, \d\.\d % of the total time\) was measured as \d\.\d % more time \(95 % CI .+\) and detected \(12 blocks\)$/,
    )
    expect(comparisonControls(worked(5300, 400), 'recordsPerSecond').work).toMatchObject({ detected: true })
    expect(comparisonControls(worked(5300, 400), 'insertMs').work).toBeNull()
    expect(comparisonControls(worked(4700, 400), 'totalMs').work).toMatchObject({ detected: false })
    expect(comparisonControls(worked(5050, 400, 0.3), 'totalMs').work).toMatchObject({ detected: false })
    expect(comparisonControls(worked(5300, null), 'totalMs').work).toMatchObject({ estimate: null, added: null })
  })

  it('comparisonControls says what observing costs: more time, less throughput', () => {
    const costly = simulateStudy({
      blocks: 12,
      noise: 0.002,
      controls: ['unprobed'],
      truth: (_, control) => ({ totalMs: control === 'unprobed' ? 5000 : 5100 }),
    })
    const time = comparisonControls(costly, 'totalMs')
    expect(time.unprobed).toMatchObject({ by: null, expected: null, added: null, detected: true })
    expect(time.unprobed!.estimate!.value).toBeCloseTo(5000 / 5100, 2)
    const costs = (controls: typeof time): { [name: string]: number } =>
      Object.fromEntries(wordsOf(controls)[0]!.numbers.map(({ name, value }) => [name, value]))
    expect(sentenceOf(time)).toMatch(
      /^Observing \(2 workers at 10K\) costs [12]\.\d % \(95 % CI \d\.\d to \d\.\d\) of total time \(12 blocks\)$/,
    )
    expect(costs(time)['unprobed.estimate']).toBeCloseTo(2, 0)
    const speed = costs(comparisonControls(costly, 'recordsPerSecond'))
    expect(speed['unprobed.estimate']).toBeCloseTo(2, 0)
    for (const numbers of [costs(time), speed]) {
      expect(numbers['unprobed.lower']).toBeLessThan(numbers['unprobed.estimate']!)
      expect(numbers['unprobed.upper']).toBeGreaterThan(numbers['unprobed.estimate']!)
    }
  })

  it('comparisonControls has null without controls, and no estimate where all broke', () => {
    const without = comparisonControls(simulateStudy({ truth }), 'totalMs')
    expect(without).toMatchObject({ aa: null, slowdown: null })
    expect(wordsOf(without)).toEqual([])
    const lost = simulateStudy({
      controls: ['aa'],
      truth,
      change: (trial) => (trial.phase === 'control' ? broken(trial) : trial),
    })
    expect(comparisonControls(lost, 'totalMs').aa).toMatchObject({ estimate: null, detected: null })
    expect(sentenceOf(comparisonControls(lost, 'totalMs'))).toBe(
      'Two identical treatments (2 workers at 10K) compared: no block with both',
    )
  })
})
