import { metrics } from '../../study/metric.js'
import type { Factor, Treatment } from '../../study/treatment.js'
import { signedMs } from '../explain/wall-clock/signed-ms.js'
import { basisPhrase, replicateNoun } from '../replicates/basis-words.js'
import { replicateCount } from '../replicates/replicates.js'
import { levelPhrase, selectionPhrase } from '../text/levels.js'
import { describedAs, joined, listed, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { clocksPhrase } from '../text/program-clock.js'
import { countedThings, quoted, quotedCount, quotedShare } from '../text/quoted.js'
import { estimatePhrase, metricPhrase, percentText, treatmentPhrase } from '../text/sentence.js'
import type { OtherSetting, Recommendation, RecommendationMethod, Settling } from './recommend.js'
import type { RecommendationWhy } from './why.js'

/**
 * States a recommendation sentence by sentence: what to use and what it costs to be wrong; what
 * other common settings cost; where the time goes with the setting that would be used otherwise;
 * what would settle the rest. Sentences that are not known are left out.
 */
export function recommendationWords(recommendation: Recommendation): readonly Phrase[] {
  const { study, others, why, varying } = recommendation
  const sentences = [
    phrase`${useWords(recommendation)}${clocksPhrase(recommendation.clocks)}`,
    ...(others.length > 0 ? [othersWords(recommendation)] : []),
    ...(why ? [whyWords(why, varying)] : []),
    ...(recommendation.regret ? [settlingWords(recommendation)] : []),
  ]
  return sentences.map((one) => describedAs(`recommendation from ${study}`, one))
}

/**
 * States the setting to use: "Use 2 workers with batches of 20K: at worst 2.1 % more time than the
 * best of 18 measured settings (95 % sure, 30 blocks); 3 workers at 20K may be as good".
 */
function useWords(recommendation: Recommendation): Phrase {
  const { treatment, regret, varying, candidates, metric, rivals, minBlocks, fixed } = recommendation
  const count = replicateCount(recommendation)
  const noun = replicateNoun(recommendation)
  const thing = noun === 'block' ? 'complete block' : 'session'
  const shared = prefixed('fixed', selectionPhrase(fixed))
  const settings = phrase`${countedThings('settings', candidates.length, 'measured setting')}${shared.text === '' ? '' : phrase` with ${shared}`}`
  const goal = metric === 'totalMs' ? '' : phrase` for ${metricPhrase(metric)}`
  const needed = phrase`that takes at least ${quotedCount('minBlocks', minBlocks, `fewest ${noun}s that a regret is given for`)} ${thing}s, there ${count === 1 ? 'is' : 'are'} ${quotedCount(`${noun}s`, count, `${thing}s`)}`
  if (!treatment) return phrase`No setting can be recommended yet: ${needed}`
  const setting = prefixed('use', settingPhrase(treatment, varying))
  if (!regret || !rivals) {
    return phrase`So far ${setting} did best of ${settings}${goal}; how much worse than the best that can be is not known yet: ${needed}`
  }
  const sure = phrase`${quotedShare('level', regret.level, 'level of the regret')} % sure, ${basisPhrase(recommendation, 'complete blocks')}`
  if (regret.upper === 0) return phrase`Use ${setting}${goal}: the best of ${settings} (${sure})`
  const { goal: direction, less, more } = metrics[metric]
  const way = direction === 'min' ? more : less
  const percent = regret.upper * 100
  const worse = phrase`${quoted('regret', percent, percentText(percent), `regret, at most, in per cent ${way}`)} % ${way}`
  return phrase`Use ${setting}${goal}: at worst ${worse} than the best of ${settings} (${sure}); ${rivalsPhrase(rivals, varying)} may be as good`
}

/** Largest number of rivals that are named. */
const maxNamed = 3

function rivalsPhrase(rivals: readonly Treatment[], varying: readonly Factor[]): Phrase {
  if (rivals.length > maxNamed) return countedThings('rivals', rivals.length, 'other')
  return listed(rivals.map((one, k) => prefixed(`rival.${k + 1}`, treatmentPhrase(one, varying))))
}

/** Writes a setting: "2 workers with batches of 20K, queue". */
function settingPhrase(treatment: Treatment, varying: readonly Factor[]): Phrase {
  const others = varying.filter((factor) => factor !== 'workers' && factor !== 'batchSize')
  const levels = joined(
    others.map((factor) => phrase`, ${levelPhrase(factor, treatment)}`),
    '',
  )
  return phrase`${levelPhrase('workers', treatment)} with batches of ${levelPhrase('batchSize', treatment)}${levels}`
}

function othersWords({ others, varying, metric, level }: Recommendation): Phrase {
  const costs = others.map(({ treatment, toRecommended }: OtherSetting, k) =>
    prefixed(`other.${k + 1}`, phrase`${treatmentPhrase(treatment, varying)} ${estimatePhrase(toRecommended, metric)}`),
  )
  const together = phrase`${quotedShare('othersLevel', level, 'level of all intervals together')} % sure of all at once`
  return phrase`Other usual settings against it: ${joined(costs, '; ')}; ${together}`
}

function whyWords({ against, largest, change }: RecommendationWhy, varying: readonly Factor[]): Phrase {
  const more = signedMs(change, `${largest.label}, change per worker`)
  return phrase`Why not ${prefixed('against', treatmentPhrase(against, varying))}: above all ${largest.label}, per worker ${prefixed('why', more)}`
}

/** States how much longer to measure, or why not to. */
function settlingWords(recommendation: Recommendation): Phrase {
  const { settling, margin, regret } = recommendation
  const within = phrase`${quotedShare('margin', margin, 'largest difference that does not matter')} %`
  if (regret?.upper === 0) return phrase`Nothing is left to settle among these settings`
  if (!settling) {
    return phrase`Measuring longer is not worth it here: whichever setting is the best, it gains less than the ${within} that matter`
  }
  const { treatments, blocks } = settling
  const alone = phrase`${blocksPhrase(settling)} of these ${quotedCount('settling.settings', treatments.length, 'settings to measure again')} settings alone`
  if (blocks === null)
    return phrase`Measuring longer is not worth it here: to come within ${within} would take ${alone}`
  return settling.worthIt
    ? phrase`To come within ${within}: about ${alone}`
    : phrase`Measuring longer is not worth it here: to come within ${within} would take about ${alone}`
}

function blocksPhrase({ blocks, sessions, minutes }: Settling): Phrase {
  if (blocks === null) return phrase`more blocks than can be run`
  const counted = countedThings('settling.blocks', blocks, 'fresh block')
  const fresh =
    sessions === null ? counted : phrase`${counted} in ${countedThings('settling.sessions', sessions, 'session')}`
  if (minutes === null) return fresh
  return phrase`${fresh} (${durationPhrase(minutes)})`
}

function durationPhrase(minutes: number): Phrase {
  const hours = minutes / 60
  if (minutes < 1)
    return phrase`under ${quoted('settling.minutes', minutes, '1', 'minutes for the fresh blocks')} minute`
  return minutes < 120
    ? phrase`${quoted('settling.minutes', minutes, minutes.toFixed(0), 'minutes for the fresh blocks')} min`
    : phrase`${quoted('settling.hours', hours, hours.toFixed(hours < 10 ? 1 : 0), 'hours for the fresh blocks')} h`
}

/** States how the bound and the intervals are computed, for a link or a footnote. */
export function recommendationMethodWords({ settings, level, metric, inSessions }: RecommendationMethod): Phrase {
  const comparisons = quotedCount('comparisons', settings - 1, 'comparisons with the recommended setting')
  const pairs = quotedCount('pairs', (settings * (settings - 1)) / 2, 'pairs of settings')
  const sure = phrase`${quotedShare('level', level, 'level of the regret')} %`
  return phrase`The setting with the best geometric mean of the ${metricPhrase(metric)} over complete blocks is recommended. Its bound is the greatest of Student's one-sided bounds of the log ratios within blocks, each with its own standard deviation, against ${comparisons} other settings; their level is raised by Bonferroni's inequality, so that with ${sure} none of the settings is further from the unknown best one than its bound says, the chosen one included, however the data led to it (multiple comparisons with the best, Edwards & Hsu 1983). The intervals of the other settings hold for both sides of all ${pairs} pairs at once${inSessions ? '. All of this is computed from the mean logarithm of each session, in place of those of its blocks' : ''}`
}
