import { createHash } from 'node:crypto'
import { oncePer } from '../../once-per.js'
import { plannedControls } from '../controls.js'
import type { Plan } from '../plan.js'
import type { Treatment } from '../treatment.js'
import type { Control, TrialPlace } from '../trial.js'

/** Place of a trial to run, before it has its number. */
export type PlannedPlace = Omit<TrialPlace, 'trial'>

/**
 * Returns the random order of a block: a permutation of 0 … treatments − 1 that depends on nothing
 * but the seed, the block and the number of treatments, so that blocks can be added later without
 * changing the earlier ones. Sorting by the SHA-256 of (seed, block, treatment) makes every
 * permutation equally likely.
 */
export function blockOrder(seed: number, block: number, treatments: number): number[] {
  return Array.from({ length: treatments }, (_, treatment) => ({
    treatment,
    key: createHash('sha256').update(`${seed}/${block}/${treatment}`).digest('hex'),
  }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ treatment }) => treatment)
}

/** Lists the entries of every block: the treatments, then the controls. */
export function blockEntries({
  treatments,
  controls,
}: Pick<Plan, 'treatments' | 'controls'>): { treatment: Treatment; control: Control | null }[] {
  return [
    ...treatments.map((treatment) => ({ treatment, control: null })),
    ...plannedControls(controls).map(({ treatment, control }) => ({ treatment, control })),
  ]
}

/** Returns the number of trials that a plan asks for, including the warm-up of each session. */
export function plannedTrials(
  plan: Pick<Plan, 'treatments' | 'controls' | 'blocks' | 'blocksPerSession' | 'warmUpBlocks'>,
): number {
  const { blocks, warmUpBlocks, treatments } = plan
  return blocks * blockEntries(plan).length + plannedSessions(plan) * warmUpBlocks * treatments.length
}

/** Returns the number, from 1, of the session that a plan has a block in. */
export function sessionOf({ blocksPerSession }: Pick<Plan, 'blocksPerSession'>, block: number): number {
  return blocksPerSession === null ? 1 : Math.ceil(block / blocksPerSession)
}

/** Returns the number of sessions that a plan asks for; 1 where they are no level of it. */
export function plannedSessions(plan: Pick<Plan, 'blocks' | 'blocksPerSession'>): number {
  return sessionOf(plan, plan.blocks)
}

/** Returns the places of the trials of a block, in its order. */
export function blockPlaces(plan: Plan, block: number): readonly PlannedPlace[] {
  const known = placesByBlock(plan)
  const places = known.get(block) ?? orderedPlaces(plan, block)
  known.set(block, places)
  return places
}

/** The blocks of a plan whose places were asked for. */
const placesByBlock = oncePer((_: Plan) => new Map<number, readonly PlannedPlace[]>())

function orderedPlaces(plan: Plan, block: number): readonly PlannedPlace[] {
  const entries = blockEntries(plan)
  return blockOrder(plan.seed, block, entries.length).map((index, k) => {
    const { treatment, control } = entries[index]!
    return { block, position: k + 1, phase: control ? 'control' : 'measured', control, treatment }
  })
}

/** Returns the places of the warm-up passes: block 0, in orders of their own (0, −1, …). */
export function warmUpPlaces(plan: Plan): PlannedPlace[] {
  const { treatments, seed, warmUpBlocks } = plan
  return Array.from({ length: warmUpBlocks }, (_, pass) =>
    blockOrder(seed, -pass, treatments.length).map((index, k) => ({
      block: 0,
      position: pass * treatments.length + k + 1,
      phase: 'warm-up' as const,
      control: null,
      treatment: treatments[index]!,
    })),
  ).flat()
}
