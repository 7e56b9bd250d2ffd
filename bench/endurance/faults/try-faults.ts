import { type Connection, type Factors, url } from 'copylab/executor'
import { type DrawnMoment, expectedOf, momentIn } from './drawn-moment.js'
import { type Line, type Relay, withRelay } from './relay.js'
import { type Called, type TriedStudy, tryStudy } from './tried-study.js'
import type { Trouble } from './trouble.js'

/** What a kind of fault is given. */
export interface FaultOptions {
  /** How many moments are tried. */
  readonly moments: number
  readonly seed: number
  /** Folder of the studies. */
  readonly folder: string
  readonly trouble: Trouble
  readonly progress: (message: string) => void
  readonly signal: AbortSignal
}

/** A fault of some kind, and its moment. */
export interface DrawnFault {
  readonly kind: string
  readonly moment: DrawnMoment
}

/** What came of the faults of one kind. */
export interface OfKind {
  readonly tried: number
  /** Calls that an error ended. */
  readonly ended: number
  /** Calls that went on to the last place, with failed trials. */
  readonly failedTrials: number
  /** Calls that completed the study. */
  readonly wentOn: number
}

/** What came of faults of all kinds. */
export interface FaultsTried {
  readonly moments: number
  /** Of them, those at which a measured trial was running. */
  readonly inMeasured: number
  readonly studies: number
  readonly byKind: { readonly [kind: string]: OfKind }
  readonly longestCallSeconds: number
}

/** How faults come about. */
export interface Strikes<Fault extends DrawnFault> {
  /** Name of the studies, before their number. */
  readonly name: string
  /** Studies that run at once. */
  readonly lanes: number
  /** Levels that all treatments of the studies have. */
  readonly factors?: Factors
  /** The server; null while it is down. */
  readonly direct: () => Connection | null
  /** Makes the fault happen; `line` is the connection that its moment fell on. */
  strike(fault: Fault, relay: Relay, line: Line): void
  /** Called after each call that a fault happened in, before the study goes on. */
  after(fault: Fault, called: Called, wasMeasured: boolean): Promise<void>
}

/** Faults that happen to one study, one in each of its calls. */
const faultsPerStudy = 3
/** How often a fault is tried whose moment does not come, because its study is over before. */
const missesPerFault = 10

/** Tries each of the faults in a call of a study, and each study to its end. */
export async function tryFaults<Fault extends DrawnFault>(
  faults: readonly Fault[],
  strikes: Strikes<Fault>,
  { folder, trouble, progress, signal }: FaultOptions,
): Promise<FaultsTried> {
  const { name, lanes, direct, factors } = strikes
  const queue = [...faults]
  const byKind: { [kind: string]: OfKind } = {}
  let tried = 0
  let inMeasured = 0
  let studies = 0
  let misses = 0
  let longestMs = 0

  const withStudy = <T>(task: (study: TriedStudy, relay: Relay, own: string) => Promise<T>): Promise<T> => {
    const own = `${name}-${studies++}`
    return withRelay(direct, (relay) => {
      const { user, password, database } = direct()!.config
      const server = url(`postgresql://${user}:${password}@127.0.0.1:${relay.connection.config.port}/${database}`)
      const hold = (): (() => void) => relay.stall()
      return task(tryStudy({ name: own, folder, server, factors, hold, direct, trouble, signal }), relay, own)
    })
  }
  const note = ({ kind }: Fault, { how }: Called, wasMeasured: boolean): void => {
    const before = byKind[kind] ?? { tried: 0, ended: 0, failedTrials: 0, wentOn: 0 }
    byKind[kind] = {
      tried: before.tried + 1,
      ended: before.ended + (how === 'ended' ? 1 : 0),
      failedTrials: before.failedTrials + (how === 'failures' ? 1 : 0),
      wentOn: before.wentOn + (how === 'complete' ? 1 : 0),
    }
    tried++
    if (wasMeasured) inMeasured++
    progress(`${name}, ${tried} of ${faults.length} moments, ${inMeasured} in measured trials`)
  }

  const expected = await withStudy((study, relay) => expectedOf(relay, study))
  const oneStudy = (): Promise<void> =>
    withStudy(async (study, relay, own) => {
      for (let k = 0; k < faultsPerStudy && study.missing() > 0; k++) {
        const fault = queue.shift()
        if (!fault) break
        let wasMeasured: boolean | null = null
        relay.at(momentIn(fault.moment, expected, study.missing()), (line) => {
          wasMeasured = study.strike()
          strikes.strike(fault, relay, line)
        })
        const begun = performance.now()
        const called = await study.call()
        longestMs = Math.max(longestMs, performance.now() - begun)
        relay.heal()
        if (called.how === 'hangs') trouble.note('hangs', `${own}, ${JSON.stringify(fault)}: ${called.said}`)
        if (wasMeasured !== null) {
          note(fault, called, wasMeasured)
          await strikes.after(fault, called, wasMeasured)
        } else if (++misses < missesPerFault * faults.length) queue.push(fault)
      }
      await study.finish()
    })
  const lane = async (): Promise<void> => {
    while (queue.length > 0) {
      signal.throwIfAborted()
      await oneStudy()
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, faults.length) }, lane))
  return { moments: tried, inMeasured, studies, byKind, longestCallSeconds: Math.round(longestMs / 1_000) }
}

/** Lines of plain text on what was tried. */
export function shownTried(
  what: string,
  { moments, inMeasured, studies, byKind, longestCallSeconds }: FaultsTried,
): string[] {
  return [
    `${what}: ${moments} moments, ${inMeasured} in measured trials, ${studies} studies, the longest call ${longestCallSeconds} s`,
    ...Object.entries(byKind).map(
      ([kind, { tried, ended, failedTrials, wentOn }]) =>
        `  ${kind}: ${tried}, of which ${ended} ended the study, ${failedTrials} failed trials, ${wentOn} did neither`,
    ),
  ]
}
