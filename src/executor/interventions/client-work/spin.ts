import { monotonicMs } from '../../clock.js'

let held = 1

/** Keeps a core busy for a number of steps, each of which takes it an equal time. */
export function spin(steps: number): void {
  // As a whole number of 32 bits from the first step on: compiled as a float it takes far longer.
  let state = held | 0
  for (let k = 0; k < steps; k++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  held = state
}

const tries = 9
const triedSteps = 500_000
let perMs: number | null = null

/**
 * Returns the steps of `spin` that a core takes in a millisecond, timed once on each thread: by the
 * shortest of several tries, since what else runs makes them longer and nothing makes them shorter.
 */
export function spinsPerMs(): number {
  if (perMs === null) {
    spin(triedSteps)
    const times = Array.from({ length: tries }, () => {
      const begun = monotonicMs()
      spin(triedSteps)
      return monotonicMs() - begun
    })
    perMs = triedSteps / Math.min(...times)
  }
  return perMs
}
