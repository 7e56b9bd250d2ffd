import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../src/analysis/simulate/simulate-study.js'
import { numericTokens } from '../../src/analysis/text/numeric-tokens.js'
import { questionOf } from '../../src/claims/question.js'
import {
  compare,
  confirm,
  designStudy,
  diffStudies,
  explain,
  interaction,
  layoutCosts,
  type Phrase,
  type Result,
  recommend,
  sentencesOf,
  threatsToValidity,
  wordsOf,
} from '../../src/entries/analysis.js'
import type { Study } from '../../src/study/study.js'
import type { CompletedTrial } from '../../src/study/trial.js'
import { broken } from '../analysis/broken-trial.js'
import { laidOut } from '../analysis/explain/laid-out.js'
import { phrasesOf, referenceResults, resultsOf } from '../chapter/notebook-results.js'

const simulated = (options: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({
    workers: [1, 2, 4, 8],
    blocks: 8,
    noise: 0.05,
    truth: ({ workers }) => ({ totalMs: 2000 / workers + 150 * workers }),
    ...options,
  })
const reference = referenceResults()
const { tests, capacity, ...referenceOnly } = reference

/** Numbers of sentences that are not said to be in them. */
function unsaid(phrases: readonly Phrase[]): string[] {
  return phrases.flatMap(({ text: sentence, numbers }) => {
    const known = new Set(numbers.map(({ text }) => text.replace(/^[+−-]/, '')))
    return numericTokens(sentence).flatMap(({ text }) => (known.has(text) ? [] : [`${text} in ${sentence}`]))
  })
}

const fails = (block: number) => (trial: CompletedTrial) => (trial.block === block ? broken(trial) : trial)
const withContexts = (study: Study): Study => {
  const [context] = study.contexts
  const later = { ...context!, startedAt: '2999-01-01T00:00:00.000Z', node: 'v99.1.0' }
  return { ...study, contexts: [context!, later] }
}

async function confirmations(): Promise<Result[]> {
  const study = simulated({ batchSizes: [10_000, 20_000] })
  const fresh = { ...simulated({ batchSizes: [10_000, 20_000], seed: 2 }), journal: 'fresh.jsonl' }
  return [
    ...(await confirm(study, { by: 'batchSize', run: async () => fresh })),
    ...(await confirm(study, { run: async () => fresh })),
  ]
}

/** One result of every type. A new type is an error of types here until it has one. */
const resultOfEveryType: { readonly [R in Result['result']]: () => Result | Promise<Result> } = {
  comparison: () => reference.c1,
  controls: () => reference.c1.controls,
  'spread-comparison': () => reference.spread,
  'best-set': () => reference.best[0]!,
  recommendation: () => recommend(tests),
  'recommendation-method': () => recommend(tests).method,
  confirmation: async () => (await confirmations())[0]!,
  interaction: () =>
    interaction(tests, {
      of: 'workers',
      by: 'batchSize',
      metric: 'totalMs',
    }),
  scaling: () => reference.scaling[0]!,
  'time-spent': () => explain(tests, { at: { workers: 2, batchSize: 10_000 } }),
  explanation: () => reference.why,
  'layout-cost': () =>
    layoutCosts(laidOut({ default: { totalMs: 900 }, bare: { without: ['orders_pkey'], totalMs: 700 } }))[0]!,
  reason: () => reference.why.reason,
  causes: () => reference.why.tested,
  question: () => questionOf(reference.claims, 'C1', { workers: [1, 3], batchSizes: [5000] }),
  'lock-share': () => reference.why.lockShare!,
  deviations: () => reference.plan,
  finding: () => reference.findings[0]!,
  threat: () => threatsToValidity([tests])[0]!,
  'study-differences': () => diffStudies(tests, capacity),
  'claim-verdict': () => reference.verdicts[0]!,
  'study-design': () => designStudy(tests, 'C1'),
}

describe('wordsOf', () => {
  it.each(Object.entries(resultOfEveryType))('wordsOf has words for a result of type %s', async (type, make) => {
    const result = await make()
    expect(result.result).toBe(type)
    const words = wordsOf(result)
    expect(words.length).toBeGreaterThan(0)
    expect(unsaid(words)).toEqual([])
    for (const { text, numbers } of words) {
      expect(text).not.toMatch(/undefined|NaN|\[object/)
      for (const number of numbers) expect(Number.isFinite(number.value)).toBe(true)
    }
  })

  it('wordsOf refuses what is no result', () => {
    expect(() => wordsOf({ result: 'guess' } as never)).toThrow('Expected a result of copylab/analysis, got "guess"')
  })

  it.each([
    ['the reference studies', () => referenceOnly],
    ['few blocks', () => resultsOf(simulated({ blocks: 3 }))],
    ['one block', () => resultsOf(simulated({ blocks: 1 }))],
    ['no difference', () => resultsOf(simulated({ truth: () => ({ totalMs: 1234 }), noise: 0.01, blocks: 20 }))],
    ['much noise', () => resultsOf(simulated({ noise: 0.6 }))],
    ['no noise', () => resultsOf(simulated({ noise: 0 }))],
    ['controls', () => resultsOf(simulated({ controls: ['aa', 'slowdown'], seed: 3 }))],
    ['several batch sizes', () => resultsOf(simulated({ batchSizes: [10_000, 12_345] }))],
    ['a failed block', () => resultsOf(simulated({ change: fails(2) }))],
    ['failed blocks alone', () => resultsOf(simulated({ change: broken }))],
    ['a drift', () => resultsOf(simulated({ drift: 0.4, blocks: 20 }))],
    ['short trials', () => resultsOf(simulated({ truth: () => ({ totalMs: 12 }) }))],
    ['a busy client', () => resultsOf(simulated({ truth: () => ({ totalMs: 2000, eventLoopUtilisation: 0.97 }) }))],
    [
      'disturbed trials',
      () =>
        resultsOf(simulated({ change: (trial) => ({ ...trial, hostSteal: 0.06, checkpoints: 1, clockDriftMs: 40 }) })),
    ],
    [
      'interrupted and blocked trials',
      () =>
        resultsOf(
          simulated({
            change: (trial) =>
              trial.block > 2
                ? trial
                : {
                    ...trial,
                    interruptions: [{ of: 'client', atMs: 3, ms: 1_812 }],
                    blockers: [{ pid: 4711, user: 'reports', application: 'psql 9', workers: [0], waitedMs: 2_345 }],
                  },
          }),
        ),
    ],
    ['unread probes', () => resultsOf(simulated({ observed: false }))],
    ['another session', () => resultsOf(withContexts(simulated({ change: fails(3) })))],
  ])('wordsOf knows every number of its sentences: %s', (_, results) =>
    expect(unsaid(phrasesOf(results()))).toEqual([]),
  )

  it('wordsOf knows those of a confirmation, of two studies apart, and of threats', async () => {
    const confirmed = await confirmations()
    expect(confirmed).toHaveLength(3)
    expect(unsaid(confirmed.flatMap(wordsOf))).toEqual([])
    expect(unsaid(wordsOf(diffStudies(tests, capacity)))).toEqual([])
    expect(unsaid(threatsToValidity([tests, capacity, withContexts(simulated())]).flatMap(wordsOf))).toEqual([])
  })

  it('wordsOf names a number by what it is in its sentence, and says what it is a number of', () => {
    const { estimate, blocks } = reference.c1
    const [{ text, numbers }] = wordsOf(reference.c1) as [Phrase]
    expect(numbers).toEqual(
      expect.arrayContaining([
        {
          name: 'estimate',
          text: /([\d.]+) % less time/.exec(text)![1],
          value: (1 - estimate!.value) * 100,
          meaning: '2 workers vs 4 at 10K, total time: difference, in per cent less time',
        },
        { name: 'blocks', text: '30', value: blocks, meaning: '2 workers vs 4 at 10K, total time: blocks' },
      ]),
    )
    const slowdown = wordsOf(reference.c1.controls)[0]!.numbers.find(({ name }) => name === 'slowdown.by')
    expect(slowdown).toMatchObject({ text: '10' })
  })

  it('wordsOf gives one number one name within a sentence, and every number is one', () => {
    for (const { numbers } of phrasesOf(referenceOnly)) {
      const texts = new Map(numbers.map(({ name, text }) => [name, text]))
      for (const { name, text } of numbers) expect(texts.get(name)).toBe(text)
      expect(numbers.filter(({ text }) => numericTokens(text).length !== 1)).toEqual([])
      expect(numbers.filter(({ meaning }) => meaning === '')).toEqual([])
    }
  })
})

describe('results', () => {
  it('are plain data that hold no sentence of theirs and none of its numbers', async () => {
    for (const make of Object.values(resultOfEveryType)) {
      const result = await make()
      expect(structuredClone(result)).toEqual(result)
      expect(JSON.stringify(result)).not.toMatch(/"(sentence|sentences|numbers|message)":/)
      expect(wordsOf(JSON.parse(JSON.stringify(result)) as Result)).toEqual(wordsOf(result))
    }
  })

  it('sentencesOf gives the sentences of results in their order', () => {
    const comparison = compare(tests, { a: { workers: 2, batchSize: 10_000 }, b: { workers: 4, batchSize: 10_000 } })
    const explanation = explain(tests, {
      from: { workers: 2, batchSize: 10_000 },
      to: { workers: 4, batchSize: 10_000 },
    })
    const [first, ...others] = sentencesOf(comparison, explanation)
    expect(first).toMatch(/^2 workers vs 4 at 10K: /)
    expect(others.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual(['From 2', 'Per worker,', 'Not tested'])
  })
})
