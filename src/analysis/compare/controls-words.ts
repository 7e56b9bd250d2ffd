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
  const { aa, slowdown, metric } = controls
  const phrases = [
    ...(aa ? [prefixed('aa', describedAs('identical treatments', aaPhrase(aa, controls)))] : []),
    ...(slowdown ? [prefixed('slowdown', describedAs('known slow-down', slowdownPhrase(slowdown, metric)))] : []),
  ]
  if (phrases.length === 0) return null
  const results = [aa, slowdown].filter((result) => result !== null)
  const noted = results.some(({ blocks }) => blocks > 0) ? phrase` (${basesPhrase(results)})` : ''
  const { text, numbers } = phrase`${joined(phrases, '; ')}${noted}`
  return { text: `${text[0]!.toUpperCase()}${text.slice(1)}`, numbers }
}

function basesPhrase(results: readonly ControlResult[]): Phrase {
  const blocks = results.map((result) => result.blocks)
  if (new Set(blocks).size === 1) return basisPhrase(results[0]!, 'blocks of the controls')
  const names = ['aa.blocks', 'slowdown.blocks']
  return phrase`${joined(
    blocks.map((count, k) => quotedCount(names[k]!, count, 'blocks of the control')),
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
  const found =
    detected === null
      ? `needs more ${replicateNoun({ sessions })}s to be detected`
      : detected
        ? 'detected'
        : 'not detected'
  return phrase`${subject} was measured as ${estimatePhrase(estimate, metric)} and ${found}`
}
