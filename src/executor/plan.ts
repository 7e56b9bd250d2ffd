import { createHash } from 'node:crypto'
import { blockOrder, sameTreatment, treatmentsOf } from './design.js'
import type { FindingCode } from './findings.js'
import type { Input } from './input/input.js'
import { schemaVersion } from './journal.js'
import { chosenProbes } from './probes/observers.js'
import type { Probes } from './readings.js'
import type { Server } from './server/server.js'
import type {
  Claim,
  Control,
  Controls,
  Factors,
  Interim,
  Plan,
  Registration,
  StopRule,
  Study,
  Treatment,
  Trial,
  TrialPlace,
} from './types.js'

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
  /** The contrast that the study is about, registered with the plan; nothing is registered unless told. */
  readonly primary?: PrimaryOptions
  /** Confidence level of the primary contrast's verdict. Default 0.95. */
  readonly level?: number
  /** The largest difference that does not matter, as a share. Default 0.05. */
  readonly margin?: number
  /** Findings about a trial that leave its block out of comparisons. Default `checkpoint-in-trial`, `steal` and `swap`. */
  readonly exclude?: readonly FindingCode[]
  /** Ends the study early, as soon as the primary contrast is decided. `blocks` is then the rule's `maxBlocks`. */
  readonly stop?: StopOptions
}

/** What is claimed of one of the study's treatments against another, each named by the factors that tell it from the study's others. */
export interface PrimaryOptions {
  readonly a: Partial<Treatment>
  readonly b: Partial<Treatment>
  /** `totalMs` unless told. */
  readonly metric?: string
  readonly claim: Claim
}

/** A rule to stop by, and who looks: `decideSequentially` of `copylab/analysis`. */
export interface StopOptions extends StopRule {
  readonly decide: (study: Study) => Interim
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
  const { name, warmUpBlocks = 1, seed = 1 } = options
  if (options.stop && options.blocks !== undefined) {
    throw new TypeError(
      'Expected `blocks` or `stop`, got both: `stop.maxBlocks` says how many blocks there are at most',
    )
  }
  const blocks = options.stop?.maxBlocks ?? options.blocks ?? 6
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
  const registration = registrationOf(options, treatments)
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
    // A study that registers nothing has the hash that it had before there was anything to register.
    ...(registration ? { registration } : {}),
  }
  const hash = createHash('sha256').update(canonicalJson(hashed)).digest('hex').slice(0, 12)
  return { ...hashed, registration, hash, blocks }
}

/** JSON with the keys of every object sorted, so that equal plans hash alike. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

/** The one treatment that a selection fits. Throws `TypeError` naming the option when it fits another number of them. */
function namedTreatment(treatments: readonly Treatment[], option: string, selection: Partial<Treatment>): Treatment {
  const found = treatments.filter((treatment) => sameTreatment({ ...treatment, ...selection }, treatment))
  if (found.length === 1) return found[0]!
  throw new TypeError(
    `Expected \`${option}\` to name one of the study's treatments, got ${JSON.stringify(selection)}, which fits ${found.length}`,
  )
}

const defaultExclusions: readonly FindingCode[] = ['checkpoint-in-trial', 'steal', 'swap']
/** The findings that are about single trials. */
const trialFindings: readonly FindingCode[] = [
  'checkpoint-in-trial',
  'autovacuum-in-trial',
  'steal',
  'swap',
  'clock-drift',
]

function registrationOf(options: PlanOptions, treatments: readonly Treatment[]): Registration | null {
  const { primary, stop, level = 0.95, margin = 0.05, exclude = defaultExclusions } = options
  if (!primary) {
    const alone = (['level', 'margin', 'exclude', 'stop'] as const).find((name) => options[name] !== undefined)
    if (alone) throw new TypeError(`Expected \`primary\` with \`${alone}\`: name the contrast that is registered`)
    return null
  }
  for (const [name, value] of Object.entries({ level, margin })) {
    if (!(value > 0 && value < 1))
      throw new RangeError(`Expected \`${name}\` to be a number between 0 and 1, got ${value}`)
  }
  const unknown = exclude.find((code) => !trialFindings.includes(code))
  if (unknown !== undefined) {
    throw new TypeError(
      `Expected \`exclude\` to name findings about trials (${trialFindings.join(', ')}), got \`${unknown}\``,
    )
  }
  checkClaim(primary.claim)
  const a = namedTreatment(treatments, 'primary.a', primary.a)
  const b = namedTreatment(treatments, 'primary.b', primary.b)
  if (sameTreatment(a, b)) throw new TypeError('Expected `primary.a` and `primary.b` to be different treatments')
  return {
    primary: { a, b, metric: primary.metric ?? 'totalMs', claim: primary.claim },
    level,
    margin,
    exclude: [...exclude].sort(),
    stop: stop ? stopRule(stop) : null,
  }
}

const claimKinds: readonly string[] = ['fasterBy', 'slowerBy', 'lessBy', 'moreBy', 'ratio']

/** A claim that cannot be judged is found before anything is measured. */
function checkClaim(claim: Claim): void {
  const [kind, shares] = (Object.entries(claim ?? {})[0] ?? ['', []]) as [string, readonly (number | null)[]]
  const [least, most] = Array.isArray(shares) ? shares : []
  const ordered =
    typeof least === 'number' && least >= 0 && (most === null || (typeof most === 'number' && most > least))
  if (claimKinds.includes(kind) && ordered) return
  throw new TypeError(
    `Expected \`primary.claim\` to be one of ${claimKinds.join(', ')} with two shares in ascending order, such as { fasterBy: [0.05, 0.15] }, got ${JSON.stringify(claim)}`,
  )
}

function stopRule({ looks, bound, maxBlocks }: StopOptions): StopRule {
  if (!Number.isSafeInteger(looks) || looks < 1 || looks > 20) {
    throw new RangeError(`Expected \`stop.looks\` to be a whole number from 1 to 20, got ${looks}`)
  }
  if (!Number.isSafeInteger(maxBlocks) || maxBlocks < looks) {
    throw new RangeError(
      `Expected \`stop.maxBlocks\` to be a whole number from ${looks}, one block for each look, got ${maxBlocks}`,
    )
  }
  if (bound !== 'pocock' && bound !== 'obrien-fleming') {
    throw new TypeError(`Expected \`stop.bound\` to be pocock or obrien-fleming, got ${JSON.stringify(bound)}`)
  }
  return { looks, bound, maxBlocks }
}

function controlsOf({ aa, slowdown }: ControlOptions, treatments: readonly Treatment[]): Controls {
  const { by = 0.1, ...selection } = slowdown ?? {}
  if (!(by > 0 && by <= 10)) {
    throw new RangeError(`Expected \`controls.slowdown.by\` to be a share above 0 and up to 10, got ${by}`)
  }
  return {
    aa: aa ? namedTreatment(treatments, 'controls.aa', aa) : null,
    slowdown: slowdown ? { treatment: namedTreatment(treatments, 'controls.slowdown', selection), by } : null,
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
