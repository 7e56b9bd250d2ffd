import { describe, expect, it } from 'vitest'
import { type SimulateOptions, simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { numbersTex } from '../../../src/chapter/export/quoted-numbers.js'
import {
  compare,
  confirm,
  contextRows,
  methodNumbers,
  numericTokens,
  quotedNumbers,
  trialsFrame,
} from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import {
  type NotebookResults,
  quotedResults,
  referenceResults,
  resultsOf,
  sentencesOf,
} from '../../chapter/notebook-results.js'
import { broken } from '../broken-trial.js'

const simulated = (options: Partial<SimulateOptions> = {}): Study =>
  simulateStudy({
    workers: [1, 2, 4, 8],
    blocks: 8,
    noise: 0.05,
    truth: ({ workers }) => ({ totalMs: 2000 / workers + 150 * workers }),
    ...options,
  })
const reference = referenceResults()

/** Sentences with numbers that they do not say they quote. */
function unsaid(results: NotebookResults): string[] {
  return sentencesOf(results).flatMap(({ sentence, numbers }) => {
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

describe('the numbers of a result', () => {
  it.each([
    ['the reference studies', () => reference],
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
    ['unread probes', () => resultsOf(simulated({ observed: false }))],
    ['another session', () => resultsOf(withContexts(simulated({ change: fails(3) })))],
  ])('are all that its sentences say: %s', (_, results) => expect(unsaid(results())).toEqual([]))

  it('are those of a confirmation too', async () => {
    const study = simulated({ batchSizes: [10_000, 20_000] })
    const fresh = { ...simulated({ batchSizes: [10_000, 20_000], seed: 2 }), journal: 'fresh.jsonl' }
    const confirmed = await confirm(study, { run: async () => fresh })
    expect(confirmed).toHaveLength(2)
    for (const { sentence, numbers } of confirmed) {
      const known = numbers.map(({ text }) => text)
      expect(numericTokens(sentence).filter(({ text }) => !known.includes(text))).toEqual([])
    }
    const names = quotedNumbers({ confirmed }).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['confirmed.10K.chosen.workers', 'confirmed.20K.fresh.estimate']))
  })
})

describe('quotedNumbers', () => {
  const { tests } = reference
  const textOf = (numbers: ReturnType<typeof quotedNumbers>, name: string): string | undefined =>
    numbers.find((number) => number.name === name)?.text

  it('quotedNumbers names a number by its result and what it is there, and says what it is', () => {
    const { estimate, blocks } = reference.c1
    expect(quotedNumbers({ c1: reference.c1 })).toEqual(
      expect.arrayContaining([
        {
          name: 'c1.estimate',
          text: /([\d.]+) % faster/.exec(reference.c1.sentence)![1],
          value: Math.abs(estimate!.value - 1) * 100,
          meaning: '2 workers vs 4 at 10K, total time: estimate, in per cent faster',
        },
        {
          name: 'c1.blocks',
          text: '30',
          value: blocks,
          meaning: '2 workers vs 4 at 10K, total time: blocks',
        },
        expect.objectContaining({ name: 'c1.controls.slowdown.by', text: '10' }),
      ]),
    )
  })

  it('quotedNumbers names the members of a list by what they are about, else by their place', () => {
    const { best, verdicts, findings, price } = quotedResults(reference)
    const names = quotedNumbers({ best, verdicts, findings, price }).map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        'best.10K.blocks',
        'best.2-secondary-indexes-logged-synchronous-commit-on.blocks',
        'verdicts.C12.symptom.estimate',
        'findings.drift.change',
        'price.1.estimate',
      ]),
    )
  })

  it('quotedNumbers gives those of a study, of the note, of parameters and of the method', () => {
    const params = { name: 'made', records: 717_000, slowDown: 0.1, batchSizes: [10_000], fresh: false }
    const { note } = quotedResults(reference)
    const numbers = quotedNumbers({ params, tests, note, method: methodNumbers(), year: 2001 })
    expect(
      [
        'params.records',
        'params.slowDown.percent',
        'params.batchSizes.1',
        'params.batchSizes.1.short',
        'tests.cores',
        'tests.version.1',
        'tests.trials',
        'tests.measured',
        'note.runs.1.total',
        'note.C8.claim.4',
        'note.C1.expected.most',
        'method.sampleFloor',
        'method.level',
        'year.plain',
      ].map((name) => textOf(numbers, name)),
    ).toEqual(['717,000', '10', '10,000', '10K', '2', '18.4', '618', '540', '1,005.85', '5', '15', '6', '95', '2001'])
  })

  it('quotedNumbers gives names whose macros differ, and one of each', () => {
    const numbers = quotedNumbers({ method: methodNumbers(), ...quotedResults(reference) })
    expect(numbers.length).toBeGreaterThan(500)
    expect(numbersTex(numbers).match(/\\newcommand/g)).toHaveLength(numbers.length)
    expect(numbers.filter(({ text }) => numericTokens(text).length !== 1)).toEqual([])
    expect(numbers.filter(({ value, meaning }) => !Number.isFinite(value) || meaning === '')).toEqual([])
  })

  it('quotedNumbers refuses what it knows no numbers of, and two numbers of one name', () => {
    expect(() => quotedNumbers({ frame: trialsFrame(tests) })).toThrow(
      'Expected `frame` to be a result of copylab/analysis, a study, or a record of numbers, got a DataFrame',
    )
    expect(() => quotedNumbers({ compare })).toThrow('got function')
    const twice = { a: { 'b.c': 1 }, 'a.b': { c: 2 } }
    expect(() => quotedNumbers(twice)).toThrow('Expected numbers whose names differ, got a.b.c for 1 and 2')
  })

  it('contextRows quote the numbers that they show', () => {
    for (const { value, numbers } of contextRows(tests)) for (const { text } of numbers) expect(value).toContain(text)
  })
})
