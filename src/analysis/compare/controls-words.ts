import { type Metric, metrics } from '../../study/metric.js'
import { basisPhrase, replicateNoun } from '../replicates/basis-words.js'
import { describedAs, type Fragment, joined, listed, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { quoted, quotedCount, quotedShare } from '../text/quoted.js'
import {
  boundMeanings,
  estimatePhrase,
  intervalPhrase,
  metricPhrase,
  percentPhrase,
  signedPercent,
  treatmentPhrase,
} from '../text/sentence.js'
import type { ComparisonControls, ControlResult } from './controls.js'

/**
 * States what the controls measured: how much identical treatments differ, whether a slow-down and
 * extra work of the client are found, and what observing costs; null without controls.
 */
export function controlsWords(controls: ComparisonControls): Phrase | null {
  const { aa, slowdown, work, unprobed, metric } = controls
  const told = [
    ...(aa ? [{ result: aa, words: describedAs('identical treatments', aaPhrase(aa, controls)) }] : []),
    ...(slowdown
      ? [{ result: slowdown, words: describedAs('known slow-down', slowdownPhrase(slowdown, metric)) }]
      : []),
    ...(work ? [{ result: work, words: describedAs('extra work', workPhrase(work, metric)) }] : []),
    ...(unprobed ? [{ result: unprobed, words: describedAs('no probes', unprobedPhrase(unprobed, controls)) }] : []),
  ]
  if (told.length === 0) return null
  const results = told.map(({ result }) => result)
  const noted = results.some(({ blocks }) => blocks > 0) ? phrase` (${basesPhrase(results)})` : ''
  const phrases = told.map(({ result, words }) => prefixed(result.control, words))
  const { text, numbers } = phrase`${joined(phrases, '; ')}${noted}`
  return { text: `${text[0]!.toUpperCase()}${text.slice(1)}`, numbers }
}

function basesPhrase(results: readonly ControlResult[]): Phrase {
  if (new Set(results.map(({ blocks }) => blocks)).size === 1) return basisPhrase(results[0]!, 'blocks of the controls')
  const counts = results.map(({ control, blocks }) => quotedCount(`${control}.blocks`, blocks, 'blocks of the control'))
  return phrase`${listed(counts)} blocks${results[0]!.sessions === null ? '' : ' in sessions'}`
}

function aaPhrase(
  { treatment, estimate, detected }: ControlResult,
  { metric, varying }: Pick<ComparisonControls, 'metric' | 'varying'>,
): Phrase {
  const by = metric === 'totalMs' ? '' : phrase` by ${metricPhrase(metric)}`
  const subject = phrase`two identical treatments (${treatmentPhrase(treatment, varying)}) compared${by}`
  if (!estimate) return phrase`${subject}: no block with both`
  const doubt = detected && estimate.interval ? chancePhrase(estimate.interval.level) : ''
  return phrase`${subject}: ${estimatePhrase(estimate, metric)}${doubt}`
}

function chancePhrase(level: number): Fragment {
  const chance = quotedShare('chance', 1 - level, 'studies in which chance shows a difference where there is none')
  return phrase`, a difference where there is none, as chance has it in ${chance} % of studies`
}

function slowdownPhrase({ by, estimate, detected, sessions }: ControlResult, metric: Metric): Phrase {
  const subject = phrase`a slow-down of ${quotedShare('by', by ?? 0, 'slow-down that was made')} %`
  if (!estimate) return phrase`${subject}: no block with both`
  return phrase`${subject} was measured as ${estimatePhrase(estimate, metric)} and ${foundText(detected, sessions)}`
}

function foundText(detected: boolean | null, sessions: number | null): string {
  if (detected === null) return `needs more ${replicateNoun({ sessions })}s to be detected`
  return detected ? 'detected' : 'not detected'
}

function workPhrase({ by, estimate, added, detected, sessions }: ControlResult, metric: Metric): Phrase {
  const share = quotedShare('by', by ?? 0, 'extra work, of the CPU time of client and backends')
  const subject = phrase`extra work of ${share} % of the CPU time`
  if (!estimate || !added) return phrase`${subject}: no block with both, or no CPU time read in the warm-up`
  const ms = quotedCount('added', Math.round(added.ms), 'extra work of a trial, in milliseconds')
  const atMost = percentPhrase('addedShare', added.share, 'extra work, of the total time')
  const size = phrase`${ms} ms, ${atMost} of the total time`
  return phrase`${subject} (${size}) was measured as ${estimatePhrase(estimate, metric)} and ${foundText(detected, sessions)}`
}

function unprobedPhrase(
  { treatment, estimate }: ControlResult,
  { metric, varying }: Pick<ComparisonControls, 'metric' | 'varying'>,
): Phrase {
  const subject = phrase`observing (${treatmentPhrase(treatment, varying)})`
  if (!estimate) return phrase`${subject}: no block with both`
  // What a rate loses is a share of the one without probes, as what a time gains is.
  const sign = metrics[metric].kind === 'rate' ? -1 : 1
  const cost = (ratio: number): number => sign * (1 / ratio - 1) * 100
  const { value, interval } = estimate
  const bounds = interval && [cost(interval.lower), cost(interval.upper)]
  const turned = bounds && interval && { level: interval.level, lower: Math.min(...bounds), upper: Math.max(...bounds) }
  const costPhrase = (name: string, percent: number, meaning: string): Fragment =>
    quoted(name, percent, signedPercent(percent), `${meaning}, in per cent`)
  const range = intervalPhrase({ interval: turned }, (name, bound) => costPhrase(name, bound, boundMeanings[name]))
  return phrase`${subject} costs ${costPhrase('estimate', cost(value), 'cost of observing')} %${range} of ${metricPhrase(metric)}`
}
