import { type Connection, url } from 'copylab/executor'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'
import {
  drawFault,
  type Expected,
  momentOf,
  type NetworkFault,
  type NetworkKind,
  strikeNetwork,
} from './network-fault.js'
import { type Passed, type Relay, type Role, withRelay } from './relay.js'
import { leftOn } from './server-left.js'
import { type Called, placesOfStudy, type TriedStudy, tryStudy } from './tried-study.js'
import type { Trouble } from './trouble.js'

/** What came of the faults of one kind. */
interface OfKind {
  tried: number
  /** Studies that an error ended. */
  ended: number
  /** Studies that went on to their last place, a trial of theirs failed. */
  failedTrials: number
  /** Studies that were complete at the end of the call. */
  wentOn: number
}

/** What came of a network that fails. */
export interface NetworkResult {
  readonly moments: number
  readonly inMeasured: number
  readonly studies: number
  readonly byKind: { readonly [kind in NetworkKind]?: Readonly<OfKind> }
  /** Trials that stood still for a second and more, and say so. */
  readonly interrupted: number
  readonly longestCallSeconds: number
}

/** What a class of faults is given. */
export interface FaultOptions {
  /** How many moments are tried. */
  readonly moments: number
  readonly seed: number
  /** Temporary folder of the driver. */
  readonly folder: string
  readonly trouble: Trouble
  readonly progress: (message: string) => void
  readonly signal: AbortSignal
}

const roles: readonly Role[] = ['worker', 'control', 'observer', 'other']
/** Studies that run at once: most wait for a network that gives no answer. */
const lanes = 6
/** Faults that happen to one study, one in each of its calls. */
const faultsPerStudy = 3
/** From which duration of a stall on its trial has to say so: a second, and what a busy machine needs to see it. */
const toldFromMs = 2_500

/** Lets the network fail at drawn moments of studies on a server. */
export async function tryNetwork(direct: Connection, options: FaultOptions): Promise<NetworkResult> {
  const { moments, seed, folder, trouble, progress, signal } = options
  const random = makeRandom(seed)
  const queue = Array.from({ length: moments }, () => drawFault(random))
  const byKind: { [kind in NetworkKind]?: OfKind } = {}
  let tried = 0
  let inMeasured = 0
  let studies = 0
  let interrupted = 0
  let longestMs = 0

  const expected = await withRelay(direct, (relay) =>
    undisturbed(relay, studyOn(relay, 'network-0', { direct, folder, trouble, signal })),
  )
  const note = (fault: NetworkFault, { how, struck }: Called, wasMeasured: boolean): void => {
    tried++
    if (wasMeasured) inMeasured++
    const of = byKind[fault.kind] ?? { tried: 0, ended: 0, failedTrials: 0, wentOn: 0 }
    byKind[fault.kind] = of
    of.tried++
    if (how === 'complete') of.wentOn++
    if (how === 'failures') of.failedTrials++
    if (how === 'ended') of.ended++
    if (struck?.state !== 'completed' || !wasMeasured) return
    const isTold = (struck.interruptions ?? []).length > 0
    if (isTold) interrupted++
    const stoodStill = fault.kind === 'stall-for' && fault.ms >= toldFromMs && struck.totalMs >= fault.ms
    if (stoodStill && !isTold) {
      const text = `a trial of ${Math.round(struck.totalMs)} ms, ${struck.treatment.client}, by ${JSON.stringify(fault)}`
      trouble.note('silent', text)
    }
  }
  const lane = async (): Promise<void> => {
    while (queue.length > 0) {
      await withRelay(direct, async (relay) => {
        const name = `network-${++studies}`
        const study = studyOn(relay, name, { direct, folder, trouble, signal })
        for (let k = 0; k < faultsPerStudy && study.missing() > 0 && queue.length > 0; k++) {
          signal.throwIfAborted()
          const fault = queue.shift()!
          const begun = performance.now()
          const { called, wasMeasured } = await callWith(fault, study, relay, expected)
          longestMs = Math.max(longestMs, performance.now() - begun)
          relay.heal()
          if (called.how === 'hangs') trouble.note('hangs', `${name}, ${JSON.stringify(fault)}: ${called.said}`)
          // Where the study was over before, it comes to another one.
          if (wasMeasured === null) queue.push(fault)
          else note(fault, called, wasMeasured)
          progress(`network, ${tried} of ${moments} moments, ${inMeasured} in measured trials`)
        }
        await study.finish()
      })
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanes, moments) }, lane))
  await leftOn(direct, trouble)
  const longestCallSeconds = Math.round(longestMs / 1_000)
  return { moments: tried, inMeasured, studies, byKind, interrupted, longestCallSeconds }
}

/** One call of a study; null where the moment of the fault did not come. */
async function callWith(
  fault: NetworkFault,
  study: TriedStudy,
  relay: Relay,
  expected: Expected,
): Promise<{ readonly called: Called; readonly wasMeasured: boolean | null }> {
  const { role, counted } = fault
  let wasMeasured: boolean | null = null
  relay.at({ role, counted, after: momentOf(fault, expected, study.missing()) }, (line) => {
    wasMeasured = study.strike()
    strikeNetwork(fault, relay, line)
  })
  return { called: await study.call(), wasMeasured }
}

function studyOn(
  relay: Relay,
  name: string,
  { direct, ...others }: { direct: Connection; folder: string; trouble: Trouble; signal: AbortSignal },
): TriedStudy {
  const { user, password, database, port } = relay.connection.config
  const server = url(`postgresql://${user}:${password}@127.0.0.1:${port}/${database}`)
  return tryStudy({ name, server, hold: () => relay.stall(), direct: () => direct, ...others })
}

/** What passes in a study that nothing happens to. */
async function undisturbed(relay: Relay, study: TriedStudy): Promise<Expected> {
  const passed = (): { [role in Role]: Passed } =>
    Object.fromEntries(roles.map((role) => [role, relay.passed(role)])) as { [role in Role]: Passed }
  let before: { [role in Role]: Passed } | null = null
  // The first that a worker sends belongs to the first trial.
  relay.at({ role: 'worker', counted: 'connections', after: 0 }, () => {
    before = passed()
  })
  await study.finish()
  const whole = passed()
  const begin = before ?? whole
  const trials = Object.fromEntries(
    roles.map((role) => [
      role,
      {
        bytes: (whole[role].bytes - begin[role].bytes) / placesOfStudy,
        sendings: (whole[role].sendings - begin[role].sendings) / placesOfStudy,
        connections: (whole[role].connections - begin[role].connections) / placesOfStudy,
      },
    ]),
  ) as { [role in Role]: Passed }
  return { before: begin, trials }
}
