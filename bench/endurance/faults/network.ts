import type { Connection } from 'copylab/executor'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'
import { drawNetworkFault, strikeNetwork } from './network-fault.js'
import { leftOn } from './server-left.js'
import { type FaultOptions, type FaultsTried, tryFaults } from './try-faults.js'

/** What came of a network that fails. */
export interface NetworkResult extends FaultsTried {
  /** Trials that stood still for a second and more, and say so. */
  readonly interrupted: number
}

/** Most studies wait for a network that gives no answer. */
const lanes = 6
/**
 * From which duration of a stall on its trial has to say so: a second, and the time that a busy
 * machine takes for the questions by which it is seen.
 */
const toldFromMs = 2_500

/**
 * Lets the network fail at drawn moments of studies on a server. Where stalls that last are among
 * the faults, it takes minutes.
 */
export async function tryNetwork(
  server: Connection,
  options: FaultOptions & { readonly lasting: boolean },
): Promise<NetworkResult> {
  const { moments, seed, trouble } = options
  const random = makeRandom(seed)
  const faults = Array.from({ length: moments }, () => drawNetworkFault(random, options.lasting))
  let interrupted = 0
  const tried = await tryFaults(
    faults,
    {
      name: 'network',
      lanes,
      direct: () => server,
      strike: strikeNetwork,
      async after(fault, { struck }, wasMeasured) {
        if (struck?.state !== 'completed' || !wasMeasured) return
        const isTold = (struck.interruptions ?? []).length > 0
        if (isTold) interrupted++
        const stoodStill = fault.kind === 'stall-for' && fault.ms >= toldFromMs && struck.totalMs >= fault.ms
        if (stoodStill && !isTold) {
          const { totalMs, treatment } = struck
          const trial = `a trial of ${Math.round(totalMs)} ms, ${treatment.workers} × ${treatment.client}`
          trouble.note('silent', `${trial}, by ${JSON.stringify(fault)}`)
        }
      },
    },
    options,
  )
  await leftOn(server, trouble)
  return { ...tried, interrupted }
}
