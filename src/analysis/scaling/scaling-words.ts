import { basisPhrase, replicateNoun } from '../replicates/basis-words.js'
import type { Estimate } from '../statistics/estimate.js'
import { formatNumber } from '../tables/tables.js'
import { subjectPhrase } from '../text/levels.js'
import { describedAs, type Phrase, phrase } from '../text/phrase.js'
import { quoted, quotedP } from '../text/quoted.js'
import { boundMeanings, intervalPhrase } from '../text/sentence.js'
import { verbatim } from '../text/verbatim.js'
import { lackOfFitAlpha, type Scaling } from './scaling.js'
import type { UslPeak } from './usl.js'

/**
 * States the worker count of the peak, or that there is none; where the law misses the means, that
 * nothing is concluded from it.
 */
export function scalingWords(scaling: Scaling): Phrase {
  const { study, at, fixed, fit, lackOfFit } = scaling
  const where = subjectPhrase(fixed)
  if (fit.status !== 'converged')
    return phrase`${where}the scalability law was not fitted: ${verbatim('reason', fit.reason, 'why')}`
  const basis = basisPhrase(scaling, 'complete blocks')
  const found =
    lackOfFit && lackOfFit.p < lackOfFitAlpha
      ? phrase`the scalability law misses the means by more than the ${replicateNoun(scaling)}s' spread (lack of fit, p ${quotedP('lackOfFit', lackOfFit.p, 'p of the lack of fit')}), so no peak is read from it`
      : fit.peak
        ? peakPhrase(fit.peak)
        : noPeak
  const sentence = phrase`${where}${found}, ${basis}`
  return describedAs(`scalability law of ${study}${at === '' ? '' : ` at ${at}`}`, sentence)
}

const noPeak = 'no interior peak: throughput does not fall with more workers'

function peakPhrase({ workers, throughput }: UslPeak): Phrase {
  const height = quoted('throughput', throughput.value, peakNumber(throughput.value), 'records per second at the peak')
  return phrase`a ${peakWorkers(workers)}, ${height} records/s`
}

function peakWorkers(workers: Estimate): Phrase {
  const bounds = intervalPhrase(workers, (name, bound) =>
    Number.isFinite(bound) ? quoted(name, bound, peakNumber(bound), `${boundMeanings[name]}, workers`) : 'no bound',
  )
  return phrase`peak at ${quoted('peak', workers.value, peakNumber(workers.value), 'workers at the peak')} workers${bounds}`
}

/** Writes the position of a peak: "peak at 4.3 workers [3.9, 5.0]". */
export function peakText(workers: Estimate): string {
  return peakWorkers(workers).text
}

function peakNumber(value: number): string {
  return formatNumber(value, value < 10 ? 1 : 0)
}
