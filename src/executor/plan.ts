import { createHash } from 'node:crypto'
import { blockOrder, sameTreatment, treatmentsOf } from './design.js'
import type { Input } from './input/input.js'
import { schemaVersion } from './journal.js'
import type { Server } from './server/server.js'
import type { Factors, Plan, Trial, TrialPlace } from './types.js'

/** What decides a plan. */
export interface PlanOptions {
  /** Lower-case letters, digits, `-` and `_`, 40 at most: the folder in `data/studies` and the end of the schema's name. */
  readonly name: string
  readonly server: Server
  readonly input: Input
  /** One grid of factors, or several whose treatments are run side by side in the same blocks. */
  readonly factors: Factors | readonly Factors[]
  /** Complete passes over all treatments. Default 6, the least for an exact two-sided 5 % test. */
  readonly blocks?: number
  /** Passes at the start of each session that are stored and never analysed. Default 1. */
  readonly warmUpBlocks?: number
  /** Decides the order within each block. Default 1. */
  readonly seed?: number
}

/** Checks the options and writes down what is going to be done, before anything is. */
export function makePlan(options: PlanOptions): Plan {
  const { name, blocks = 6, warmUpBlocks = 1, seed = 1 } = options
  if (!/^[a-z0-9][a-z0-9_-]{0,39}$/.test(name)) {
    throw new TypeError(
      `Expected \`name\` to be 1 to 40 lower-case letters, digits, - and _, beginning with a letter or digit, got ${JSON.stringify(name)}`,
    )
  }
  const whole = (what: string, value: number, least: number): void => {
    if (!Number.isSafeInteger(value) || value < least) {
      throw new RangeError(`Expected \`${what}\` to be a whole number from ${least}, got ${value}`)
    }
  }
  whole('blocks', blocks, 1)
  whole('warmUpBlocks', warmUpBlocks, 0)
  whole('seed', seed, 0)
  const hashed = {
    name,
    schemaVersion,
    treatments: treatmentsOf(options.factors),
    warmUpBlocks,
    seed,
    input: options.input.describe(),
    server: options.server.describe(),
  }
  const hash = createHash('sha256').update(canonicalJson(hashed)).digest('hex').slice(0, 12)
  return { ...hashed, hash, blocks }
}

/** JSON with the keys of every object sorted, so that equal plans hash alike. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

/** A trial that is to be run, before it has its number. */
export type PlannedPlace = Omit<TrialPlace, 'trial'>

function blockPlaces(
  plan: Plan,
  block: number,
  orderKey: number,
  phase: TrialPlace['phase'],
  from: number,
): PlannedPlace[] {
  return blockOrder(plan.seed, orderKey, plan.treatments.length).map((treatment, k) => ({
    block,
    position: from + k + 1,
    phase,
    treatment: plan.treatments[treatment]!,
  }))
}

/** The measured trials that the plan asks for and the journal does not hold, in run order. */
export function missingPlaces(plan: Plan, done: readonly Trial[]): PlannedPlace[] {
  const measured = done.filter((trial) => trial.phase === 'measured')
  return Array.from({ length: plan.blocks }, (_, k) => blockPlaces(plan, k + 1, k + 1, 'measured', 0))
    .flat()
    .filter(
      (place) =>
        !measured.some((trial) => trial.block === place.block && sameTreatment(trial.treatment, place.treatment)),
    )
}

/** Warm-up passes: block 0, in orders of their own (0, −1, …). */
export function warmUpPlaces(plan: Plan): PlannedPlace[] {
  return Array.from({ length: plan.warmUpBlocks }, (_, k) =>
    blockPlaces(plan, 0, -k, 'warm-up', k * plan.treatments.length),
  ).flat()
}
