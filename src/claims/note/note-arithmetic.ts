import { formatNumber } from '../../analysis/tables/tables.js'
import { type Phrase, phrase, type QuotedNumber } from '../../analysis/text/phrase.js'
import { quoted } from '../../analysis/text/quoted.js'
import { type Claims, claimOf } from '../claims.js'

/** What the note's own numbers already say, before anything is measured. */
export interface NoteArithmetic {
  readonly result: 'note-arithmetic'
  /** Time of the reported run during which nothing was inserted. */
  readonly outsideMs: number
  readonly outsideShare: number
  /** The most that inserting in no time at all could save, as a share of the total. */
  readonly greatestGain: number
  /** What the predicted insert times would save, least and most. */
  readonly predictedSavingMs: readonly [number, number]
  /** The same as a share of the total. */
  readonly predictedGain: readonly [number, number]
  /** Records per second of the whole run, and of its insert time alone. */
  readonly recordsPerSecond: number
  readonly recordsPerInsertSecond: number
  /** One sentence for each of the four facts, in this order. */
  readonly said: readonly Phrase[]
}

/** The arithmetic that follows from the note's one complete run and from what it predicts for the insert time (C2). */
export function noteArithmetic(claims: Claims): NoteArithmetic {
  const run = claims.runs.find((one) => one.totalMs !== null)
  const predicted = claimOf(claims, 'C2').predicted
  if (!run || run.totalMs === null || !predicted) {
    throw new RangeError(
      'Expected a reported run with a total time, and predicted insert times for C2, got claims without',
    )
  }
  const { totalMs, insertMs, workers, batchSize } = run
  const outsideMs = totalMs - insertMs
  const greatestGain = insertMs / totalMs
  const predictedSavingMs = [insertMs - predicted[1], insertMs - predicted[0]] as const
  const predictedGain = [predictedSavingMs[0] / totalMs, predictedSavingMs[1] / totalMs] as const
  const recordsPerSecond = (claims.records / totalMs) * 1000
  const recordsPerInsertSecond = (claims.records / insertMs) * 1000
  const percent = (name: string, share: number, decimals: number, meaning: string): Phrase =>
    phrase`${quoted(name, share * 100, formatNumber(share * 100, decimals), `${meaning}, in per cent`)} %`
  const seconds = (name: string, ms: number, meaning: string, decimals = 0): Phrase =>
    phrase`${quoted(name, ms / 1000, formatNumber(ms / 1000, decimals), `seconds, ${meaning}`)} s`
  const whole = (name: string, value: number, meaning: string): QuotedNumber =>
    quoted(name, value, formatNumber(value, 0), meaning)
  const inserting = seconds('insert', insertMs, 'insert time of the reported run')
  const total = seconds('total', totalMs, 'total time of the reported run', 2)
  const outside = seconds('outside', outsideMs, 'outside the database')
  const outsideShare = outsideMs / totalMs
  const saving = (name: 'least' | 'most', k: 0 | 1): Phrase =>
    seconds(`saving.${name}`, predictedSavingMs[k], `${name} that the predicted insert times save`)
  const gain = (name: 'least' | 'most', k: 0 | 1): Phrase =>
    percent(`gain.${name}`, predictedGain[k], 1, `${name} that the predicted insert times gain`)
  const said = [
    phrase`With ${whole('workers', workers, 'workers of the reported run')} workers at ${whole('batchSize', batchSize, 'records in a batch of the reported run')} records a batch, ${inserting} of ${total} were spent inserting; ${outside} (${percent('outsideShare', outsideShare, 0, 'share outside the database')}) passed outside the database.`,
    phrase`Had inserting taken no time at all, the total could not have fallen by more than ${percent('greatestGain', greatestGain, 0, 'greatest gain')}.`,
    phrase`The predicted insert times save ${saving('least', 0)} to ${saving('most', 1)}, which is ${gain('least', 0)} to ${gain('most', 1)} of the total.`,
    phrase`About ${whole('records', claims.records, 'records that the note reports')} records in ${total} are ${whole('recordsPerSecond', recordsPerSecond, 'records per second of the reported run')} records/s; in ${inserting} of inserting they are ${whole('recordsPerInsertSecond', recordsPerInsertSecond, 'records per second of its insert time')} records/s.`,
  ]
  return {
    result: 'note-arithmetic',
    outsideMs,
    outsideShare,
    greatestGain,
    predictedSavingMs,
    predictedGain,
    recordsPerSecond,
    recordsPerInsertSecond,
    said,
  }
}
