import { type Claims, claimOf } from './claims.js'
import { formatNumber } from './tables.js'

/** What the note's own numbers already say, before anything is measured. */
export interface NoteArithmetic {
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
  readonly sentences: readonly string[]
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
  const percent = (share: number, decimals: number): string => `${formatNumber(share * 100, decimals)} %`
  const seconds = (ms: number, decimals = 0): string => `${formatNumber(ms / 1000, decimals)} s`
  return {
    outsideMs,
    outsideShare: outsideMs / totalMs,
    greatestGain,
    predictedSavingMs,
    predictedGain,
    recordsPerSecond,
    recordsPerInsertSecond,
    sentences: [
      `With ${workers} workers at ${formatNumber(batchSize, 0)} records a batch, ${seconds(insertMs)} of ${seconds(totalMs, 2)} were spent inserting; ${seconds(outsideMs)} (${percent(outsideMs / totalMs, 0)}) passed outside the database.`,
      `Had inserting taken no time at all, the total could not have fallen by more than ${percent(greatestGain, 0)}.`,
      `The predicted insert times save ${seconds(predictedSavingMs[0])} to ${seconds(predictedSavingMs[1])}, which is ${percent(predictedGain[0], 1)} to ${percent(predictedGain[1], 1)} of the total.`,
      `About ${formatNumber(claims.records, 0)} records in ${seconds(totalMs, 2)} are ${formatNumber(recordsPerSecond, 0)} records/s; in ${seconds(insertMs)} of inserting they are ${formatNumber(recordsPerInsertSecond, 0)} records/s.`,
    ],
  }
}
