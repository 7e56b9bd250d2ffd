import { setImmediate, setTimeout } from 'node:timers/promises'
import type { ClientWork } from '../../../study/factors/client-work.js'
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
const turnMs = 5
/** Time between two readings of the clock, which cost little of it. */
const sliceMs = 0.25
/** Shortest time that a core is kept busy for at once. */
const minMs = 0.02

/**
 * Makes the work of a level; null for none. Finds out first how long a core takes for it. What the
 * work took too long is taken off the work of later records, so that it is never less than asked.
 */
export function makeExtraWork(work: ClientWork | null): ExtraWork | null {
  if (work === null) return null
  return work.by === 'spin' ? spinning(work.us / 1000) : sleeping(work.us / 1000)
}

/** Spins by the speed that cores had once, and by the clock where they are faster or slower now. */
function spinning(perRecordMs: number): ExtraWork {
  const perMs = spinsPerMs()
  let ms = 0
  let owedMs = 0
  return {
    get ms() {
      return ms
    },
    async with(records) {
      owedMs += records * perRecordMs
      for (let turnedAt = ms; owedMs > 0; ) {
        const askedMs = Math.max(minMs, Math.min(owedMs, sliceMs))
        const begun = monotonicMs()
        spin(Math.ceil(askedMs * perMs))
        const spunMs = monotonicMs() - begun
        ms += spunMs
        // Where a core was taken away for a while, the time without it does no work.
        owedMs -= spunMs > 2 * askedMs ? askedMs : spunMs
        if (ms - turnedAt < turnMs) continue
        await setImmediate()
        turnedAt = ms
      }
    },
  }
}

/** Sleeps whole milliseconds, which are the shortest that timers can. */
function sleeping(perRecordMs: number): ExtraWork {
  let ms = 0
  let owedMs = 0
  return {
    get ms() {
      return ms
    },
    async with(records) {
      owedMs += records * perRecordMs
      while (owedMs > 0) {
        const begun = monotonicMs()
        await setTimeout(Math.max(1, Math.floor(owedMs)))
        const sleptMs = monotonicMs() - begun
        ms += sleptMs
        owedMs -= sleptMs
      }
    },
  }
}

/** Share of the work that was asked for below which it has not been done: sums are rounded. */
const least = 0.999

/**
 * Throws `InterventionError` where the extra work of a load took less time than it was to take. It
 * may take more: cores are shared.
 */
export function checkExtraWork(work: ClientWork | null, { parts, workMs }: Pick<Load, 'parts' | 'workMs'>): void {
  if (work === null) return
  const records = parts.reduce((sum, part) => sum + part.records, 0)
  const askedMs = (records * work.us) / 1000
  const foundMs = workMs ?? 0
  if (foundMs >= least * askedMs) return
  throw new InterventionError(
    `Expected the client's extra work to take ${askedMs.toFixed(0)} ms (${work.by}:${work.us} for ${records} records), measured ${foundMs.toFixed(0)} ms`,
  )
}
