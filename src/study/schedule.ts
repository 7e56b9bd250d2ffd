import { createHash } from 'node:crypto'
import type { Plan } from './plan.js'
import type { Treatment } from './treatment.js'
import type { Control, TrialPlace } from './trial.js'

/** A trial that is to be run, before it has its number. */
export type PlannedPlace = Omit<TrialPlace, 'trial'>

/**
 * The random order of a block: a permutation of 0 … treatments − 1 that depends on nothing but the seed, the block and the
 * number of treatments, so that blocks can be added later without changing the earlier ones. Sorting by the SHA-256 of
 * (seed, block, treatment) makes every permutation equally likely.
 */
export function blockOrder(seed: number, block: number, treatments: number): number[] {
  return Array.from({ length: treatments }, (_, treatment) => ({
    treatment,
    key: createHash('sha256').update(`${seed}/${block}/${treatment}`).digest('hex'),
  }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ treatment }) => treatment)
}

/** What every block runs: the treatments, then the controls. */
export function blockEntries({
  treatments,
  controls,
}: Pick<Plan, 'treatments' | 'controls'>): { treatment: Treatment; control: Control | null }[] {
  return [
    ...treatments.map((treatment) => ({ treatment, control: null })),
    ...(controls.aa ? [{ treatment: controls.aa, control: 'aa' as const }] : []),
    ...(controls.slowdown ? [{ treatment: controls.slowdown.treatment, control: 'slowdown' as const }] : []),
  ]
}

/** The places of all blocks, in run order. */
export function blockPlaces(plan: Plan): PlannedPlace[] {
  const entries = blockEntries(plan)
  return Array.from({ length: plan.blocks }, (_, k) =>
    blockOrder(plan.seed, k + 1, entries.length).map((index, position): PlannedPlace => {
      const { treatment, control } = entries[index]!
      return { block: k + 1, position: position + 1, phase: control ? 'control' : 'measured', control, treatment }
    }),
  ).flat()
}

/** Warm-up passes: block 0, in orders of their own (0, −1, …). */
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
