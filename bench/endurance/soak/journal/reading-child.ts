/**
 * Reads a study and answers what the commands of copylab are asked:
 * `reading-child.js <folder> <name>` prints the JSON of a `Reading`.
 */

import { performance } from 'node:perf_hooks'
import {
  bestWorkers,
  checkStudy,
  compare,
  deviations,
  explain,
  fitScaling,
  judgeClaims,
  readClaims,
  recommend,
  sentencesOf,
  studyRows,
  summarise,
  trialRows,
} from 'copylab/analysis'
import { readStudies, type Study } from 'copylab/executor'
import { contrastSettings } from '#copylab/analysis/contrast-settings.js'

/** Time that a study of many trials takes from disk to answers, in milliseconds. */
export interface Reading {
  readonly trials: number
  readonly readMs: number
  /** All answers together, and each by the command that gives it. */
  readonly analysedMs: number
  readonly eachMs: Readonly<Record<string, number>>
}

const settings = { a: { workers: 2 }, b: { workers: 4 } }

/** What is asked of a study, by the command that answers it. */
const questions: Readonly<Record<string, (study: Study) => unknown>> = {
  check: (study) => checkStudy(study),
  trials: (study) => [studyRows([study]), trialRows(study, { phase: 'all', state: 'all' })],
  compare: (study) => contrastSettings(study, settings).map((pair) => sentencesOf(compare(study, pair))),
  explain: (study) => [
    ...study.plan.treatments.map((at) => sentencesOf(explain(study, { at }))),
    ...contrastSettings(study, settings).map(({ a, b }) => sentencesOf(explain(study, { from: a, to: b }))),
  ],
  best: (study) => [
    sentencesOf(recommend(study)),
    sentencesOf(...bestWorkers(study, { by: ['batchSize'], claims: readClaims() })),
    sentencesOf(...fitScaling(study, { by: ['batchSize'] })),
  ],
  claims: (study) => [sentencesOf(...judgeClaims(readClaims(), [study])), sentencesOf(deviations(study))],
  summary: (study) => summarise(study),
}

function timed<T>(work: () => T): { readonly ms: number; readonly answer: T } {
  const begin = performance.now()
  const answer = work()
  return { ms: performance.now() - begin, answer }
}

const [folder, name] = process.argv.slice(2)
const { ms: readMs, answer: studies } = timed(() => readStudies({ folder }))
const study = studies.find(({ plan }) => plan.name === name)!
const each = Object.entries(questions).map(([command, ask]) => {
  return [command, timed(() => ask(study)).ms] as const
})
const reading: Reading = {
  trials: study.trials.length,
  readMs,
  analysedMs: each.reduce((sum, [, ms]) => sum + ms, 0),
  eachMs: Object.fromEntries(each),
}
console.log(JSON.stringify(reading))
