import { bandOf } from '../../analysis/compare/verdict.js'
import { formatNumber } from '../../analysis/tables/tables.js'
import { shortBatchSize } from '../../analysis/text/levels.js'
import { numbersUnder, type QuotedNumber } from '../../analysis/text/phrase.js'
import { quoted, quotedCount } from '../../analysis/text/quoted.js'
import { takenOver } from '../../analysis/text/taken-over.js'
import type { Selection } from '../../study/treatment.js'
import type { Claims, ReportedRun, StatedClaim } from '../claims.js'

/** The numbers of the working note: its runs, what it claims and in which words, by the claims' ids. */
export function noteNumbers(claims: Claims): QuotedNumber[] {
  return [
    quotedCount('records', claims.records, 'records that the note reports'),
    ...claims.runs.flatMap((run, k) => numbersUnder(`runs.${k + 1}`, runNumbers(run))),
    ...claims.claims.flatMap((claim) => numbersUnder(claim.id, claimNumbers(claim))),
  ]
}

function runNumbers({ workers, batchSize, totalMs, insertMs, recordsPerSecond }: ReportedRun): QuotedNumber[] {
  const seconds = (name: string, ms: number, decimals: number): QuotedNumber =>
    quoted(name, ms / 1000, formatNumber(ms / 1000, decimals), `${name} time of a reported run, in seconds`)
  return [
    quotedCount('workers', workers, 'workers of a reported run'),
    quotedCount('batchSize', batchSize, 'records in a batch of a reported run'),
    shortBatchSize('batchSize.short', batchSize),
    ...(totalMs === null ? [] : [seconds('total', totalMs, 2)]),
    seconds('insert', insertMs, 0),
    ...(recordsPerSecond === null ? [] : [quotedCount('recordsPerSecond', recordsPerSecond, 'records per second')]),
  ]
}

function claimNumbers({ claim, contrast, expected, contrasts }: StatedClaim): QuotedNumber[] {
  return [
    ...takenOver('claim', claim, 'claimed').numbers,
    ...takenOver('contrast', contrast, 'compared').numbers,
    ...takenOver('expected', expected, 'expected').numbers,
    ...contrasts.flatMap((one, k) =>
      numbersUnder(`contrasts.${k + 1}`, [
        ...bandOf(one.claim, one.metric).numbers,
        ...numbersUnder('a', levelNumbers(one.a)),
        ...numbersUnder('b', levelNumbers(one.b)),
      ]),
    ),
  ]
}

function levelNumbers({ workers, batchSize }: Selection): QuotedNumber[] {
  return [
    ...(workers === undefined ? [] : [quotedCount('workers', workers, 'workers')]),
    ...(batchSize === undefined ? [] : [shortBatchSize('batchSize', batchSize)]),
  ]
}
