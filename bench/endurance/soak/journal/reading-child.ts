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

/** Time that a step took, in milliseconds: of all processors together, and by the clock. */
export interface StepTime {
  readonly cpuMs: number
  readonly wallMs: number
}

/** Time that a study of many trials takes from disk to answers. */
export interface Reading {
  readonly trials: number
  /** To read and check the journal, and then to answer, by the command that gives the answer. */
  readonly steps: Readonly<Record<string, StepTime>>
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

function timed<T>(work: () => T): { readonly time: StepTime; readonly answer: T } {
  const begin = performance.now()
  const before = process.cpuUsage()
  const answer = work()
  const { user, system } = process.cpuUsage(before)
  return { time: { cpuMs: (user + system) / 1000, wallMs: performance.now() - begin }, answer }
}

const [folder, name] = process.argv.slice(2)
const { time: read, answer: studies } = timed(() => readStudies({ folder }))
const study = studies.find(({ plan }) => plan.name === name)!
const answers = Object.entries(questions).map(([command, ask]) => [command, timed(() => ask(study)).time] as const)
const reading: Reading = { trials: study.trials.length, steps: { read, ...Object.fromEntries(answers) } }
console.log(JSON.stringify(reading))
