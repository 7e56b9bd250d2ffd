import { setImmediate, setTimeout } from 'node:timers/promises'
import type { ClientWork } from '../../../study/factors/client-work.js'
import type { Treatment } from '../../../study/treatment.js'
import { monotonicMs } from '../../clock.js'
import { InterventionError } from '../../errors.js'
import type { Load } from '../../load/workers.js'
import { spin, spinsPerMs } from './spin.js'

/** Work that goes with records in addition to their analysis, and does nothing for them. */
export interface ExtraWork {
  /** Wall time that it took so far. */
  readonly ms: number
  /** Does the work that goes with a number of records. */
  with(records: number): Promise<void>
}

/** Time after which what else the event loop has to do gets its turn. */
const sliceMs = 5

/** Steps that are added at a time, as the time that they take. */
const toppedUpMs = 0.02

/** Makes the work of a level; null for none. Finds out first how long a core takes for it. */
export function makeExtraWork(work: ClientWork | null): ExtraWork | null {
  if (work === null) return null
  const perRecordMs = work.us / 1000
  return work.by === 'spin' ? spinning(perRecordMs) : sleeping(perRecordMs)
}

/**
 * A fixed number of steps for each record, so that whoever takes the core away makes it last
 * longer; and more of them where the core is faster now than it was when it was timed.
 */
function spinning(perRecordMs: number): ExtraWork {
  const perMs = spinsPerMs()
  let ms = 0
  return {
    get ms() {
      return ms
    },
    async with(records) {
      for (let left = records * perRecordMs; left > 0; left -= sliceMs) {
        const begun = monotonicMs()
        const askedMs = Math.min(left, sliceMs)
        spin(Math.round(askedMs * perMs))
        while (monotonicMs() - begun < askedMs) spin(Math.ceil(toppedUpMs * perMs))
        ms += monotonicMs() - begun
        await setImmediate()
      }
    },
  }
}

/** Sleeps whole milliseconds; what one sleep lasted too long, the next ones are shorter. */
function sleeping(perRecordMs: number): ExtraWork {
  let ms = 0
  let owedMs = 0
  return {
    get ms() {
      return ms
    },
    async with(records) {
      owedMs += records * perRecordMs
      while (owedMs >= 1) {
        const begun = monotonicMs()
        await setTimeout(Math.floor(owedMs))
        const sleptMs = monotonicMs() - begun
        ms += sleptMs
        owedMs -= sleptMs
      }
    },
  }
}

/** Share of the work that was asked for below which it has not been done. */
const least = 0.9
/** Work of a load that is left undone: less than the shortest sleep of each worker. */
const leftMs = 1

/**
 * Throws `InterventionError` where the extra work of a load took less time than it was to take. It
 * may take more: cores are shared.
 */
export function checkExtraWork(
  work: ClientWork | null,
  { parts, workMs }: Pick<Load, 'parts' | 'workMs'>,
  { workers }: Pick<Treatment, 'workers'>,
): void {
  if (work === null) return
  const records = parts.reduce((sum, part) => sum + part.records, 0)
  const askedMs = (records * work.us) / 1000
  const foundMs = workMs ?? 0
  if (foundMs >= least * askedMs - leftMs * workers) return
  throw new InterventionError(
    `Expected the client's extra work to take ${askedMs.toFixed(0)} ms (${work.by}:${work.us} for ${records} records), measured ${foundMs.toFixed(0)} ms: let nothing else run while it is calibrated, at the start of the first trial`,
  )
}
