import { checkedNumber, checkedOptions } from '../../check.js'
import { sameMeanings } from '../../study/factors/meanings.js'
import { checkedMetric, type Metric } from '../../study/metric.js'
import { selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { type Factor, sameTreatment, varyingFactors } from '../../study/treatment.js'
import { positiveValue } from '../compare/pair-blocks.js'
import { excludedTrials } from '../compare/preregistration.js'
import { defaultLevel } from '../defaults.js'
import { replicateMeans } from '../replicates/replicates.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import { mean, standardDeviation } from '../statistics/numerics/moments.js'
import { welch } from '../statistics/welch.js'
import { describeTreatment } from '../text/levels.js'
import { contextFacts, type Difference, differing, planFacts } from './study-facts.js'

/** Options of `diffStudies`. */
export interface DiffOptions {
  /**
   * The metric of the results.
   *
   * @default 'totalMs'
   */
  readonly metric?: Metric
  /**
   * Confidence level of each interval by itself.
   *
   * @default 0.95
   */
  readonly level?: number
}

/** A treatment that two studies share, and its values in both. */
export interface ResultDifference {
  /** The treatment in words. */
  readonly treatmentLabel: string
  /**
   * The second study's geometric mean of the metric over the first's, with Welch's interval of the
   * logarithms, back-transformed. Null where one of them has no value; without an interval where
   * one has fewer than two, or both do not vary.
   */
  readonly ratio: Estimate | null
  /** Number of trials with a value; those that the studies' rules exclude are left out. */
  readonly trialsA: number
  readonly trialsB: number
  readonly treatment: Treatment
}

/** Input and date of a study's last session. */
export interface LastSession {
  /** Day in UTC; null for a study without a session. */
  readonly day: string | null
  readonly records: number | null
}

/** Differences between two studies. Plain data: safe to print and to write as JSON. */
export interface StudyDifferences {
  readonly result: 'study-differences'
  /** The study: "name (hash of the plan)". */
  readonly a: string
  readonly b: string
  readonly metric: Metric
  /** Differences of the plans, other than the treatments. */
  readonly plan: readonly Difference[]
  /** Treatments of one study alone, in words. */
  readonly onlyA: readonly string[]
  readonly onlyB: readonly string[]
  /** Differences of server and settings, hardware, versions, input: of the last session of each. */
  readonly context: readonly Difference[]
  readonly results: readonly ResultDifference[]
  /** The sessions that the results compare. */
  readonly sessions: { readonly a: LastSession; readonly b: LastSession }
}

/**
 * Lists what differs between two studies: plans, contexts, and the results of the treatments that
 * both have, each as a ratio of the second study to the first with Welch's interval, of the
 * sessions' means in a study in sessions. The results compare sessions, not blocks: they are
 * confounded with the machine's drift and with every other difference, and carry no verdict.
 *
 * @throws `RangeError` for one study twice and for an unknown metric.
 * @example
 * say(diffStudies(readStudy('reference-workers'), readStudy('reference-capacity')))
 */
export function diffStudies(a: Study, b: Study, options: DiffOptions = {}): StudyDifferences {
  for (const study of [a, b]) checkedStudy(study)
  const { metric = 'totalMs', level = defaultLevel } = checkedOptions(options, { metric: true, level: true })
  checkedMetric(metric)
  checkedNumber('level', level, { above: 0, below: 1 })
  const [nameA, nameB] = [a, b].map(({ plan }) => `${plan.name} (${plan.hash})`) as [string, string]
  if (a.journal === b.journal) throw new RangeError(`Expected two different studies, got ${nameA} twice`)
  const [treatmentsA, treatmentsB] = [selectTreatments(a), selectTreatments(b)]
  const [valuesA, valuesB] = [valuesIn(a, metric), valuesIn(b, metric)]
  const label = labelsAmong([...treatmentsA, ...treatmentsB])
  const without = (others: readonly Treatment[]) => (one: Treatment) =>
    !others.some((other) => sameTreatment(one, other) && sameMeanings(one, a.plan.meanings, b.plan.meanings))
  const shared = treatmentsA.filter((one) => !without(treatmentsB)(one))
  return {
    result: 'study-differences',
    a: nameA,
    b: nameB,
    metric,
    plan: differing(planFacts(a.plan, label), planFacts(b.plan, label)),
    onlyA: treatmentsA.filter(without(treatmentsB)).map(label),
    onlyB: treatmentsB.filter(without(treatmentsA)).map(label),
    context: differing(lastContext(a), lastContext(b)),
    results: shared.map((treatment) => {
      const [inA, inB] = [valuesA(treatment), valuesB(treatment)]
      const ratio = ratioOfMeans(logarithmsOf(a, inA), logarithmsOf(b, inB), level)
      return { treatmentLabel: label(treatment), ratio, trialsA: inA.length, trialsB: inB.length, treatment }
    }),
    sessions: { a: lastSession(a), b: lastSession(b) },
  }
}

function lastSession({ contexts }: Study): LastSession {
  const last = contexts.at(-1)
  return { day: last?.startedAt.slice(0, 10) ?? null, records: last?.input.records ?? null }
}

function lastContext({ contexts }: Study): ReturnType<typeof contextFacts> {
  const last = contexts.at(-1)
  return { ...(last && contextFacts(last)), sessions: String(contexts.length) }
}

/** Returns names of treatments by workers, batch size, and the factors that vary among them. */
function labelsAmong(treatments: readonly Treatment[]): (treatment: Treatment) => string {
  const named = new Set<Factor>(['workers', 'batchSize', ...varyingFactors(treatments)])
  return (treatment) => describeTreatment(treatment, [...named])
}

/** A value of a trial of some block. */
interface BlockValue {
  readonly block: number
  readonly value: number
}

/**
 * Returns the values of a metric in the trials of a treatment that the study's rules do not
 * exclude.
 */
function valuesIn(study: Study, metric: Metric): (treatment: Treatment) => readonly BlockValue[] {
  const leftOut = excludedTrials(study)
  const readValue = positiveValue(metric)
  return (treatment) =>
    trialsOf(study, treatment)
      .filter(({ trial }) => !leftOut.has(trial))
      .flatMap((trial) => {
        const value = readValue(trial, '')
        return typeof value === 'number' ? [{ block: trial.block, value }] : []
      })
}

function logarithmsOf(study: Study, values: readonly BlockValue[]): number[] {
  return replicateMeans(study, values, ({ value }) => Math.log(value))
}

/** Returns the ratio b over a, by the means of the logarithms. */
function ratioOfMeans(logA: readonly number[], logB: readonly number[], level: number): Estimate | null {
  if (logA.length === 0 || logB.length === 0) return null
  const vary = [logA, logB].some((logs) => logs.length > 1 && standardDeviation(logs) > 0)
  if (logA.length < 2 || logB.length < 2 || !vary) {
    return { value: Math.exp(mean(logB) - mean(logA)), interval: null, n: logA.length + logB.length }
  }
  return mapEstimate(welch(logB, logA, { level }).estimate, Math.exp)
}
