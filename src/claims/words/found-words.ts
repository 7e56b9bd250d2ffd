import { bestSetWords } from '../../analysis/compare/best-set-words.js'
import { interactionWords } from '../../analysis/compare/interaction-words.js'
import { scalingWords } from '../../analysis/scaling/scaling-words.js'
import { formatNumber } from '../../analysis/tables/tables.js'
import { type Fragment, joined, listed, type Phrase, phrase, prefixed } from '../../analysis/text/phrase.js'
import { quoted, quotedPlace } from '../../analysis/text/quoted.js'
import {
  atLevelWords,
  levelNoun,
  levelsWords,
  levelWordsOf,
  shortLevelsWords,
} from '../../analysis/text/selection-words.js'
import { measuredPhrase, metricPhrase } from '../../analysis/text/sentence.js'
import { metrics } from '../../study/metric.js'
import type { Factor } from '../../study/treatment.js'
import type { StatedInteraction, StatedReport, StatedRule, StatedShift, StatedTest } from '../claims.js'
import type { Found, FoundContrast, FoundRule, FoundSetting, LevelsAt } from '../tests/judged.js'
import { contrastFound, treatmentsWords } from './contrast-found.js'
import { changeFound, reliefFound } from './symptom-words.js'

/** States the finding of a test. */
export function foundWords(test: StatedTest, found: Found): Phrase {
  switch (found.kind) {
    case 'contrasts':
    case 'measurement':
      return contrastsFound(found.contrasts)
    case 'spread':
      return spreadFound(found)
    case 'best-set':
      return bestSetWords(found.set)
    case 'interaction':
      return interactionFound(testOf(test, found.kind), found)
    case 'shift':
      return shiftFound(testOf(test, found.kind), found)
    case 'change':
      return prefixed('symptom', changeFound(testOf(test, found.kind), found.change))
    case 'relief':
      return reliefFound(testOf(test, found.kind), found)
    case 'rule':
      return ruleFound(testOf(test, found.kind), found)
    case 'peak':
      return found.set
        ? phrase`${prefixed('law', scalingWords(found.law))}; ${prefixed('set', bestSetWords(found.set))}`
        : scalingWords(found.law)
    case 'report':
      return reportFound(testOf(test, found.kind), found)
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(found satisfies never)}`)
  }
}

/** Returns the stated test of a finding, as the kind that the finding has. */
function testOf<Kind extends StatedTest['kind']>(
  test: StatedTest,
  kind: Kind,
): Extract<StatedTest, { readonly kind: Kind }> {
  if (test.kind === kind) return test as Extract<StatedTest, { readonly kind: Kind }>
  throw new TypeError(`Expected a test of kind ${kind}, got ${test.kind}`)
}

function contrastsFound(contrasts: readonly FoundContrast[]): Phrase {
  const name = (k: number): string => (contrasts.length === 1 ? 'ratio' : `ratio.${k + 1}`)
  return joined(
    contrasts.map((one, k) => prefixed(name(k), contrastFound(one))),
    '; ',
  )
}

function spreadFound({ spread, named }: Extract<Found, { readonly kind: 'spread' }>): Phrase {
  const ratio = (value: number): string => value.toPrecision(2)
  const contrast = treatmentsWords(spread, named)
  return spread.estimate
    ? phrase`${contrast}: ratio of the spreads ${measuredPhrase(spread.estimate, ratio, 'ratio of the spreads')}`
    : phrase`${contrast}: the spread is not known`
}

/** The ratio of two effects that are equal. */
const noEffect = quotedPlace('noEffect', 1, 'ratio of two effects that are the same')

function interactionFound(
  { by, metric }: StatedInteraction,
  { interaction }: Extract<Found, { readonly kind: 'interaction' }>,
): Phrase {
  const changes = interactionWords(interaction)
  if (!interaction.estimate) return changes
  const [low, high] = interaction.ends.by
  const [smallest, largest] = [prefixed('smallest', atLevelWords(by, low)), prefixed('largest', atLevelWords(by, high))]
  const gain = phrase`${metrics[metric].goal === 'min' ? 'below' : 'above'} ${noEffect}, more is gained ${largest} than ${smallest}`
  return phrase`${changes}; ${gain}`
}

function shiftFound({ of, by }: StatedShift, { low, high }: Extract<Found, { readonly kind: 'shift' }>): Phrase {
  const side = (name: string, { at, best }: LevelsAt): Phrase =>
    phrase`${prefixed(name, atLevelWords(by, at))}: ${bestLevels(name, of, best)}`
  return phrase`best ${levelNoun(of, true)} ${side('smallest', low)}, ${side('largest', high)}`
}

function bestLevels(name: string, over: Factor, best: LevelsAt['best']): Fragment {
  return best ? shortLevelsWords(name, over, best) : 'too few blocks'
}

function ruleFound({ over }: StatedRule, { settings, everywhere }: FoundRule): Phrase {
  const sets = joined(
    settings.map((one, k) => prefixed(`setting.${k + 1}`, settingFound(one, over))),
    '; ',
  )
  if (everywhere === null) return sets
  const rule =
    everywhere.length === 0
      ? `no ${levelNoun(over)} is among the best in all of them: choose by setting`
      : phrase`among the best in all that were measured, so a rule for these settings alone: ${listed(everywhere.map((one, k) => prefixed(`rule.${k + 1}`, everywhereWords(over, one))))}`
  return phrase`best ${levelNoun(over, true)}, ${sets}; ${rule}`
}

function settingFound({ study, at, best }: FoundSetting, over: Factor): Phrase {
  const where = levelsWords(at)
  const subject = where.text === '' ? (study ?? 'this setting') : where
  return phrase`${subject}: ${study === null ? 'not measured' : bestLevels('best', over, best)}`
}

function everywhereWords(over: Factor, { level, atMost }: NonNullable<FoundRule['everywhere']>[number]): Phrase {
  const worse = quoted(
    'atMost',
    atMost * 100,
    formatNumber(atMost * 100, 1),
    'worse than the best at most, in per cent',
  )
  return phrase`${levelWordsOf(over, level)}, at most ${worse} % worse than the best in any`
}

function reportFound({ a, b, metric }: StatedReport, found: Extract<Found, { readonly kind: 'report' }>): Phrase {
  const { unit, scale, label } = metrics[metric]
  const value = (name: 'a' | 'b'): Fragment => {
    const own = found[name]
    return own === null ? 'not known' : quoted(name, own / scale, formatNumber(own / scale, 0), `${label}, ${unit}`)
  }
  return phrase`${metricPhrase(metric)}: ${value('a')} with ${prefixed('a', levelsWords(a))}, ${value('b')} with ${prefixed('b', levelsWords(b))}`
}
