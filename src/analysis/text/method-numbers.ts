import { defaultLevel, defaultMargin, defaultPower } from '../defaults.js'
import { batchWhiskers } from '../figures/time/batch-latency.js'
import { lackOfFitAlpha } from '../scaling/scaling.js'
import { saturated } from '../validity/client.js'
import { orderAlpha } from '../validity/order-effects.js'
import { minJudgedBlocks } from '../verdict/verdict.js'
import type { QuotedNumber } from './phrase.js'
import { minP, quoted, quotedPlace, quotedShare } from './quoted.js'

/** Returns the constants of the method that a text names, read from the code that uses them. */
export function methodNumbers(): QuotedNumber[] {
  return [
    quotedPlace('minJudgedBlocks', minJudgedBlocks, 'fewest blocks that a verdict rests on'),
    quotedShare('level', defaultLevel, 'confidence level'),
    quotedShare('alpha', 1 - defaultLevel, 'error rate of a test'),
    quotedShare('margin', defaultMargin, 'largest difference that does not matter'),
    quotedShare('power', defaultPower, 'probability with which a number of blocks is to detect a difference'),
    quotedShare('orderAlpha', orderAlpha, 'error rate of the tests of order effects'),
    quotedShare('saturated', saturated, 'share of time from which a busy event loop sets the pace'),
    quotedShare('whiskers.from', batchWhiskers.from, "where a box's whiskers begin"),
    quotedShare('whiskers.to', batchWhiskers.to, "where a box's whiskers end"),
    quoted(
      'lackOfFitAlpha',
      lackOfFitAlpha,
      String(lackOfFitAlpha),
      'p of the lack of fit below which the law misses the means',
    ),
    quoted('minP', minP, String(minP), 'p values below it are not given'),
    quotedPlace('equality', 1, 'ratio of two equal values'),
    quotedPlace('nothing', 0, 'difference of two equal values'),
  ]
}
