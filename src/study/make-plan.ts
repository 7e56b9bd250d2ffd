import { checkedInteger, checkedNumber, checkedOptions, type NamesOf } from '../check.js'
import { plannedTrials } from './blocks/schedule.js'
import { designOf, type Factors, maxTrials } from './design.js'
import type { Controls, Plan } from './plan.js'
import { planHash } from './plan-hash.js'
import { type PreregistrationOptions, preregistrationOf } from './preregistration.js'
import { chosenProbes, type Probes } from './readings.js'
import { checkDistribution } from './table/check-distribution.js'
import { checkLayouts } from './table/check-layouts.js'
import { checkPartitions } from './table/check-partitions.js'
import type { Definition } from './table/definition.js'
import type { Table } from './table/table.js'
import { isByProgram, namedTreatment, type Selection, type Treatment } from './treatment.js'

/** Version of the journals that are written. */
export const schemaVersion = 3

/**
 * Description of an input or a server in a plan: JSON, no absolute path, no password. Equal things
 * have equal descriptions.
 */
export interface Described {
  describe(): Record<string, unknown>
}

/** Options that define a plan. */
export interface PlanOptions extends PreregistrationOptions {
  /**
   * Name of the study, the folder in `data/studies` and the end of the schema's name: at most 40
   * letters without accents, digits, `-` and `_`.
   */
  readonly name: string
  /** Server of the trials. */
  readonly server: Described
  /** Input of the trials. */
  readonly input: Described & { readonly fits: Table }
  /** One grid of factors, or several whose treatments are run together in the same blocks. */
  readonly factors: Factors | readonly Factors[]
  /**
   * Number of complete passes over all treatments. 6 is the minimum for an exact two-sided 5 %
   * test.
   * @default 6, or `stop.maxBlocks` with a stopping rule; with `sessions` the fewest from 6 that
   * they divide
   */
  readonly blocks?: number
  /**
   * Number of sessions that the blocks are run in, each with a server and a client process started
   * for it and a warm-up of its own; `blocks` must be a multiple of it. Intervals then rest on the
   * sessions' means, since what differs from one start to the next is common to all blocks of a
   * session. 6 is the minimum for a verdict.
   * @default none: all blocks that a call finds missing are run in one session
   */
  readonly sessions?: number
  /**
   * Number of passes at the start of each session that are stored and never analysed.
   * @default 1
   */
  readonly warmUpBlocks?: number
  /**
   * Seed of the random order within each block.
   * @default 1
   */
  readonly seed?: number
  /**
   * Trials of every block that check the study itself.
   * @default none
   */
  readonly controls?: ControlOptions
  /**
   * Probes that observe the trials: all for `true`, none for `false`.
   * @default true
   */
  readonly probes?: Partial<Probes> | boolean
  /**
   * The table to fill: the input's columns, in their order, with another primary key or none.
   * @default the table that fits the input's records
   */
  readonly table?: Table
  /**
   * How the table is made; `table` then says which of its columns are filled.
   * @default null: from the columns alone
   */
  readonly definition?: Definition | null
}

/**
 * The controls to run, each naming the treatment that it repeats by the factors that distinguish it
 * from the study's other treatments: `{ workers: 2 }`.
 */
export interface ControlOptions {
  /**
   * An identical treatment under a second label: its difference shows what the study cannot
   * distinguish from no difference.
   */
  readonly aa?: Selection
  /**
   * The treatment slowed down by the share `by`, 0.1 by default: a difference that the study should
   * find.
   */
  readonly slowdown?: Selection & { readonly by?: number }
  /**
   * The treatment with extra work of the client that takes the share `by`, 0.05 by default, of the
   * CPU time that client and backends took for the treatment in the warm-up: a difference that is
   * real and of unknown size. Needs a warm-up block and the probes `client` and `backends`, and a
   * treatment whose records copylab itself analyses while the clock runs.
   */
  readonly work?: Selection & { readonly by?: number }
  /** The treatment with all probes off: its difference is what observing costs. */
  readonly unprobed?: Selection
}

/** Throws `TypeError` for a name that no study can have. */
export function checkStudyName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(name)) return
  throw new TypeError(
    `Expected \`name\` to be 1 to 40 letters, digits, - and _, beginning with a letter or digit, got ${JSON.stringify(name)}`,
  )
}

/**
 * Checks the options and makes the plan, before anything is run. Throws `TypeError` or `RangeError`
 * for invalid options.
 */
export function makePlan(options: PlanOptions): Plan {
  const { name, warmUpBlocks = 1, seed = 1 } = options
  if (options.stop && options.blocks !== undefined) {
    throw new TypeError('Expected `blocks` or `stop`, got both: `stop.maxBlocks` is the maximum number of blocks')
  }
  checkStudyName(name)
  const { blocks, blocksPerSession } = replicationOf(options)
  checkedInteger('warmUpBlocks', warmUpBlocks, { from: 0 })
  checkedInteger('seed', seed, { from: 0 })
  const { treatments, leftOut, meanings } = designOf(options.factors)
  const plan = {
    name,
    schemaVersion,
    treatments,
    leftOut,
    meanings,
    controls: controlsOf(options, treatments),
    probes: chosenProbes(options.probes),
    blocksPerSession,
    warmUpBlocks,
    seed,
    input: options.input.describe(),
    server: options.server.describe(),
    ...tableOf(options),
    preregistration: preregistrationOf(options, treatments),
  }
  checkLayouts(plan)
  checkDistribution(plan, plan.table ?? options.input.fits)
  if (plan.definition === null) checkPartitions({ ...plan, table: plan.table ?? options.input.fits })
  const trials = plannedTrials({ ...plan, blocks })
  if (trials > maxTrials) {
    throw new RangeError(
      `Expected the plan to ask for at most ${maxTrials.toLocaleString('en-US')} trials, got ${trials.toLocaleString('en-US')}: take fewer blocks or levels`,
    )
  }
  return { ...plan, hash: planHash(plan), blocks }
}

/** Number of blocks where none is asked for: the minimum for an exact two-sided 5 % test. */
export const defaultBlocks = 6

/** Returns the number of blocks, and how many of them make a session. */
function replicationOf({
  blocks: given,
  sessions,
  stop,
}: Pick<PlanOptions, 'blocks' | 'sessions' | 'stop'>): Pick<Plan, 'blocks' | 'blocksPerSession'> {
  if (sessions === undefined) {
    const blocks = checkedInteger('blocks', stop?.maxBlocks ?? given ?? defaultBlocks, { from: 1 })
    return { blocks, blocksPerSession: null }
  }
  checkedInteger('sessions', sessions, { from: 1 })
  if (stop) throw new TypeError('Expected `sessions` or `stop`, got both: looks are for blocks of one session')
  const blocks = checkedInteger('blocks', given ?? sessions * Math.ceil(defaultBlocks / sessions), { from: 1 })
  if (blocks % sessions === 0) return { blocks, blocksPerSession: blocks / sessions }
  const fewer = sessions * Math.floor(blocks / sessions)
  const fitting = [...(fewer > 0 ? [fewer] : []), fewer + sessions].join(' or ')
  throw new RangeError(
    `Expected \`blocks\` to be a multiple of the ${sessions} \`sessions\`, got ${blocks}: take ${fitting} blocks`,
  )
}

const controlOptions: NamesOf<ControlOptions> = { aa: true, slowdown: true, work: true, unprobed: true }

function controlsOf(options: PlanOptions, treatments: readonly Treatment[]): Controls {
  const { aa, slowdown, work, unprobed } = checkedOptions(options.controls ?? {}, controlOptions, 'controls')
  const same = (option: string, selection?: Selection): Treatment | null =>
    selection ? namedTreatment(treatments, option, selection) : null
  const added = (option: string, given: ControlOptions['work'], share: number, why: string): Controls['work'] => {
    if (!given) return null
    const { by = share, ...selection } = given
    checkedNumber(`${option}.by`, by, { above: 0, to: 10, why })
    return { treatment: namedTreatment(treatments, option, selection), by }
  }
  const controls = {
    aa: same('controls.aa', aa),
    slowdown: added('controls.slowdown', slowdown, 0.1, 'a share of the time'),
    work: added('controls.work', work, 0.05, 'a share of the CPU time'),
    unprobed: same('controls.unprobed', unprobed),
  }
  if (controls.work) checkWork(controls.work.treatment, options)
  return controls
}

/** Throws `TypeError` where the client cannot do extra work, or nothing tells how much. */
function checkWork(treatment: Treatment, { warmUpBlocks = 1, probes: chosen }: PlanOptions): void {
  const { client, backends } = chosenProbes(chosen)
  if (isByProgram(treatment) || treatment.source === 'prepared' || treatment.clientWork.startsWith('sleep')) {
    throw new TypeError(
      'Expected `controls.work` to name a treatment whose records copylab itself analyses while the clock runs: loader copylab, source pipeline and no clientWork that sleeps',
    )
  }
  if (warmUpBlocks > 0 && client && backends) return
  throw new TypeError(
    'Expected `controls.work` in a study with a warm-up block and the probes client and backends, which tell the CPU time that the work is a share of',
  )
}

/**
 * Returns the table to fill, null where it is the one that fits the input, and how it is made.
 * Throws `TypeError` for a table whose columns differ from the records'.
 */
function tableOf({
  table: given,
  definition = null,
  input: { fits },
}: PlanOptions): Pick<Plan, 'table' | 'definition'> {
  if (definition !== null) return { table: given ?? fits, definition }
  const none = { table: null, definition: null }
  if (given === undefined) return none
  const { columns, primaryKey } = given
  const shape = (own: Pick<Table, 'columns'>): string =>
    own.columns.map(({ name, type }) => `${name}:${type}`).join(', ')
  if (shape(given) !== shape(fits)) {
    throw new TypeError(`Expected \`table\` to have the input's columns (${shape(fits)}), got ${shape(given)}`)
  }
  const strange = primaryKey.find((name) => !columns.some((column) => column.name === name))
  if (strange !== undefined) {
    throw new TypeError(
      `Expected \`table.primaryKey\` to name columns (${shape(fits)}), got ${JSON.stringify(strange)}`,
    )
  }
  const table = { columns, primaryKey }
  const isSame = JSON.stringify(table) === JSON.stringify({ columns: fits.columns, primaryKey: fits.primaryKey })
  return isSame ? none : { table, definition: null }
}
