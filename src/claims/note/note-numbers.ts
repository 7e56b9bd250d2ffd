import { formatNumber } from '../../analysis/tables/tables.js'
import { shortBatchSize } from '../../analysis/text/levels.js'
import { numbersUnder, type QuotedNumber } from '../../analysis/text/phrase.js'
import { quoted, quotedCount } from '../../analysis/text/quoted.js'
import type { Note, ReportedRun } from './note.js'

/** The numbers of the working note's runs, which a text about it may quote. */
export function noteNumbers({ records, runs }: Note): QuotedNumber[] {
  return [
    quotedCount('records', records, 'records that the note reports'),
    ...runs.flatMap((run, k) => numbersUnder(`runs.${k + 1}`, runNumbers(run))),
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
