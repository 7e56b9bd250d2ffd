import { createHash } from 'node:crypto'
import { blockOrder, sameTreatment, treatmentsOf } from './design.js'
import type { Input } from './input/input.js'
import { schemaVersion } from './journal.js'
import { chosenProbes } from './probes/observers.js'
import type { Probes } from './readings.js'
import type { Server } from './server/server.js'
import type { Control, Controls, Factors, Plan, Treatment, Trial, TrialPlace } from './types.js'

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
  /** Trials of every block that check the study itself. None unless told. */
  readonly controls?: ControlOptions
  /** What is observed while trials run: all probes unless told, none for `false`. */
  readonly probes?: Partial<Probes> | boolean
}

/** The controls to run, each naming the treatment that it repeats by the factors that tell it from the study's others: `{ workers: 2 }`. */
export interface ControlOptions {
  /** An identical treatment under a second label: what it differs by is what the study cannot tell from nothing. */
  readonly aa?: Partial<Treatment>
  /** The treatment slowed down by a known share, 0.1 unless told: a difference that the study should find. */
  readonly slowdown?: Partial<Treatment> & { readonly by?: number }
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
  const treatments = treatmentsOf(options.factors)
  const hashed = {
    name,
    schemaVersion,
    treatments,
    controls: controlsOf(options.controls ?? {}, treatments),
    probes: chosenProbes(options.probes),
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

function controlsOf({ aa, slowdown }: ControlOptions, treatments: readonly Treatment[]): Controls {
  const repeated = (option: string, selection: Partial<Treatment>): Treatment => {
    const found = treatments.filter((treatment) => sameTreatment({ ...treatment, ...selection }, treatment))
    if (found.length === 1) return found[0]!
    throw new TypeError(
      `Expected \`controls.${option}\` to name one of the study's treatments, got ${JSON.stringify(selection)}, which fits ${found.length}`,
    )
  }
  const { by = 0.1, ...selection } = slowdown ?? {}
  if (!(by > 0 && by <= 10)) {
    throw new RangeError(`Expected \`controls.slowdown.by\` to be a share above 0 and up to 10, got ${by}`)
  }
  return {
    aa: aa ? repeated('aa', aa) : null,
    slowdown: slowdown ? { treatment: repeated('slowdown', selection), by } : null,
  }
}

/** A trial that is to be run, before it has its number. */
export type PlannedPlace = Omit<TrialPlace, 'trial'>

/** What every block runs: the treatments, then the controls. */
function entriesOf({ treatments, controls }: Plan): { treatment: Treatment; control: Control | null }[] {
  return [
    ...treatments.map((treatment) => ({ treatment, control: null })),
    ...(controls.aa ? [{ treatment: controls.aa, control: 'aa' as const }] : []),
    ...(controls.slowdown ? [{ treatment: controls.slowdown.treatment, control: 'slowdown' as const }] : []),
  ]
}

/** Trials of a block. */
export function trialsPerBlock(plan: Plan): number {
  return entriesOf(plan).length
}

function blockPlaces(plan: Plan, block: number): PlannedPlace[] {
  const entries = entriesOf(plan)
  return blockOrder(plan.seed, block, entries.length).map((index, k) => {
    const { treatment, control } = entries[index]!
    return { block, position: k + 1, phase: control ? 'control' : 'measured', control, treatment }
  })
}

/** The trials of blocks that the plan asks for and the journal does not hold, in run order. */
export function missingPlaces(plan: Plan, done: readonly Trial[]): PlannedPlace[] {
  return Array.from({ length: plan.blocks }, (_, k) => blockPlaces(plan, k + 1))
    .flat()
    .filter(
      (place) =>
        !done.some(
          (trial) =>
            trial.block === place.block &&
            trial.control === place.control &&
            sameTreatment(trial.treatment, place.treatment),
        ),
    )
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
