import { formatNumber } from '../../analysis/tables/tables.js'
import { type Phrase, phrase, type QuotedNumber } from '../../analysis/text/phrase.js'
import { quoted } from '../../analysis/text/quoted.js'
import type { ReportedNote, ReportedRun } from './reported-note.js'

/**
 * Results that follow from the note's own numbers, before anything is measured. Plain data:
 * `noteArithmeticWords` gives its words.
 */
export interface NoteArithmetic {
  /** Approximate number of records that the runs loaded. */
  readonly records: number
  /** The complete run that the results follow from. */
  readonly run: ReportedRun & { readonly totalMs: number }
  /** Time of the reported run during which nothing was inserted. */
  readonly outsideMs: number
  readonly outsideShare: number
  /** The most that inserting in no time at all could save, as a share of the total. */
  readonly greatestGain: number
  /** Milliseconds that the predicted insert times would save, least and most. */
  readonly predictedSavingMs: readonly [number, number]
  /** Saving of the predicted insert times as a share of the total, least and most. */
  readonly predictedGain: readonly [number, number]
  /** Records per second of the whole run, and of its insert time alone. */
  readonly recordsPerSecond: number
  readonly recordsPerInsertSecond: number
}

/**
 * Computes the results that follow from the note's one complete run and from its prediction for the
 * insert time. Throws `RangeError` for a note without them.
 */
export function noteArithmetic({ records, runs, predicted }: ReportedNote): NoteArithmetic {
  const run = runs.find((one): one is NoteArithmetic['run'] => one.totalMs !== null)
  const insertTimes = predicted.insertMs
  if (!run || !insertTimes) {
    throw new RangeError('Expected a reported run with a total time, and predicted insert times, got a note without')
  }
  const { totalMs, insertMs } = run
  const predictedSavingMs = [insertMs - insertTimes[1], insertMs - insertTimes[0]] as const
  return {
    records,
    run,
    outsideMs: totalMs - insertMs,
    outsideShare: (totalMs - insertMs) / totalMs,
    greatestGain: insertMs / totalMs,
    predictedSavingMs,
    predictedGain: [predictedSavingMs[0] / totalMs, predictedSavingMs[1] / totalMs],
    recordsPerSecond: (records / totalMs) * 1000,
    recordsPerInsertSecond: (records / insertMs) * 1000,
  }
}

/** States the note's arithmetic, one sentence for each of its four facts. */
export function noteArithmeticWords(found: NoteArithmetic): readonly Phrase[] {
  const { totalMs, insertMs, workers, batchSize } = found.run
  const percent = (name: string, share: number, decimals: number, meaning: string): Phrase =>
    phrase`${quoted(name, share * 100, formatNumber(share * 100, decimals), `${meaning}, in per cent`)} %`
  const seconds = (name: string, ms: number, meaning: string, decimals = 0): Phrase =>
    phrase`${quoted(name, ms / 1000, formatNumber(ms / 1000, decimals), `seconds, ${meaning}`)} s`
  const whole = (name: string, value: number, meaning: string): QuotedNumber =>
    quoted(name, value, formatNumber(value, 0), meaning)
  const inserting = seconds('insert', insertMs, 'insert time of the reported run')
  const total = seconds('total', totalMs, 'total time of the reported run', 2)
  const outside = seconds('outside', found.outsideMs, 'outside the database')
  const outsideShare = percent('outsideShare', found.outsideShare, 0, 'share outside the database')
  const saving = (name: 'least' | 'most', k: 0 | 1): Phrase =>
    seconds(`saving.${name}`, found.predictedSavingMs[k], `${name} that the predicted insert times save`)
  const gain = (name: 'least' | 'most', k: 0 | 1): Phrase =>
    percent(`gain.${name}`, found.predictedGain[k], 1, `${name} that the predicted insert times gain`)
  const perSecond = whole('recordsPerSecond', found.recordsPerSecond, 'records per second of the reported run')
  const perInsertSecond = whole(
    'recordsPerInsertSecond',
    found.recordsPerInsertSecond,
    'records per second of its insert time',
  )
  return [
    phrase`With ${whole('workers', workers, 'workers of the reported run')} workers at ${whole('batchSize', batchSize, 'records in a batch of the reported run')} records a batch, ${inserting} of ${total} were spent inserting; ${outside} (${outsideShare}) passed outside the database.`,
    phrase`Had inserting taken no time at all, the total could not have fallen by more than ${percent('greatestGain', found.greatestGain, 0, 'greatest gain')}.`,
    phrase`The predicted insert times save ${saving('least', 0)} to ${saving('most', 1)}, which is ${gain('least', 0)} to ${gain('most', 1)} of the total.`,
    phrase`About ${whole('records', found.records, 'records that the note reports')} records in ${total} are ${perSecond} records/s; in ${inserting} of inserting they are ${perInsertSecond} records/s.`,
  ]
}
