import type { Metric } from '../../study/metric.js'
import { basisPhrase, replicateNoun } from '../replicates/basis-words.js'
import { describedAs, type Fragment, joined, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { quotedCount, quotedShare } from '../text/quoted.js'
import { estimatePhrase, metricPhrase, treatmentPhrase } from '../text/sentence.js'
import type { ComparisonControls, ControlResult } from './controls.js'

/**
 * States what the controls measured: how much identical treatments differ, and whether a known
 * slow-down is found; null without controls.
 */
export function controlsWords(controls: ComparisonControls): Phrase | null {
  const { aa, slowdown, work, unprobed, metric } = controls
  const phrases = [
    ...(aa ? [prefixed('aa', describedAs('identical treatments', aaPhrase(aa, controls)))] : []),
    ...(slowdown ? [prefixed('slowdown', describedAs('known slow-down', slowdownPhrase(slowdown, metric)))] : []),
    ...(work ? [prefixed('work', describedAs('more work', workPhrase(work, metric)))] : []),
    ...(unprobed ? [prefixed('unprobed', describedAs('without probes', unprobedPhrase(unprobed, controls)))] : []),
  ]
  if (phrases.length === 0) return null
  const results = [aa, slowdown, work, unprobed].filter((result) => result !== null)
  const noted = results.some(({ blocks }) => blocks > 0) ? phrase` (${basesPhrase(results)})` : ''
  const { text, numbers } = phrase`${joined(phrases, '; ')}${noted}`
  return { text: `${text[0]!.toUpperCase()}${text.slice(1)}`, numbers }
}

function basesPhrase(results: readonly ControlResult[]): Phrase {
  const blocks = results.map((result) => result.blocks)
  if (new Set(blocks).size === 1) return basisPhrase(results[0]!, 'blocks of the controls')
  return phrase`${joined(
    blocks.map((count, k) => quotedCount(`${k + 1}.blocks`, count, 'blocks of the control')),
    ' and ',
  )} blocks${results[0]!.sessions === null ? '' : ' in sessions'}`
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
  return phrase`${subject} was measured as ${estimatePhrase(estimate, metric)} and ${detectedText(detected, sessions)}`
}

function detectedText(detected: boolean | null, sessions: number | null): string {
  if (detected === null) return `needs more ${replicateNoun({ sessions })}s to be detected`
  return detected ? 'detected' : 'not detected'
}

function workPhrase({ by, estimate, detected, sessions }: ControlResult, metric: Metric): Phrase {
  const subject = phrase`${quotedShare('by', by ?? 0, 'CPU time that the client spent in addition')} % more CPU time, spent by the client,`
  if (!estimate) return phrase`${subject} has no block with both`
  return phrase`${subject} was measured as ${estimatePhrase(estimate, metric)} and ${detectedText(detected, sessions)}`
}

function unprobedPhrase(
  { treatment, estimate }: ControlResult,
  { metric, varying }: Pick<ComparisonControls, 'metric' | 'varying'>,
): Phrase {
  const subject = phrase`without probes ${treatmentPhrase(treatment, varying)}`
  if (!estimate) return phrase`${subject}: no block with both`
  return phrase`${subject} took ${estimatePhrase(estimate, metric)}`
}
