import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { welch } from '../../../src/analysis/statistics/welch.js'
import { diffStudies, type StudyDifferences, sentencesOf } from '../../../src/entries/analysis.js'
import type { Context } from '../../../src/study/context.js'
import type { Plan } from '../../../src/study/plan.js'
import type { Study } from '../../../src/study/study.js'

function study(hash: string, options: Partial<SimulateOptions> = {}): Study {
  const made = simulateStudy({ blocks: 8, noise: 0.02, truth: () => ({ totalMs: 1000 }), ...options })
  return { ...made, plan: { ...made.plan, hash }, journal: `data/studies/simulated/${hash}.jsonl` }
}

const withPlan = (given: Study, plan: Partial<Plan>): Study => ({ ...given, plan: { ...given.plan, ...plan } })
const withContext = (given: Study, context: Partial<Context>): Study => ({
  ...given,
  contexts: [{ ...given.contexts[0]!, ...context }],
})

const before = study('aaaaaaaaaaaa')
const after = study('bbbbbbbbbbbb', { seed: 2, truth: () => ({ totalMs: 900 }) })

describe('diffStudies(a, b)', () => {
  it('diffStudies compares what both measured by Welch’s interval of the logarithms, and says that it is between sessions', () => {
    const differences = diffStudies(before, after)
    const { a, b, results } = differences
    const [plan, context, caveat, ...said] = sentencesOf(differences)
    expect([a, b]).toEqual(['simulated (aaaaaaaaaaaa)', 'simulated (bbbbbbbbbbbb)'])
    expect(results.map(({ treatmentLabel, trialsA, trialsB }) => [treatmentLabel, trialsA, trialsB])).toEqual([
      ['2 workers, 10K', 8, 8],
      ['4 workers, 10K', 8, 8],
    ])
    const logs = (given: Study): number[] =>
      given.trials.flatMap((trial) =>
        trial.state === 'completed' && trial.treatment.workers === 2 ? [Math.log(trial.totalMs)] : [],
      )
    const { estimate } = welch(logs(after), logs(before))
    expect(results[0]!.ratio!.value).toBeCloseTo(Math.exp(estimate.value), 12)
    expect(results[0]!.ratio!.interval!.lower).toBeCloseTo(Math.exp(estimate.interval!.lower), 12)
    expect(said[0]).toMatch(
      /^2 workers, 10K, total time, between sessions: in the second [\d.]+ % less time \(95 % CI .* to .*\) \(8 and 8 trials\)$/,
    )
    expect(caveat).toMatch(/not treatments within blocks: .* so no verdict is given\.$/)
    expect([plan, context]).toEqual(['Plan: seed 1, then 2', 'Context: no difference'])
    expect(said).toHaveLength(results.length)
  })

  it('diffStudies names what plans and contexts do not share, settings and versions one by one', () => {
    const [{ server, hardware }] = after.contexts as [Context]
    const changed = withContext(
      withPlan(after, {
        seed: 1,
        input: { kind: 'flights', records: 5 },
        controls: { aa: after.plan.treatments[0]!, slowdown: null, work: null, unprobed: null },
      }),
      {
        node: 'v99.0.0',
        hardware: { ...hardware, cores: 64 },
        server: { ...server, settings: { ...server.settings, shared_buffers: '8GB' } },
      },
    )
    const { plan, context } = diffStudies(before, changed)
    expect(plan).toEqual([
      { what: 'A/A control', a: null, b: '2 workers, 10K' },
      { what: 'input kind', a: null, b: 'flights' },
      { what: 'input records', a: null, b: '5' },
    ])
    expect(context).toEqual([
      { what: 'Node.js', a: before.contexts[0]!.node, b: 'v99.0.0' },
      { what: 'processor', a: `${hardware.cores} × ${hardware.cpu}`, b: `64 × ${hardware.cpu}` },
      { what: 'shared_buffers', a: null, b: '8GB' },
    ])
  })

  it('diffStudies keeps treatments apart that one study alone has', () => {
    const queue = study('cccccccccccc', {
      workers: [4, 8],
      vary: (treatment) => [treatment, { ...treatment, dispatch: 'queue' as const }],
    })
    const { onlyA, onlyB, results } = diffStudies(before, queue)
    expect(onlyA).toEqual(['2 workers, 10K, split'])
    expect(onlyB).toEqual(['4 workers, 10K, queue', '8 workers, 10K, split', '8 workers, 10K, queue'])
    expect(results.map(({ treatmentLabel }) => treatmentLabel)).toEqual(['4 workers, 10K, split'])
    const apart = diffStudies(before, study('dddddddddddd', { workers: [8] }))
    expect(sentencesOf(apart).at(-1)).toBe('No treatment is in both studies')
  })

  it('diffStudies keeps levels apart that have one name and two meanings, and names these', () => {
    const named = (meaning: string): Study => {
      const made = simulateStudy({
        workers: [2],
        truth: () => ({ totalMs: 1000 }),
        vary: (treatment) => [treatment, { ...treatment, settings: 'flush' }],
      })
      const plan = { ...made.plan, meanings: { settings: { flush: { backend_flush_after: meaning } } }, hash: meaning }
      return { ...made, plan, journal: meaning }
    }
    const { results, onlyA, onlyB, plan } = diffStudies(named('256kB'), named('512kB'))
    expect(results.map(({ treatment }) => treatment.settings)).toEqual(['default'])
    expect(onlyA).toEqual(onlyB)
    expect(onlyA).toHaveLength(1)
    expect(plan).toContainEqual({ what: 'level of settings flush backend_flush_after', a: '256kB', b: '512kB' })
  })

  it('diffStudies says when total times are not of the same work', () => {
    const input = { ...after.contexts[0]!.input, records: 5 }
    const fewer = withContext(after, { input })
    const said = (differences: StudyDifferences): string => sentencesOf(differences).join('\n')
    expect(said(diffStudies(before, fewer))).toContain('different numbers of records')
    expect(said(diffStudies(before, fewer, { metric: 'recordsPerSecond' }))).not.toContain('different numbers')
  })

  it('diffStudies gives no interval for one trial or for none that vary, and no ratio without a value', () => {
    const once = diffStudies(before, study('eeeeeeeeeeee', { blocks: 1 }))
    const [one] = once.results
    expect(one).toMatchObject({ trialsB: 1, ratio: { interval: null, n: 9 } })
    expect(sentencesOf(once).join('\n')).toContain(', no interval (8 and 1 trial)')
    const still = (hash: string) => study(hash, { noise: 0 })
    expect(diffStudies(still('a'), still('b')).results[0]!.ratio).toEqual({ value: 1, interval: null, n: 16 })
    const never = diffStudies(before, { ...after, trials: [] })
    const [none] = never.results
    expect(none).toMatchObject({ ratio: null, trialsB: 0 })
    expect(sentencesOf(never).join('\n')).toContain('no value in one of them (8 and 0 trials)')
  })

  it('diffStudies refuses the same study twice, and a metric or a level that does not exist', () => {
    expect(() => diffStudies(before, before)).toThrow(
      'Expected two different studies, got simulated (aaaaaaaaaaaa) twice',
    )
    expect(() => diffStudies(before, after, { metric: 'speed' as never })).toThrow('metric')
    expect(() => diffStudies(before, after, { level: 2 })).toThrow('`level`')
  })
})
