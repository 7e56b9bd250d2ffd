import { hasLogarithm } from '../../analysis/compare/interaction-words.js'
import { type Phrase, phrase } from '../../analysis/text/phrase.js'
import { quotedPlace } from '../../analysis/text/quoted.js'
import { metricPhrase } from '../../analysis/text/sentence.js'
import { type Factor, factorEntry, type Level } from '../../study/treatment.js'
import { metricOf, type StatedTest } from '../claims.js'
import type { Found } from '../tests/judged.js'

/** Writes the name of the test that judged. */
export function testWords(test: StatedTest, found: Found): Phrase {
  switch (found.kind) {
    case 'contrasts':
    case 'measurement': {
      const count = found.contrasts.length
      return count === 1
        ? phrase`paired t interval of the log ratio`
        : phrase`paired t intervals of ${quotedPlace('ratios', count, 'log ratios that must hold together')} log ratios, which share the error rate`
    }
    case 'spread':
      return phrase`interval of the ratio of spreads (Pitman and Morgan)`
    case 'best-set':
      return phrase`comparisons with the best (Hsu)`
    case 'interaction': {
      const { of, by, ends } = found.interaction
      return phrase`linear-by-linear interaction of ${logOf(of, ends.of)} and ${logOf(by, ends.by)} within blocks, t interval`
    }
    case 'shift':
      return phrase`comparisons with the best (Hsu) at both ends`
    case 'change':
      return phrase`difference of ${metricPhrase(metricOf(test))} within blocks, t interval`
    case 'relief':
      return phrase`differences within blocks with and without the symptom, t intervals, which share the error rate`
    case 'rule':
      return phrase`comparisons with the best (Hsu) in ${quotedPlace('settings', found.settings.length, 'settings')} settings`
    case 'peak':
      return found.set
        ? phrase`comparisons with the best (Hsu), since the scalability law does not fit`
        : phrase`peak of the scalability law, profile interval`
    case 'report':
      return phrase`none: it is set, not caused`
    default:
      throw new TypeError(`Unknown finding ${JSON.stringify(found satisfies never)}`)
  }
}

/** Writes a factor with its scale: "log workers", and "encoding" for one whose levels are words. */
function logOf(factor: Factor, [lowest]: readonly [Level, Level]): string {
  return `${hasLogarithm(lowest) ? 'log ' : ''}${factorEntry(factor).label}`
}
