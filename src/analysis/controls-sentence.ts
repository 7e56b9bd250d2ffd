import type { Study } from '../executor/types.js'
import type { ComparisonControls, ControlResult } from './controls.js'
import { type Metric, metrics } from './metrics.js'
import { bracketed, differenceText, treatmentText } from './sentence.js'
import type { RatioEstimate } from './statistics/paired-ratio.js'
import { counted } from './treatments.js'

/** What the controls measured, in words: how much identical treatments differ, and whether a known slow-down is found; null without controls. */
export function controlsSentence(
  study: Study,
  { aa, slowdown }: Pick<ComparisonControls, 'aa' | 'slowdown'>,
  metric: Metric,
): string | null {
  const texts = [...(aa ? [aaText(study, aa, metric)] : []), ...(slowdown ? [slowdownText(slowdown, metric)] : [])]
  if (texts.length === 0) return null
  const blocks = [aa, slowdown].flatMap((result) => (result ? [result.estimate?.n ?? 0] : []))
  const basis = new Set(blocks).size === 1 ? counted(blocks[0]!, 'block') : `${blocks.join(' and ')} blocks`
  const noted = blocks.some((count) => count > 0) ? ` (${basis})` : ''
  const sentence = texts.join('; ')
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}${noted}`
}

function aaText(study: Study, { treatment, estimate, detected }: ControlResult, metric: Metric): string {
  const by = metric === 'totalMs' ? '' : ` by ${metrics[metric].label}`
  const subject = `two identical treatments (${treatmentText(study, treatment)}) compared${by}`
  if (!estimate) return `${subject}: no block with both`
  const doubt = detected && estimate.interval ? chanceText(estimate.interval.level) : ''
  return `${subject}: ${measuredText(estimate, metric)}${doubt}`
}

function chanceText(level: number): string {
  const percent = Number(((1 - level) * 100).toPrecision(3))
  return `, a difference where there is none, as chance has it in ${percent} % of studies`
}

function slowdownText({ by, estimate, detected }: ControlResult, metric: Metric): string {
  const subject = `a slow-down of ${Number(((by ?? 0) * 100).toPrecision(3))} %`
  if (!estimate) return `${subject}: no block with both`
  const found = detected === null ? 'needs more blocks to be detected' : detected ? 'detected' : 'not detected'
  return `${subject} was measured as ${measuredText(estimate, metric)} and ${found}`
}

function measuredText(estimate: RatioEstimate, metric: Metric): string {
  return `${differenceText(estimate.value, metric)}${bracketed(estimate, (bound) => differenceText(bound, metric))}`
}
