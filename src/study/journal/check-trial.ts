import type { InputFacts } from '../context.js'
import type { Plan } from '../plan.js'
import { blockPlaces, type PlannedPlace, warmUpPlaces } from '../schedule.js'
import { sameTreatment } from '../treatment.js'
import type { CompletedTrial, Trial } from '../trial.js'

/** What every load of a study's input must come to. */
export type Truth = Pick<InputFacts, 'records' | 'checksum'>

/** Says what is wrong with a trial's place in its plan, as the end of "line 12 …"; null for a place that the plan has. */
export function placeCheck(plan: Plan): (trial: Trial) => string | null {
  const warmUps = warmUpPlaces(plan)
  const blocks = new Map<number, readonly PlannedPlace[]>()
  const placesOf = (block: number): readonly PlannedPlace[] => {
    const places = blocks.get(block) ?? blockPlaces(plan, block)
    blocks.set(block, places)
    return places
  }
  return ({ block, position, phase, control, treatment }) => {
    const planned = (block === 0 ? warmUps : placesOf(block))[position - 1]
    if (!planned) return `is of position ${position} in block ${block}, which the plan does not have`
    if (planned.phase === phase && planned.control === control && sameTreatment(planned.treatment, treatment))
      return null
    return `is not what the plan has at position ${position} of block ${block}`
  }
}

/** What a completed trial's own numbers say against each other, as the end of "line 12 …"; null where they agree. */
export function contradiction(trial: CompletedTrial): string | null {
  const { treatment, parts, records, checksum, totalMs, insertMs, copyMs, encodeMs, idleMs, workerReadings } = trial
  const { workers, dispatch, target } = treatment
  if ((checksum === null) !== (target === 'nothing')) return 'has a checksum although it loaded nothing, or none'
  if (sum(parts.map((part) => part.records)) !== records) return 'does not have the records of its parts'
  if (parts.some(({ worker }) => worker < 0 || worker >= workers) || workerReadings.length !== workers)
    return 'has parts or readings of workers that its treatment does not have'
  const copied = sum(parts.map((part) => part.copyMs))
  const idle = Math.max(0, workers * totalMs - copyMs - (dispatch === 'split' ? encodeMs : 0))
  const agree =
    insertMs <= totalMs + rounding &&
    Math.abs(copied - copyMs) <= rounding * (1 + parts.length) &&
    Math.abs(idle - idleMs) <= rounding * (1 + workers)
  return agree ? null : 'has times that do not add up'
}

/** What a journal rounds times to, in ms. */
const rounding = 0.01

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}

/** Whether a completed trial loaded what its input holds. */
export function isTrue(trial: CompletedTrial, truth: Truth): boolean {
  return trial.records === truth.records && (trial.checksum === null || trial.checksum === truth.checksum)
}

/** What most of these say that the input holds; of several as often, the first. Null for none. */
export function agreedTruth(said: readonly Truth[]): Truth | null {
  const counts = new Map<string, { readonly truth: Truth; count: number }>()
  for (const truth of said) {
    const key = `${truth.records} ${truth.checksum}`
    const known = counts.get(key)
    if (known) known.count++
    else counts.set(key, { truth, count: 1 })
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count)
  return most?.truth ?? null
}
