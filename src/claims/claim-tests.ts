import { type BestSet, bestSet } from '../analysis/compare/best-set.js'
import { type Comparison, compare } from '../analysis/compare/compare.js'
import { compareSpread, spreadFacts } from '../analysis/compare/compare-spread.js'
import { interaction } from '../analysis/compare/interaction.js'
import { judge, sampleFloor, type Verdict } from '../analysis/compare/verdict.js'
import { explain } from '../analysis/explain/explain.js'
import { fitScaling, misfitP, type Scaling } from '../analysis/scaling/scaling.js'
import type { Estimate } from '../analysis/statistics/estimate.js'
import { formatNumber } from '../analysis/tables/tables.js'
import { bandPhrase, bandText } from '../analysis/text/claim-words.js'
import { selectionPhrase, shortBatchSize } from '../analysis/text/levels.js'
import { joined, listed, type Phrase, phrase, under } from '../analysis/text/phrase.js'
import { countedThings, quoted, quotedPlace } from '../analysis/text/quoted.js'
import { contrastPhrase, estimatePhrase, measuredPhrase } from '../analysis/text/sentence.js'
import { type AnalysisResult, analysisWords } from '../analysis/words.js'
import { checkedClaim } from '../study/claim.js'
import { type Metric, metrics } from '../study/metric.js'
import type { Study } from '../study/study.js'
import type { Treatment } from '../study/treatment.js'
import { type Factor, factorNames, levelsOf, type Selection, sameTreatment } from '../study/treatment.js'
import type { StatedClaim, StatedTest } from './claims.js'

/** What a test says at one level. */
export interface Judged {
  readonly verdict: Verdict
  /** Of the first of `estimates`. */
  readonly estimate: Estimate | null
  /** What the estimate is: a ratio, a difference of two shares, a number of workers; null for verdicts about sets. */
  readonly scale: 'ratio' | 'share' | 'workers' | null
  /** How many estimates must hold together. */
  readonly estimates: number
  /** What is claimed of the estimate; null where it is not about one. */
  readonly band: { readonly lower: number; readonly upper: number | null; readonly text: string } | null
  readonly blocks: number
  /** What was found, in words. */
  readonly found: Phrase
}

/** Of verdicts about sets. */
const noEstimate = { estimate: null, scale: null, estimates: 0, band: null } as const

/** A test that fits a claim, with the study that it is made on. */
export interface ClaimTest {
  readonly name: Phrase
  /** Names of the studies. */
  readonly study: string
  judgeAt(level: number): Judged
}

/** What claims are tested on. */
export interface Evidence {
  readonly studies: readonly Study[]
  /** The levels of the factorNames that claims do not name. */
  readonly arrangement: Selection
  readonly margin: number
}

/** The test of a claim on the first study that has what it needs; null where none has. */
export function claimTest(claim: StatedClaim, evidence: Evidence): ClaimTest | null {
  const { test } = claim
  switch (test.kind) {
    case 'contrasts':
      return contrastTest(claim, test.count, evidence)
    case 'spread':
      return spreadTest(test, evidence)
    case 'best-set':
      return bestSetTest(test, evidence)
    case 'interaction':
      return interactionTest(test, evidence)
    case 'contention':
      return contentionTest(test, evidence)
    case 'rule':
      return ruleTest(test, evidence)
    case 'peak':
      return peakTest(test, evidence)
    default:
      throw new TypeError(`Unknown test ${JSON.stringify(test satisfies never)}`)
  }
}

type Of<Kind extends StatedTest['kind']> = Extract<StatedTest, { readonly kind: Kind }>

/** The first study that ran all of these treatments. */
function studyWith({ studies, arrangement }: Evidence, selections: readonly Selection[]): Study | null {
  const wanted = selections.map((selection) => ({ ...arrangement, ...selection }) as Treatment)
  const has = ({ plan }: Study): boolean =>
    wanted.every((treatment) => plan.treatments.some((one) => sameTreatment(one, treatment)))
  return studies.find(has) ?? null
}

/** One or more contrasts, all of which must hold: an intersection–union test, which needs no adjustment (Berger 1982). */
function contrastTest(claim: StatedClaim, count: number, evidence: Evidence): ClaimTest | null {
  const contrasts = claim.contrasts.slice(0, count)
  const study = studyWith(
    evidence,
    contrasts.flatMap(({ a, b }) => [a, b]),
  )
  if (!study) return null
  const { arrangement, margin } = evidence
  return {
    name:
      count === 1
        ? phrase`paired t interval of the log ratio`
        : phrase`paired t intervals of ${quotedPlace('ratios', count, 'log ratios that must hold together')} log ratios, all to hold (intersection–union)`,
    study: study.plan.name,
    judgeAt(level) {
      const found = contrasts.map(({ a, b, metric, claim: stated }) =>
        compare(study, {
          a: { ...arrangement, ...a },
          b: { ...arrangement, ...b },
          metric,
          claim: stated,
          level,
          margin,
        }),
      )
      const [first] = found
      return {
        verdict: ofAll(found.map(({ verdict }) => verdict)),
        estimate: first!.estimate,
        scale: 'ratio',
        estimates: found.length,
        band: { ...first!.claim, text: bandText(first!.claim, first!.metric) },
        blocks: Math.min(...found.map(({ blocks }) => blocks)),
        found: joined(
          found.map((one, k) => under(count === 1 ? 'ratio' : `ratio.${k + 1}`, contrastFound(one))),
          '; ',
        ),
      }
    },
  }
}

function contrastFound(comparison: Comparison): Phrase {
  const { estimate, metric } = comparison
  const measured = estimate ? estimatePhrase(estimate, metric) : 'no block with both'
  return phrase`${contrastPhrase(comparison)}: ${measured}`
}

/** Supported when all are, refuted when one is, equivalent when all are. */
function ofAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('refuted')) return 'refuted'
  const [first] = verdicts
  return first && verdicts.every((verdict) => verdict === first) ? first : 'undecided'
}

function spreadTest({ a, b, metric }: Of<'spread'>, evidence: Evidence): ClaimTest | null {
  const study = studyWith(evidence, [a, b])
  if (!study) return null
  const { arrangement, margin } = evidence
  return {
    name: phrase`Pitman–Morgan interval of the ratio of spreads`,
    study: study.plan.name,
    judgeAt(level) {
      const found = compareSpread(study, {
        a: { ...arrangement, ...a },
        b: { ...arrangement, ...b },
        metric,
        level,
        margin,
      })
      const { verdict, estimate, claim, blocks } = found
      const contrast = contrastPhrase(found)
      const ratio = (value: number): string => value.toPrecision(2)
      const said = estimate
        ? phrase`${contrast}: ratio of the spreads ${measuredPhrase(estimate, ratio, 'ratio of the spreads')}`
        : phrase`${contrast}: the spread is not known`
      const band = { ...claim, text: bandPhrase(claim, spreadFacts).text }
      return { verdict, estimate, scale: 'ratio', estimates: 1, band, blocks, found: said }
    },
  }
}

function bestSetTest({ over, where, metric, expected }: Of<'best-set'>, evidence: Evidence): ClaimTest | null {
  const { arrangement, margin } = evidence
  const at = { ...arrangement, ...where, [over]: expected } as Treatment
  const fits = (one: Treatment): boolean => factorNames.every((factor) => factor === over || one[factor] === at[factor])
  const study = evidence.studies.find(({ plan }) => {
    const own = plan.treatments.filter(fits)
    return own.length > 1 && own.some((one) => one[over] === expected)
  })
  if (!study) return null
  const held = Object.fromEntries(factorNames.filter((factor) => factor !== over).map((factor) => [factor, at[factor]]))
  return {
    name: phrase`comparisons with the best (Hsu)`,
    study: study.plan.name,
    judgeAt(level) {
      const set = bestSet(study, over, { where: held, metric, level })
      return { ...judgeSet(set, expected, margin), ...noEstimate, blocks: set.blocks, found: saidBy(set) }
    },
  }
}

/** Whether one level alone is best: refuted when it is not among the best, equivalent when the best differ by no more than the margin. */
function judgeSet({ best, over, metric }: BestSet, expected: number, margin: number): { verdict: Verdict } {
  if (!best) return { verdict: 'undecided' }
  const isIn = best.some(({ treatment }) => treatment[over] === expected)
  if (!isIn) return { verdict: 'refuted' }
  if (best.length === 1) return { verdict: 'supported' }
  return { verdict: best.every((one) => worseThanBest(one.toBestOther, metric) <= margin) ? 'equivalent' : 'undecided' }
}

/** The most that a level may be worse than the best, as a share of the best: the far end of Hsu's interval. */
function worseThanBest({ interval }: Estimate, metric: Metric): number {
  if (interval === null) return Number.POSITIVE_INFINITY
  return metrics[metric].goal === 'min' ? interval.upper - 1 : 1 / interval.lower - 1
}

/**
 * Whether larger batches need more workers: they must gain more from workers (an interaction), and every worker count among the best at the largest
 * batch size must lie above those at the smallest.
 */
function interactionTest({ metric }: Of<'interaction'>, evidence: Evidence): ClaimTest | null {
  const { arrangement, margin } = evidence
  const study = evidence.studies.find((one) => gridOf(one, arrangement) !== null)
  if (!study) return null
  const { workers, batchSizes } = gridOf(study, arrangement)!
  return {
    name: phrase`linear-by-linear interaction of log workers and log batch size within blocks, t interval, and comparisons with the best (Hsu) at both ends`,
    study: study.plan.name,
    judgeAt(level) {
      const { bounds } = checkedClaim({ lessBy: [0, null] }, metric)
      const band = { ...bounds, text: bandText(bounds, metric) }
      const gain = interaction(study, { workers, batchSizes, arrangement, metric, level })
      const { estimate, blocks } = gain
      const interval = blocks >= sampleFloor ? (estimate?.interval ?? null) : null
      const ends = [batchSizes[0]!, batchSizes.at(-1)!]
      const [smallest, largest] = (['smallest', 'largest'] as const).map((name, k) =>
        shortBatchSize(name, ends[k]!, `records in the ${name} batches`),
      )
      const sets = ends.map((batchSize) =>
        bestSet(study, 'workers', { where: { ...arrangement, batchSize }, metric, level }),
      )
      const [few, many] = sets.map(({ best }) => (best ?? []).map(({ treatment }) => treatment.workers))
      const said = estimate
        ? phrase`${saidBy(gain)}; below ${noEffect}, larger batches gain more from workers; best worker counts at ${smallest!}: ${workerCounts('few', few!)}, at ${largest!}: ${workerCounts('many', many!)}`
        : saidBy(gain)
      const gains = interval ? judge(interval, bounds, margin) : 'undecided'
      const grows = Math.min(...many!) > Math.max(...few!)
      const verdict = gains === 'supported' && !grows ? 'undecided' : gains
      return { verdict, estimate, scale: 'ratio', estimates: 1, band, blocks, found: said }
    },
  }
}

/** The ratio of two effects that are the same. */
const noEffect = quotedPlace('noEffect', 1, 'ratio of two effects that are the same')

function workerCounts(name: string, counts: readonly number[]): Phrase {
  return listed(counts.map((count, k) => quotedPlace(`${name}.${k + 1}`, count, 'worker count among the best')))
}

/** What a result says, as a phrase. */
function saidBy(result: AnalysisResult): Phrase {
  return joined(analysisWords(result), '; ')
}

/** The worker counts and batch sizes of which a study ran every pair in the arrangement; null below two of either. */
function gridOf({ plan }: Study, arrangement: Selection): { workers: number[]; batchSizes: number[] } | null {
  const own = plan.treatments.filter((one) => inArrangement(one, arrangement))
  const ascending = (levels: readonly number[]): number[] => [...levels].sort((a, b) => a - b)
  const workers = ascending(levelsOf(own, 'workers'))
  const batchSizes = ascending(levelsOf(own, 'batchSize'))
  const isWhole = own.length === workers.length * batchSizes.length
  return isWhole && workers.length > 1 && batchSizes.length > 1 ? { workers, batchSizes } : null
}

function inArrangement(treatment: Treatment, arrangement: Selection): boolean {
  return (Object.keys(arrangement) as Factor[]).every((factor) => treatment[factor] === arrangement[factor])
}

/**
 * Whether waits for locks explain the loss: their share of the time in COPY must grow, and the loss must stay when the client is no bottleneck,
 * with payloads made beforehand. Refuted when the share does not grow, or when the loss is gone then.
 */
function contentionTest({ from, to }: Of<'contention'>, evidence: Evidence): ClaimTest | null {
  const { arrangement, margin } = evidence
  const study = studyWith(evidence, [from, to])
  if (!study) return null
  const relieved = { ...arrangement, source: 'prepared' } as const
  const beside = studyWith({ ...evidence, arrangement: relieved }, [from, to])
  return {
    name: phrase`difference of the shares of lock and LWLock waits within blocks, t interval, and the same contrast with prepared payloads`,
    study: beside && beside !== study ? `${study.plan.name}, ${beside.plan.name}` : study.plan.name,
    judgeAt(level) {
      const { lockShare, blocks } = explain(study, {
        from: { ...arrangement, ...from },
        to: { ...arrangement, ...to },
        level,
      })
      const loss = beside
        ? compare(beside, {
            a: { ...relieved, ...from },
            b: { ...relieved, ...to },
            claim: { fasterBy: [0, null] },
            level,
            margin,
          })
        : null
      const interval = blocks >= sampleFloor ? (lockShare?.change.interval ?? null) : null
      const grows = interval === null ? null : interval.lower > 0 ? true : interval.upper <= 0 ? false : null
      const stays = loss?.verdict === 'supported' ? true : loss && loss.verdict !== 'undecided' ? false : null
      return {
        verdict: grows === false || stays === false ? 'refuted' : grows && stays ? 'supported' : 'undecided',
        estimate: lockShare?.change ?? null,
        scale: 'share',
        estimates: 1,
        band: { lower: 0, upper: null, text: 'higher' },
        blocks,
        found: phrase`${lockShare ? under('locks', saidBy(lockShare)) : 'the waits were not read'}; with payloads made beforehand ${loss?.estimate ? under('prepared', contrastFound(loss)) : 'it was not measured'}`,
      }
    },
  }
}

/** Factors that stand for what the database has to do for a record, beside the batch size. */
const capacities = ['batchSize', 'secondaryIndexes', 'persistence', 'synchronousCommit'] as const

/**
 * Whether the best worker count depends on batch size and capacity: supported when no count is among the best in every setting, equivalent when one
 * is, and within the margin of the best everywhere. The settings share the error rate (Bonferroni).
 */
function ruleTest({ metric }: Of<'rule'>, { studies, arrangement, margin }: Evidence): ClaimTest | null {
  const free: readonly Factor[] = [...capacities, 'workers']
  const held = Object.fromEntries(
    Object.entries(arrangement).filter(([factor]) => !free.includes(factor as Factor)),
  ) as Selection
  const settings = studies
    .flatMap((study) => settingsOf(study, held).map((where) => ({ study, where })))
    // A setting of several studies is judged by the first.
    .filter(({ where }, k, all) => all.findIndex((other) => sameSetting(other.where, where)) === k)
  if (settings.length < 2) return null
  return {
    name: phrase`comparisons with the best (Hsu) in ${quotedPlace('settings', settings.length, 'settings')} settings`,
    study: [...new Set(settings.map(({ study }) => study.plan.name))].join(', '),
    judgeAt(level) {
      const each = 1 - (1 - level) / settings.length
      const sets = settings.map(({ study, where }) => bestSet(study, 'workers', { where, metric, level: each }))
      const blocks = Math.min(...sets.map((set) => set.blocks))
      const listedSets = joined(
        sets.map((set, k) => under(`setting.${k + 1}`, settingFound(set))),
        '; ',
      )
      if (sets.some(({ best }) => best === null)) {
        return { verdict: 'undecided', ...noEstimate, blocks, found: listedSets }
      }
      const common = levelsOf(
        sets[0]!.best!.map(({ treatment }) => treatment),
        'workers',
      ).filter((workers) => sets.every(({ best }) => best!.some(({ treatment }) => treatment.workers === workers)))
      const worst = common.map((workers) => {
        const own = sets.map(({ best }) => best!.find(({ treatment }) => treatment.workers === workers)!)
        return { workers, atMost: Math.max(...own.map(({ toBestOther }) => worseThanBest(toBestOther, metric))) }
      })
      const suffices = worst.some(({ atMost }) => atMost <= margin)
      const verdict = common.length === 0 ? 'supported' : suffices ? 'equivalent' : 'undecided'
      const rule =
        common.length === 0
          ? 'no worker count is among the best in all of them: choose by setting'
          : phrase`among the best in all of them, so a rule for these settings alone: ${listed(worst.map((one, k) => under(`rule.${k + 1}`, ruleFound(one))))}`
      return { verdict, ...noEstimate, blocks, found: phrase`best worker counts, ${listedSets}; ${rule}` }
    },
  }
}

function settingFound({ at, study: name, fixed, best }: BestSet): Phrase {
  const where = at === '' ? phrase`${name}` : selectionPhrase(fixed)
  const counts = best?.map(({ treatment }) => treatment.workers)
  return phrase`${where}: ${counts ? workerCounts('best', counts) : 'too few blocks'}`
}

function ruleFound({ workers, atMost }: { readonly workers: number; readonly atMost: number }): Phrase {
  const worse = quoted(
    'atMost',
    atMost * 100,
    formatNumber(atMost * 100, 1),
    'worse than the best at most, in per cent',
  )
  return phrase`${countedThings('workers', workers, 'worker')}, at most ${worse} % worse than the best in any`
}

const sameSetting = (a: Selection, b: Selection): boolean => capacities.every((factor) => a[factor] === b[factor])

/** The combinations of batch size and capacity for which a study has three worker counts at least. */
function settingsOf({ plan }: Study, held: Selection): Selection[] {
  const own = plan.treatments.filter((one) => inArrangement(one, held))
  const settings = own.map(
    (one): Selection => ({ ...held, ...Object.fromEntries(capacities.map((factor) => [factor, one[factor]])) }),
  )
  return settings.filter(
    (setting, k) =>
      settings.findIndex((other) => sameSetting(other, setting)) === k &&
      levelsOf(
        own.filter((one) => inArrangement(one, setting)),
        'workers',
      ).length >= 3,
  )
}

/**
 * Whether throughput falls beyond an optimum: by the peak of the scalability law, where the law fits, supported when its interval ends below the most
 * workers that were measured, refuted when there is none. Where the law misses the means, by comparisons with the best: supported when the most
 * workers are not among the best, refuted when they alone are.
 */
function peakTest({ where }: Of<'peak'>, evidence: Evidence): ClaimTest | null {
  const at = { ...evidence.arrangement, ...where }
  const study = evidence.studies.find(
    ({ plan }) =>
      levelsOf(
        plan.treatments.filter((one) => inArrangement(one, at)),
        'workers',
      ).length >= 3,
  )
  if (!study) return null
  const [scaling] = fitScaling(study, { where: at })
  const most = Math.max(...scaling!.observations.workers)
  const isMissed =
    scaling!.fit.status !== 'converged' || (scaling!.lackOfFit !== null && scaling!.lackOfFit.p < misfitP)
  return {
    name: isMissed
      ? phrase`comparisons with the best (Hsu), since the scalability law does not fit`
      : phrase`peak of the scalability law, profile interval`,
    study: study.plan.name,
    judgeAt(level) {
      if (isMissed) {
        const set = bestSet(study, 'workers', { where: at, metric: 'recordsPerSecond', level })
        const isBest = set.best?.some(({ treatment }) => treatment.workers === most)
        const verdict = isBest === false ? 'supported' : isBest && set.best?.length === 1 ? 'refuted' : 'undecided'
        return {
          verdict,
          ...noEstimate,
          blocks: set.blocks,
          found: phrase`${under('law', saidBy(scaling!))}; ${under('set', saidBy(set))}`,
        }
      }
      const [atLevel] = fitScaling(study, { where: at, level }) as [Scaling]
      const { fit, blocks } = atLevel
      const peak = fit.status === 'converged' ? fit.peak : null
      const interval = blocks >= sampleFloor ? (peak?.workers.interval ?? null) : null
      const isBelow = interval !== null && interval.upper < most
      const isBeyond = blocks >= sampleFloor && (peak === null || (interval !== null && interval.lower > most))
      return {
        verdict: isBelow ? 'supported' : isBeyond ? 'refuted' : 'undecided',
        estimate: peak?.workers ?? null,
        scale: 'workers',
        estimates: 1,
        band: { lower: 1, upper: most, text: `a peak below ${most} workers` },
        blocks,
        found: saidBy(atLevel),
      }
    },
  }
}
