import { type Metric, metrics } from '../../study/metric.js'
import { describedAs, joined, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { countedThings, quotedCount } from '../text/quoted.js'
import { estimatePhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import type { LastSession, ResultDifference, StudyDifferences } from './diff-studies.js'
import type { Difference } from './study-facts.js'

/**
 * States the differences between two studies: plans, treatments, contexts, the limits of the
 * comparison, and the results.
 */
export function differencesWords(differences: StudyDifferences): Phrase[] {
  const { a, b, plan, onlyA, onlyB, context, results, metric } = differences
  return [
    listPhrase('Plan', plan),
    ...(onlyA.length > 0 ? [verbatim('only', `Treatments of ${a} alone: ${onlyA.join('; ')}`, 'treatments')] : []),
    ...(onlyB.length > 0 ? [verbatim('only', `Treatments of ${b} alone: ${onlyB.join('; ')}`, 'treatments')] : []),
    listPhrase('Context', context),
    ...(results.length > 0
      ? [caveatWords(differences), ...results.map((result) => resultWords(result, metric))]
      : [phrase`No treatment is in both studies`]),
  ]
}

function listPhrase(part: string, differences: readonly Difference[]): Phrase {
  if (differences.length === 0) return phrase`${part}: no difference`
  const texts = differences.map(({ what, a, b }, k) =>
    verbatim(String(k + 1), `${what} ${a ?? 'none'}, then ${b ?? 'none'}`, 'what differs'),
  )
  return phrase`${part}: ${joined(texts, '; ')}`
}

/** States the limit of the results of two studies: they are not a comparison within blocks. */
export function caveatWords({ sessions, metric }: StudyDifferences): Phrase {
  const day = (name: 'a' | 'b', { day: known }: LastSession): Phrase =>
    verbatim(`${name}.day`, known ?? 'no known day', 'day of the last session')
  const caveat = phrase`The results compare sessions (${day('a', sessions.a)} and ${day('b', sessions.b)}), not treatments within blocks: whatever else differs, and the machine's drift between them, is part of every ratio, so no verdict is given.`
  return sessions.a.records === sessions.b.records || metrics[metric].kind === 'rate'
    ? caveat
    : phrase`${caveat} The studies loaded different numbers of records, so ${metrics[metric].label} is not of the same work: compare \`recordsPerSecond\`.`
}

/** States how a treatment that two studies share differs between their sessions. */
export function resultWords({ treatmentLabel, ratio, trialsA, trialsB }: ResultDifference, metric: Metric): Phrase {
  const found = ratio ? phrase`in the second ${estimatePhrase(ratio, metric)}` : 'no value in one of them'
  const subject = phrase`${verbatim('treatment', treatmentLabel, 'treatment')}, ${metrics[metric].label}`
  const trials = phrase`${quotedCount('a.trials', trialsA, 'trials of the first')} and ${prefixed('b', countedThings('trials', trialsB, 'trial', 'trials of the second'))}`
  return describedAs(subject.text, phrase`${subject}, between sessions: ${found} (${trials})`)
}
