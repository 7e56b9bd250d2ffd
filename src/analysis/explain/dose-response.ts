import { checkedInteger, checkedNumber, checkedOptions, inMessage } from '../../check.js'
import { checkedStudies, type Study } from '../../study/study.js'
import {
  checkFactors,
  levelsOf,
  type Selection,
  sameTreatment,
  type Treatment,
  varyingFactors,
} from '../../study/treatment.js'
import type { CompletedTrial } from '../../study/trial.js'
import { pairBlocks } from '../compare/pair-blocks.js'
import { excludedTrials } from '../compare/preregistration.js'
import { defaultLevel } from '../defaults.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import { mean } from '../statistics/numerics/moments.js'
import { ratioEstimate } from '../statistics/paired-ratio.js'
import { tInterval } from '../statistics/t-interval.js'
import { describeTreatment } from '../text/levels.js'
import { workerTime } from './worker-time.js'

/** Options of `doseResponseRows` and `plotDoseResponse`. */
export interface DoseResponseOptions {
  /** The two worker counts, of which the second is compared with the first: `[2, 4]`. */
  readonly workers: readonly [from: number, to: number]
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Confidence level of each interval by itself, between 0 and 1.
   *
   * @default 0.95
   */
  readonly level?: number
}

/**
 * What more workers did in one setting, that is, with equal levels of every other factor: to the
 * waits for locks, and to the time. Plain data: safe to print and to write as JSON.
 */
export interface DoseResponseRow extends Basis {
  /** Name of the study. */
  readonly study: string
  /** The setting, by the levels that distinguish it from the study's others: "10K, queue". */
  readonly setting: string
  /** Number of blocks in which both trials were completed and their waits were read. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
  /** Mean share of lock waits in the time in COPY with the first worker count, in per cent. */
  readonly fromPercent: number
  /** That share with the second worker count, in per cent. */
  readonly toPercent: number
  /**
   * Change of the share within blocks, in percentage points: mean with Student's t interval; a
   * single block has no interval.
   */
  readonly changePoints: Estimate
  /**
   * Change of the total time within blocks, in per cent, more time being positive: by the geometric
   * mean of the ratios with Student's t interval of their logarithms.
   */
  readonly moreTimePercent: Estimate
}

/**
 * Gives one row per setting for a table: the change of the share of lock waits (`lockShare`) from
 * one worker count to another, and of the total time, over all settings of one or several studies
 * that ran both counts in the same blocks. If waits for locks were the reason for lost time, more
 * of the one would go with more of the other. In a study in sessions the intervals are of the means
 * of sessions. `plotDoseResponse` draws the rows. Settings without a
 * block in which both are known are left out.
 *
 * @throws `RangeError` where no study ran both worker counts in one setting.
 * @example
 * showTable(doseResponseRows(readStudies(), { workers: [2, 4] }))
 */
export function doseResponseRows(
  studies: Study | readonly Study[],
  options: DoseResponseOptions,
): readonly DoseResponseRow[] {
  const given = checkedStudies(studies)
  const {
    workers,
    where = {},
    level = defaultLevel,
  } = checkedOptions(options, {
    workers: true,
    where: true,
    level: true,
  })
  const [from, to] = checkedCounts(workers)
  checkFactors('where', Object.keys(where))
  checkedNumber('level', level, { above: 0, below: 1 })
  const pairs = given.map((study) => ({ study, pairs: pairsOf(study, where, from, to) }))
  if (pairs.every((one) => one.pairs.length === 0)) {
    const counts = given.map(({ plan }) => `${levelsOf(plan.treatments, 'workers').join(', ')} in ${plan.name}`)
    throw new RangeError(
      `Expected \`workers\` to be two worker counts that a study ran in one setting, got ${from} and ${to}: the counts are ${counts.join('; ') || 'none, without a study'}`,
    )
  }
  return pairs.flatMap((one) => rowsOf(one.study, one.pairs, level))
}

function checkedCounts(workers: unknown): readonly [number, number] {
  if (!Array.isArray(workers) || workers.length !== 2 || workers[0] === workers[1]) {
    throw new TypeError(
      `Expected \`workers\` to be two different worker counts such as [2, 4], got ${inMessage(workers)}`,
    )
  }
  const [from, to] = workers.map((count) => checkedInteger('workers', count, { from: 1 }))
  return [from!, to!]
}

interface TreatmentPair {
  readonly a: Treatment
  readonly b: Treatment
}

/** Pairs the selected treatments that differ in the workers alone. */
function pairsOf({ plan }: Study, where: Selection, from: number, to: number): TreatmentPair[] {
  return plan.treatments
    .filter((a) => a.workers === from && sameTreatment({ ...a, ...where }, a))
    .flatMap((a) => {
      const b = plan.treatments.find((own) => sameTreatment(own, { ...a, workers: to }))
      return b ? [{ a, b }] : []
    })
}

function rowsOf(study: Study, pairs: readonly TreatmentPair[], level: number): DoseResponseRow[] {
  const varying = varyingFactors(pairs.map(({ a }) => a))
  const leftOut = excludedTrials(study)
  return pairs.flatMap(({ a, b }) => {
    const { pairs: used } = pairBlocks(study, { a, b }, valuesOf, { leftOut })
    if (used.length === 0) return []
    const logRatios = replicateMeans(study, used, (pair) => Math.log(pair.b.totalMs) - Math.log(pair.a.totalMs))
    const ratio = ratioEstimate(logRatios, { level })
    const { value, interval, n } = mapEstimate(ratio, (times) => (times - 1) * 100)
    return [
      {
        study: study.plan.name,
        setting: describeTreatment(a, varying.length > 0 ? varying : ['batchSize']),
        ...basisOf(study, used),
        fromPercent: mean(replicateMeans(study, used, (pair) => pair.a.lockShare)) * 100,
        toPercent: mean(replicateMeans(study, used, (pair) => pair.b.lockShare)) * 100,
        changePoints: tInterval(
          replicateMeans(study, used, (pair) => (pair.b.lockShare - pair.a.lockShare) * 100),
          { level },
        ),
        moreTimePercent: { value, interval, n },
      },
    ]
  })
}

interface Values {
  readonly lockShare: number
  readonly totalMs: number
}

function valuesOf(trial: CompletedTrial, name: string): Values | string {
  const lockShare = workerTime(trial)?.lockShare
  if (lockShare === undefined) return `the waits of ${name} were not read`
  return trial.totalMs > 0 ? { lockShare, totalMs: trial.totalMs } : `totalMs of ${name} is ${trial.totalMs}`
}
