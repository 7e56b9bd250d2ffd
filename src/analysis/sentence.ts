import type { Study, Treatment } from '../executor/types.js'
import type { Comparison } from './comparison.js'
import { type Metric, metrics } from './metrics.js'
import type { Estimate } from './statistics/estimate.js'
import { counted, describeLevel, type Factor, shortCount, varyingFactors } from './treatments.js'

/** Two treatments in words, what differs first: "2 workers vs 4 at 10K", "queue vs split with 4 workers at 10K"; `between` stands for "vs". */
export function contrastText(study: Study, a: Treatment, b: Treatment, between = 'vs'): string {
  const versus = differingLevels(a, b)
    .map(
      ({ factor, a: levelA, b: levelB }) =>
        `${factor === 'batchSize' ? 'batches of ' : ''}${levelA} ${between} ${levelB}`,
    )
    .join(' and ')
  const shared = (factor: Factor): boolean => a[factor] === b[factor]
  const workers = shared('workers') ? ` with ${describeLevel('workers', a)}` : ''
  const batchSize = shared('batchSize') ? ` at ${shortCount(a.batchSize)}` : ''
  return `${versus}${workers}${batchSize}${otherLevels(study, a, shared)}`
}

/** One treatment in words: "2 workers at 10K, queue". */
export function treatmentText(study: Study, treatment: Treatment): string {
  const others = otherLevels(study, treatment, () => true)
  return `${describeLevel('workers', treatment)} at ${shortCount(treatment.batchSize)}${others}`
}

/** The levels that tell two treatments apart, in words, the second's in short: "2 workers" and "4". */
export function differingLevels(a: Treatment, b: Treatment): { factor: Factor; a: string; b: string }[] {
  return varyingFactors([a, b]).map((factor) => ({ factor, a: describeLevel(factor, a), b: shortLevel(factor, b) }))
}

function otherLevels(study: Study, treatment: Treatment, shared: (factor: Factor) => boolean): string {
  return varyingFactors(study.plan.treatments)
    .filter((factor) => shared(factor) && factor !== 'workers' && factor !== 'batchSize')
    .map((factor) => `, ${describeLevel(factor, treatment)}`)
    .join('')
}

function shortLevel(factor: Factor, treatment: Treatment): string {
  switch (factor) {
    case 'workers':
    case 'secondaryIndexes':
      return String(treatment[factor])
    case 'synchronousCommit':
      return treatment.synchronousCommit ? 'on' : 'off'
    default:
      return describeLevel(factor, treatment)
  }
}

/** A ratio as a difference in words: 0.96 of the total time is "4.0 % faster". */
export function differenceText(ratio: number, metric: Metric): string {
  const percent = Math.abs(ratio - 1) * 100
  const text = percentText(percent)
  if (Number(text.replaceAll(',', '')) === 0) return 'no difference'
  return `${text} % ${ratio < 1 ? metrics[metric].less : metrics[metric].more}`
}

/** A ratio and its interval as differences in words: "4.0 % faster [6.0 % faster, 1.9 % faster]". */
export function estimateText(estimate: Estimate, metric: Metric): string {
  return `${differenceText(estimate.value, metric)}${bracketed(estimate, (bound) => differenceText(bound, metric))}`
}

/** An estimate's interval behind its value, " [2.8, 3.4]"; ", no interval" where there is none. */
export function bracketed({ interval }: Pick<Estimate, 'interval'>, text: (bound: number) => string): string {
  return interval ? ` [${text(interval.lower)}, ${text(interval.upper)}]` : ', no interval'
}

/** "a", "a and b", "a, b and c". */
export function listText(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

// A formatter takes longer to make than to use a hundred times.
const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const noDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** A percentage without its sign: one decimal below ten. */
export function percentText(percent: number): string {
  return (percent < 9.95 ? oneDecimal : noDecimal).format(percent)
}

/** A comparison's answer in words: what was compared, by how much, how sure, on how many blocks, the verdict, and what would decide it. */
export function comparisonSentence(comparison: Omit<Comparison, 'sentence'>): string {
  const { contrast, metric, estimate, blocks } = comparison
  const subject = metric === 'totalMs' ? contrast : `${contrast}, ${metrics[metric].label}`
  const answer = `${subject}: ${measuredText(comparison)}${estimate ? `, ${counted(blocks, 'block')}` : ''}: ${verdictText(comparison)}`
  const { withExcluded } = comparison
  if (!withExcluded) return answer
  const other = measuredText({ metric, estimate: withExcluded.estimate })
  return `${answer}; with the excluded trials put back: ${other}, ${counted(withExcluded.blocks, 'block')}: ${withExcluded.verdict}`
}

function measuredText({ estimate, metric }: Pick<Comparison, 'estimate' | 'metric'>): string {
  return estimate ? estimateText(estimate, metric) : 'no block with both'
}

function verdictText(comparison: Omit<Comparison, 'sentence'>): string {
  const { verdict, claim, margin } = comparison
  switch (verdict) {
    case 'supported':
      return `supported (claim: ${claim.text})`
    case 'refuted':
      return `refuted (claim: ${claim.text}${isMoreThanClaimed(comparison) ? ', it is more' : ''})`
    case 'equivalent':
      return `equivalent, within ±${Number((margin * 100).toPrecision(3))} % (claim: ${claim.text})`
    case 'undecided':
      return undecidedText(comparison)
    default:
      return assertNever(verdict)
  }
}

function undecidedText(comparison: Omit<Comparison, 'sentence'>): string {
  const { blocks, leastBlocks, claim, margin, blocksToDecide, better, estimate, metric } = comparison
  const undecided = `undecided (claim: ${claim.text})`
  if (blocks < leastBlocks) return `${undecided}; a verdict needs at least ${counted(leastBlocks, 'block')}`
  if (better !== null && estimate) {
    const { less, more } = metrics[metric]
    return `${undecided}; it is ${estimate.value < 1 ? less : more}, but by how much is open until more blocks narrow the interval`
  }
  if (blocksToDecide === null) return undecided
  if (blocks >= blocksToDecide)
    return `${undecided}; the interval crosses a bound of the claim, and narrows with more blocks`
  const effect = Number(((claim.least > 0 ? claim.least : margin) * 100).toPrecision(3))
  return `${undecided}; about ${counted(blocksToDecide, 'block')} would tell ${effect} % from no difference`
}

function isMoreThanClaimed({ estimate, claim }: Pick<Comparison, 'estimate' | 'claim'>): boolean {
  if (!estimate || claim.least === 0) return false
  return claim.lower >= 1 ? claim.upper !== null && estimate.value > claim.upper : estimate.value < claim.lower
}

function assertNever(verdict: never): never {
  throw new TypeError(`Unknown verdict ${String(verdict)}`)
}
