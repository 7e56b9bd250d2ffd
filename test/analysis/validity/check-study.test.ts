import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { largeBatches } from '../../../src/analysis/validity/same-loads.js'
import { checkStudy } from '../../../src/entries/analysis.js'
import type { Context, MachineFacts, ServerFacts, StorageFacts } from '../../../src/study/context.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { broken } from '../broken-trial.js'
import { sentenceOf } from '../sentence-of.js'

const quiet: SimulateOptions = { blocks: 10, noise: 0.02, truth: ({ workers }) => ({ totalMs: 20_000 / workers }) }

function changed(
  change: (trial: CompletedTrial) => Partial<CompletedTrial>,
  more: Partial<SimulateOptions> = {},
): Study {
  return simulateStudy({ ...quiet, change: (trial) => ({ ...trial, ...change(trial) }), ...more })
}

/** The codes of what is found, each once. */
const codes = (study: Study): string[] => [...new Set(checkStudy(study).map(({ code }) => code))]
const only = (study: Study) => {
  const findings = checkStudy(study)
  expect(findings).toHaveLength(1)
  return findings[0]!
}

describe('checkStudy', () => {
  it('checkStudy finds nothing in a quiet study', () => {
    expect(checkStudy(simulateStudy({ ...quiet, warmUpBlocks: 1, controls: ['aa', 'slowdown'] }))).toEqual([])
    expect(checkStudy(simulateStudy({ ...quiet, change: () => null }))).toEqual([])
  })

  it('checkStudy raises few false alarms about order: about 3 % of studies, at 1 % for each test', () => {
    const studies = Array.from({ length: 200 }, (_, seed) =>
      simulateStudy({
        workers: [1, 2, 4],
        blocks: 10,
        noise: 0.05,
        blockNoise: 0.03,
        seed: seed + 1,
        truth: () => ({ totalMs: 1500 }),
      }),
    )
    expect(studies.filter((study) => codes(study).length > 0).length).toBeLessThan(14)
  })

  it('checkStudy names the treatments in which some workers never had a part', () => {
    const withoutLast = ({ parts, treatment }: CompletedTrial): Partial<CompletedTrial> =>
      treatment.workers === 4 ? { parts: parts.filter((part) => part.worker < 3) } : {}
    const finding = only(changed(withoutLast))
    expect(finding.code).toBe('idle-workers')
    expect(sentenceOf(finding)).toBe(
      'Some workers had nothing to load with 4 workers at 10K (3 of 4 loaded): take smaller batches or fewer workers',
    )
    expect(finding.trials).toHaveLength(10)
    const threads = changed(withoutLast, { vary: (one) => [{ ...one, client: 'threads' }] })
    expect(sentenceOf(only(threads))).toContain('cut the input into more files')
  })

  it('checkStudy names trials whose round trips took longer than asked for', () => {
    const far = (measured: (own: CompletedTrial) => number) =>
      changed((own) => ({ measuredRoundTripMs: measured(own) }), {
        vary: (one) => [0, 20].map((roundTripMs) => ({ ...one, roundTripMs })),
      })
    expect(codes(far(({ treatment }) => 2 + treatment.roundTripMs + 2.5))).toEqual([])
    const finding = only(far(({ treatment, block }) => 2 + treatment.roundTripMs + (block === 3 ? 4.25 : 0)))
    expect(finding.code).toBe('long-round-trips')
    expect(finding.trials).toHaveLength(2)
    expect(sentenceOf(finding)).toMatch(
      /^Round trips took up to 4\.3 ms more than `roundTripMs` asks for in trials 10 and 11: end other/,
    )
  })

  it('checkStudy names batch sizes at which one batch holds all records, where there are several', () => {
    const { plan } = simulateStudy({
      workers: [1, 2],
      blocks: 2,
      noise: 0.01,
      truth: () => ({ totalMs: 900 }),
      vary: (own) => [1_000, 10_000, 30_000].map((batchSize) => ({ ...own, batchSize })),
    })
    const of = (records: number) => largeBatches({ plan, contexts: [{ input: { records } }] } as unknown as Study)
    expect(of(10_000).map(sentenceOf)).toEqual([
      'One batch holds all 10,000 records at batch sizes of 10,000 and 30,000, so that these are the same load: compare smaller ones, or load more records',
    ])
    expect(of(10_001)).toEqual([])
    expect(largeBatches({ plan, contexts: [] } as unknown as Study)).toEqual([])
  })

  it('checkStudy names the treatments that saturate the client, and what takes work off it', () => {
    const study = simulateStudy({
      ...quiet,
      truth: ({ workers }) => ({ totalMs: 20_000 / workers, eventLoopUtilisation: workers === 4 ? 0.97 : 0.6 }),
    })
    const finding = only(study)
    expect(finding.code).toBe('client-saturated')
    expect(sentenceOf(finding)).toMatch(
      /with 4 workers at 10K \(97 %\), .*: try client: 'threads', or encoding: 'binary'/,
    )
    expect(finding.trials).toEqual(
      study.trials.filter(({ treatment }) => treatment.workers === 4).map(({ trial }) => trial),
    )
  })

  it('checkStudy expects null trials to saturate the client', () => {
    const study = simulateStudy({
      ...quiet,
      vary: (treatment) => [treatment, { ...treatment, target: 'nothing' }],
      truth: ({ target }) => ({ totalMs: 4000, eventLoopUtilisation: target === 'nothing' ? 0.99 : 0.6 }),
    })
    expect(checkStudy(study)).toEqual([])
  })

  it.each([
    ['checkpoint-in-trial', { checkpoints: 1 }, 'A checkpoint began in trials 3 and 5, '],
    ['autovacuum-in-trial', { autovacuumSamples: 4 }, 'Autovacuum was at work on other tables in trials 3 and 5: '],
    ['steal', { hostSteal: 0.08 }, 'took up to 8 % of the host'],
    ['swap', { hostSwapPages: 5000 }, 'swapped memory in trials 3 and 5: '],
    ['clock-drift', { clockDriftMs: -250 }, 'moved by up to 250 ms'],
  ] as const)('checkStudy finds %s in the trials that it happened in', (code, values, message) => {
    const finding = only(changed(({ trial }) => (trial === 3 || trial === 5 ? values : {})))
    expect(finding).toMatchObject({ code, trials: [3, 5] })
    expect(sentenceOf(finding)).toContain(message)
  })

  it('checkStudy takes no reading for no finding', () => {
    const unread = {
      eventLoopUtilisation: null,
      checkpoints: null,
      autovacuumSamples: null,
      hostSteal: null,
      hostSwapPages: null,
      clockDriftMs: null,
      rssPeakBytes: null,
      configurationLoadedAt: null,
    }
    expect(checkStudy(changed(() => unread))).toEqual([])
  })

  it('checkStudy never looks at warm-up trials', () => {
    const study = changed(({ phase }) => (phase === 'warm-up' ? { checkpoints: 3, totalMs: 5 } : {}), {
      warmUpBlocks: 1,
    })
    expect(checkStudy(study)).toEqual([])
  })

  it('checkStudy says how many records make trials long enough', () => {
    const finding = only(simulateStudy({ ...quiet, noise: 0, truth: ({ workers }) => ({ totalMs: 1000 / workers }) }))
    expect(finding.code).toBe('short-trials')
    expect(sentenceOf(finding)).toBe(
      'Trials with 2 workers at 10K and 4 workers at 10K took 250 ms or little more, and what disturbs a trial for a moment weighs heavily in them: load at least 240,000 records',
    )
    const many = checkStudy(
      simulateStudy({ ...quiet, noise: 0, workers: [1, 2, 3, 4, 6], truth: () => ({ totalMs: 500 }) }),
    )
    expect(many.map(sentenceOf)).toContainEqual(
      expect.stringMatching(/^Trials of 5 of 5 treatments took 500 ms or little more/),
    )
  })

  it('checkStudy finds that the place within the block matters', () => {
    const study = changed(({ position, totalMs }) => ({ totalMs: totalMs * (position === 1 ? 1.1 : 1) }), {
      workers: [1, 2, 4],
      blocks: 12,
    })
    const finding = only(study)
    expect(finding).toMatchObject({ code: 'position-effect', trials: [] })
    expect(sentenceOf(finding)).toMatch(
      /\(F\(2, \d+\) = \d+\.\d, p < 0\.001\): trials at place 1 took \d+(\.\d)? % longer than/,
    )
  })

  it('checkStudy finds a drift, in its direction, and how large it is', () => {
    const study = changed(({ trial, totalMs }) => ({ totalMs: totalMs * 1.2 ** ((trial - 1) / 19) }))
    const finding = only(study)
    expect(finding.code).toBe('drift')
    expect(sentenceOf(finding)).toMatch(
      /^Trials became (1[6-9]|2[0-4]) % slower from the first to the last \(p < 0\.001\)/,
    )
    expect(sentenceOf(only(changed(({ trial, totalMs }) => ({ totalMs: totalMs / 1.01 ** trial }))))).toContain(
      '% faster',
    )
  })

  it('checkStudy finds memory that grows by more than a tenth, within a session', () => {
    const growing = (by: number) =>
      changed(({ trial, rssPeakBytes }) => ({ rssPeakBytes: rssPeakBytes! * by ** ((trial - 1) / 19) }))
    expect(only(growing(1.5))).toMatchObject({ code: 'memory-growth' })
    expect(sentenceOf(only(growing(1.5)))).toContain("The client's memory grew by 50 % over a session (p < 0.001)")
    expect(checkStudy(growing(1.05))).toEqual([])
  })

  it('checkStudy finds settings that changed between sessions, and a reload within one', () => {
    const study = inSessions(
      changed(() => ({})),
      [11],
      (context) => ({
        ...context,
        node: 'v22.0.0',
        server: { ...context.server, settings: { max_wal_size: '1GB' } },
      }),
    )
    const finding = only(study)
    expect(sentenceOf(finding)).toContain(
      'Session 2 of the study ran under other conditions than the first: Node.js v22.0.0 instead of v20.19.0 and max_wal_size 1GB instead of absent: ',
    )
    expect(finding.trials).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
    const reloaded = changed(({ trial }) => (trial > 18 ? { configurationLoadedAt: '2026-01-01T01:00:00.000Z' } : {}))
    expect(only(reloaded)).toMatchObject({ code: 'settings-changed', trials: [19, 20] })
  })

  it('checkStudy finds other storage and another clock source, where both sessions know them', () => {
    const storage = (fileSystem: string | null): StorageFacts => ({
      fileSystem,
      mount: fileSystem === null ? null : 'root',
      device: fileSystem === null ? null : 'vda',
      model: null,
      missing: fileSystem === null ? { fileSystem: 'no right to read it' } : {},
    })
    const machine = (clockSource: string): MachineFacts => ({ topology: null, clockSource, missing: {} })
    const sessions = (first: Partial<ServerFacts>, later: Partial<ServerFacts>): Study => {
      const study = changed(() => ({}))
      const [context] = study.contexts as [Context]
      const on = (facts: Partial<ServerFacts>): Context => ({ ...context, server: { ...context.server, ...facts } })
      return inSessions({ ...study, contexts: [on(first)] }, [11], () => on(later))
    }
    const finding = only(
      sessions(
        { storage: storage('ext4'), machine: machine('tsc') },
        { storage: storage('xfs'), machine: machine('hpet') },
      ),
    )
    expect(sentenceOf(finding)).toContain(
      "server's clock source hpet instead of tsc and server's storage xfs on vda, its root file system instead of ext4 on vda, its root file system: ",
    )
    expect(checkStudy(sessions({}, { storage: storage('xfs'), machine: machine('hpet') }))).toEqual([])
    expect(checkStudy(sessions({ storage: storage('ext4') }, { storage: storage(null) }))).toEqual([])
  })

  it('checkStudy takes another start of the server for no reload', () => {
    const study = inSessions(
      changed(({ trial }) => (trial > 10 ? { configurationLoadedAt: '2026-01-02T00:00:00.000Z' } : {})),
      [11],
    )
    expect(checkStudy(study)).toEqual([])
  })

  it('checkStudy finds blocks that did not treat all treatments alike', () => {
    const study = simulateStudy({
      ...quiet,
      controls: ['aa'],
      change: (trial) => {
        if (trial.block === 2 && trial.treatment.workers === 4) return broken(trial)
        return trial.block === 3 && trial.control === 'aa' ? null : trial
      },
    })
    const messages = checkStudy(study).map((one) => `${one.code}: ${sentenceOf(one)}`)
    expect(messages).toHaveLength(2)
    expect(messages[0]).toMatch(
      /^unequal-blocks: Not run: the identical treatment in block 3; .*: run the same study again/,
    )
    expect(messages[1]).toMatch(
      /^unequal-blocks: 1 trial failed: 4 workers at 10K in block 2; .* run the same study again/,
    )
  })

  it('checkStudy counts a trial that was run again, which leaves no gap', () => {
    const study = changed(() => ({}))
    const { trials } = study
    const [first, ...rest] = trials as [CompletedTrial, ...CompletedTrial[]]
    const again = { ...first, trial: trials.length + 1 }
    const finding = only({ ...study, trials: [broken(first), ...rest, again] })
    expect(finding).toMatchObject({ code: 'unequal-blocks', kind: 'repeated', trials: [1] })
    expect(sentenceOf(finding)).toMatch(/^1 trial failed and was run again, /)
  })

  it('checkStudy tells a place that failed three times alike, as one gap, from one that is run again', () => {
    const study = changed(() => ({}))
    const { trials } = study
    const [first, second, ...rest] = trials as [CompletedTrial, CompletedTrial, ...CompletedTrial[]]
    const failures = [0, 1].map((k) => ({ ...broken(first), trial: trials.length + 1 + k }))
    const findings = checkStudy({ ...study, trials: [broken(first), broken(second), ...rest, ...failures] })
    expect(findings).toMatchObject([
      { kind: 'failed', stands: false, trials: [2], gaps: [{ block: 1 }] },
      { kind: 'failed', stands: true, trials: [1, trials.length + 1, trials.length + 2], gaps: [{ block: 1 }] },
    ])
    expect(sentenceOf(findings[1]!)).toMatch(/^1 trial failed: .*not run again: remove the cause and add blocks/)
  })

  it('checkStudy finds a block that ran in two sessions', () => {
    const finding = only(
      inSessions(
        changed(() => ({})),
        [12],
      ),
    )
    expect(finding).toMatchObject({ code: 'unequal-blocks', trials: [11, 12] })
    expect(sentenceOf(finding)).toMatch(/^Block 6 ran in several sessions, /)
  })
})

/** A copy of a study in which a session begins at each of these trials. */
function inSessions(
  study: Study,
  begins: readonly number[],
  later: (context: Context) => Context = (same) => same,
): Study {
  const second = (trial: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, trial)).toISOString()
  const [first] = study.contexts
  return {
    ...study,
    contexts: [first!, ...begins.map((trial) => ({ ...later(first!), startedAt: second(trial) }))],
    trials: study.trials.map((trial) => ({ ...trial, startedAt: second(trial.trial) })),
  }
}
