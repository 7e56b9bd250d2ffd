import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import { survey } from './checksum.js'
import { withClient, withOption } from './connect.js'
import { blockOrder, describeTreatment, sameTreatment, treatmentsOf } from './design.js'
import { changedMachine, readContext } from './environment.js'
import { JournalError } from './errors.js'
import type { Input } from './input/input.js'
import { asStored, journalPath, openJournal, readJournal, schemaVersion, studiesFolder } from './journal.js'
import { tryLock } from './lock.js'
import { displayPath } from './project.js'
import { requireConnections } from './server/inspect.js'
import type { Connection, Server } from './server/server.js'
import { claimSchema, dropSchema, schemaOf } from './table.js'
import { executeTrial, type Session } from './trial.js'
import type { Context, Factors, Plan, Progress, Study, Treatment, Trial, TrialPlace } from './types.js'

export interface StudyOptions {
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
  /** Starts anew although this plan is on disk; the earlier journal is renamed, not deleted. */
  readonly fresh?: boolean
  /** Ends the running trial, keeps all finished ones, and rejects with the signal's reason. The next call continues. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Where studies are kept. Default `data/studies`. */
  readonly folder?: string
}

/**
 * Runs a study, continues an unfinished one, or reads a finished one back: what the plan asks for and the journal lacks is run, in
 * seeded complete blocks, each trial appended to the journal as it ends. Throws `TypeError` or `RangeError` for options that make
 * no sense, `DatabaseError` for a server that cannot be used, `BadRecordError` for an input that cannot be analysed, and
 * `JournalError` for a journal that was begun elsewhere; a trial that breaks is data and does not throw.
 */
export async function runStudy(options: StudyOptions): Promise<Study> {
  const plan = makePlan(options)
  const path = journalPath(options.folder ?? studiesFolder, plan.name, plan.hash)
  const stored = options.fresh ? null : readJournal(path)
  if (stored && missingPlaces(plan, stored.trials).length === 0) {
    const study = asStudy(plan, stored.contexts, stored.trials, 'disk', path)
    const done = study.trials.length
    const message = 'read from disk'
    options.onProgress?.({ study: plan.name, stage: 'done', done, total: done, etaMs: 0, message, trial: null })
    return study
  }
  mkdirSync(dirname(path), { recursive: true })
  const lock = await lockJournal(plan, path, options.signal)
  try {
    if (options.fresh && existsSync(path)) renameSync(path, path.replace(/\.jsonl$/, `.superseded-${Date.now()}.jsonl`))
    return await measure(options, plan, path)
  } finally {
    lock.release()
  }
}

/** How long a call waits for the one before it, which may be ending its interrupted trial. */
const lockPatienceMs = 10_000

async function lockJournal(plan: Plan, path: string, signal?: AbortSignal): Promise<{ release(): void }> {
  for (const begin = performance.now(); ; await setTimeout(100, null, { signal })) {
    const attempt = tryLock(`${path}.lock`)
    if (attempt.state === 'held') return attempt
    if (performance.now() - begin > lockPatienceMs) {
      const { pid, host } = attempt.owner
      throw new JournalError(
        displayPath(path),
        null,
        `process ${pid} on ${host} is running the study ${plan.name}: let it end, or end it`,
      )
    }
  }
}

/** Checks the options and writes down what is going to be done, before anything is. */
export function makePlan(options: StudyOptions): Plan {
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

type PlannedPlace = Omit<TrialPlace, 'trial'>

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
function missingPlaces(plan: Plan, done: readonly Trial[]): PlannedPlace[] {
  const measured = done.filter((trial) => trial.phase === 'measured')
  return Array.from({ length: plan.blocks }, (_, k) => blockPlaces(plan, k + 1, k + 1, 'measured', 0))
    .flat()
    .filter(
      (place) =>
        !measured.some((trial) => trial.block === place.block && sameTreatment(trial.treatment, place.treatment)),
    )
}

/** Warm-up passes: block 0, in orders of their own (0, −1, …). */
function warmUpPlaces(plan: Plan): PlannedPlace[] {
  return Array.from({ length: plan.warmUpBlocks }, (_, k) =>
    blockPlaces(plan, 0, -k, 'warm-up', k * plan.treatments.length),
  ).flat()
}

async function measure(options: StudyOptions, plan: Plan, path: string): Promise<Study> {
  const { server, input } = options
  const signal = options.signal ?? new AbortController().signal
  const stored = readJournal(path)
  const trials: Trial[] = [...(stored?.trials ?? [])]
  const missing = missingPlaces(plan, trials)
  // Another process may have finished the study while this one waited for it.
  if (stored && missing.length === 0) return asStudy(plan, stored.contexts, trials, 'disk', path)
  const warmUp = warmUpPlaces(plan)
  const planned = plan.blocks * plan.treatments.length
  const report = (
    stage: Progress['stage'],
    message: string,
    ran: number,
    etaMs: number | null,
    trial: Trial | null,
  ): void => {
    const total = warmUp.length + planned
    options.onProgress?.({
      study: plan.name,
      stage,
      done: planned - missing.length + ran,
      total,
      etaMs,
      message,
      trial,
    })
  }

  const files = await input.files({ signal, onStep: (message) => report('input', message, 0, null, null) })
  report('input', 'reading the input once, for its checksum', 0, null, null)
  const truth = await survey(input, files, { signal })
  if (truth.records === 0)
    throw new RangeError(`The input ${input.name} holds no records: check its files, offset and limit`)

  return server.use(
    (connection) =>
      withClient(controlConfig(connection, plan.name), async (control) => {
        const context = readContext(connection.facts, truth)
        const previous = stored?.contexts.at(-1)
        if (previous) refuseOtherMachine(previous, context, plan, path)
        const needed = Math.max(...plan.treatments.map((treatment) => treatment.workers))
        await requireConnections(control, needed, connection.facts)
        const schema = schemaOf(plan.name)
        await claimSchema(control, schema)
        const journal = openJournal(path)
        try {
          // The same plan with another number of blocks is written down too: the last one stands.
          if (stored?.plan.blocks !== plan.blocks) journal.plan(plan)
          journal.session(context)
          const session: Session = { study: plan.name, schema, connection, control, input, files, truth, signal }
          const places = [...warmUp, ...missing]
          const begin = performance.now()
          for (const [ran, place] of places.entries()) {
            signal.throwIfAborted()
            const message = `${place.phase === 'warm-up' ? 'warm-up' : `block ${place.block}/${plan.blocks}`}, ${describeTreatment(place.treatment, plan.treatments)}`
            const left = (finished: number): number | null =>
              finished === 0 ? null : ((performance.now() - begin) / finished) * (places.length - finished)
            report(place.phase, message, ran, left(ran), null)
            const trial = await executeTrial(session, { trial: trials.length + 1, ...place })
            journal.trial(trial)
            trials.push(asStored(trial))
            report(place.phase, message, ran + 1, left(ran + 1), trial)
            if (ran + 1 === warmUp.length) refuseWhereAllFailed(trials.slice(-warmUp.length))
          }
        } finally {
          journal.close()
          await dropSchema(control, schema).catch(() => {})
        }
        report(
          'done',
          `${plan.blocks} blocks of ${plan.treatments.length} treatments`,
          warmUp.length + missing.length,
          0,
          null,
        )
        return asStudy(plan, [...(stored?.contexts ?? []), context], trials, 'measured', path)
      }),
    { signal, onStep: (message) => report('server', message, 0, null, null) },
  )
}

/** The control connection gives up on a lock that somebody else holds on the study's table, instead of waiting for ever. */
function controlConfig(connection: Connection, study: string): ClientConfig {
  const options = withOption(connection, 'lock_timeout=10s')
  return { ...connection.config, application_name: `copylab/${study}/control`, options }
}

function asStudy(
  plan: Plan,
  contexts: readonly Context[],
  trials: readonly Trial[],
  origin: Study['origin'],
  path: string,
): Study {
  const within = trials.filter((trial) => trial.block <= plan.blocks)
  return { plan, contexts, trials: within, origin, journal: displayPath(path) }
}

function refuseOtherMachine(before: Context, now: Context, plan: Plan, path: string): void {
  const changes = changedMachine(before, now)
  if (changes.length === 0) return
  throw new JournalError(
    displayPath(path),
    null,
    `the study ${plan.name} was begun under other conditions (${changes.join('; ')}): give yours another name, or start anew with \`fresh: true\``,
  )
}

function refuseWhereAllFailed(trials: readonly Trial[]): void {
  const errors = trials.map((trial) => (trial.state === 'failed' ? trial.error : null))
  const first = errors[0]
  if (first && errors.every((error) => error !== null)) {
    throw new Error(`Every warm-up trial failed, so the study cannot go on. The first: ${first.message}`)
  }
}

export interface TrialOptions {
  readonly server: Server
  readonly input: Input
  /** The factors to set; the others take `defaultTreatment`. */
  readonly treatment: Partial<Treatment>
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
}

/** Runs a single trial, verified like every other, and keeps no journal. For trying things out: one run ranks nothing. */
export async function runTrial(options: TrialOptions): Promise<Trial> {
  const { server, input, onStep } = options
  const signal = options.signal ?? new AbortController().signal
  const treatment = treatmentsOf(options.treatment)[0]!
  const files = await input.files({ signal, onStep })
  const truth = await survey(input, files, { signal })
  const study = `trial-${process.pid}`
  return server.use(
    (connection) =>
      withClient(controlConfig(connection, study), async (control) => {
        const schema = schemaOf(study)
        await claimSchema(control, schema)
        try {
          const session: Session = { study, schema, connection, control, input, files, truth, signal }
          return await executeTrial(session, { trial: 1, block: 1, position: 1, phase: 'measured', treatment })
        } finally {
          await dropSchema(control, schema).catch(() => {})
        }
      }),
    { signal, onStep },
  )
}
