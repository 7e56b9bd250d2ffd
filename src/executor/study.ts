import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { survey } from './checksum.js'
import { describeTreatment } from './design.js'
import { changedMachine, readContext } from './environment.js'
import { JournalError } from './errors.js'
import { recipeOf } from './input/recipe.js'
import { type JournalContents, journalPath, openJournal, readJournal, studiesFolder } from './journal.js'
import { asStored } from './journal-trial.js'
import { tryLock } from './lock.js'
import { makePlan, missingPlaces, type PlannedPlace, type PlanOptions, trialsPerBlock, warmUpPlaces } from './plan.js'
import { observerFindings } from './probes/observers.js'
import { displayPath } from './project.js'
import { withSession } from './session.js'
import { executeTrial } from './trial.js'
import type { Context, EarlyStop, Plan, Progress, StoredTrials, Study, Trial } from './types.js'

export interface StudyOptions extends PlanOptions {
  /** Starts anew although this plan is on disk; the earlier journal is renamed, not deleted. */
  readonly fresh?: boolean
  /** Ends the running trial, keeps all finished ones, and rejects with the signal's reason. The next call continues. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** What progress is to say of the study so far, after each block: `primarySoFar` of copylab/analysis. A rule to stop by says so itself. */
  readonly interim?: (soFar: Study) => string
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
  if (stored && isFinished(plan, stored)) return fromDisk(options, plan, stored, path)
  mkdirSync(dirname(path), { recursive: true })
  const lock = await lockJournal(plan, path, options.signal)
  try {
    if (options.fresh && existsSync(path)) renameSync(path, path.replace(/\.jsonl$/, `.superseded-${Date.now()}.jsonl`))
    return await measure(options, plan, path)
  } finally {
    lock.release()
  }
}

function isFinished(plan: Plan, { trials, stopped }: JournalContents): boolean {
  return stopped !== null || missingPlaces(plan, trials).length === 0
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
        `process ${pid} on ${host} is running the study ${plan.name}: let it end, or remove ${displayPath(path)}.lock if that machine is gone`,
      )
    }
  }
}

async function measure(options: StudyOptions, plan: Plan, path: string): Promise<Study> {
  const { server, input } = options
  const signal = options.signal ?? new AbortController().signal
  const stored = readJournal(path)
  const trials: Trial[] = [...(stored?.trials ?? [])]
  const missing = missingPlaces(plan, trials)
  // Another process may have finished the study while this one waited for it.
  if (stored && isFinished(plan, stored)) return fromDisk(options, plan, stored, path)
  const warmUp = warmUpPlaces(plan)
  const planned = plan.blocks * trialsPerBlock(plan)
  const storedBefore = stored && storedTrials(plan, stored)
  let interim: string | null = null
  let stopped: EarlyStop | null = null
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
      interim,
      stored: storedBefore,
    })
  }

  const inputFiles = await input.files({ signal, onStep: (message) => report('input', message, 0, null, null) })
  report('input', 'reading the input once, for its checksum', 0, null, null)
  const { facts: truth, files } = await survey(input, inputFiles, { signal })
  if (truth.records === 0)
    throw new RangeError(`The input ${input.name} holds no records: check its files, offset and limit`)

  if (plan.treatments.some(({ client }) => client === 'threads')) for (const { file } of files) recipeOf(file)

  return server.use(
    async (connection) => {
      const found = readContext(connection.facts, truth)
      const previous = stored?.contexts.at(-1)
      if (previous) refuseOtherMachine(previous, found, plan, path)
      const setup = { study: plan.name, connection, input, files, truth, probes: plan.probes, signal }
      return withSession(setup, plan.treatments, async (session) => {
        const context = { ...found, findings: [...found.findings, ...observerFindings(session.observers)] }
        const contexts = [...(stored?.contexts ?? []), context]
        const studySoFar = (): Study => asStudy(plan, { contexts, trials, stopped }, 'measured', path)
        const journal = openJournal(path)
        try {
          // The same plan with another number of blocks is written down too: the last one stands.
          if (stored?.plan.blocks !== plan.blocks) journal.plan(plan)
          journal.session(context)
          const places = [...warmUp, ...missing]
          const begin = performance.now()
          for (const [ran, place] of places.entries()) {
            signal.throwIfAborted()
            const message = describePlace(place, plan)
            const left = (finished: number): number | null =>
              finished === 0 ? null : ((performance.now() - begin) / finished) * (places.length - finished)
            const stage = place.phase === 'warm-up' ? 'warm-up' : 'measured'
            report(stage, message, ran, left(ran), null)
            const slowDownBy = place.control === 'slowdown' ? (plan.controls.slowdown?.by ?? 0) : 0
            const trial = await executeTrial(session, { place: { trial: trials.length + 1, ...place }, slowDownBy })
            journal.trial(trial)
            trials.push(asStored(trial))
            const endsBlock = place.phase !== 'warm-up' && places[ran + 1]?.block !== place.block
            if (endsBlock && !options.stop) interim = options.interim?.(studySoFar()) ?? null
            if (endsBlock && options.stop) {
              const look = options.stop.decide(studySoFar())
              interim = look.text
              const isLast = ran + 1 === places.length
              if (look.decided && look.look !== null && !isLast)
                stopped = { look: look.look, block: place.block, text: look.text }
            }
            report(stage, message, ran + 1, left(ran + 1), trial)
            if (ran + 1 === warmUp.length) refuseWhereAllFailed(trials.slice(-warmUp.length))
            if (stopped) {
              journal.stop(stopped)
              break
            }
          }
        } finally {
          journal.close()
        }
        const study = studySoFar()
        const run = study.trials.length - (stored?.trials.length ?? 0)
        report('done', endText(study), run, 0, null)
        return study
      })
    },
    { signal, onStep: (message) => report('server', message, 0, null, null) },
  )
}

/** "6 blocks of 4 treatments", "ended at look 2 of 5, after 16 of at most 40 blocks" */
function endText({ plan, stopped }: Study): string {
  const { stop } = plan.registration ?? {}
  return stopped && stop
    ? `ended at look ${stopped.look} of ${stop.looks}, after ${stopped.block} of at most ${stop.maxBlocks} blocks: ${stopped.text}`
    : `${plan.blocks} blocks of ${plan.treatments.length} treatments`
}

const controlNames = { aa: 'A/A', slowdown: 'slow-down' } as const

/** "block 2/6, 4 workers × 10,000, A/A" */
function describePlace({ phase, block, control, treatment }: PlannedPlace, plan: Plan): string {
  const when = phase === 'warm-up' ? 'warm-up' : `block ${block}/${plan.blocks}`
  return [when, describeTreatment(treatment, plan.treatments), ...(control ? [controlNames[control]] : [])].join(', ')
}

function fromDisk(options: StudyOptions, plan: Plan, stored: JournalContents, path: string): Study {
  const study = asStudy(plan, stored, 'disk', path)
  const done = study.trials.length
  const message = 'read from disk'
  options.onProgress?.({
    study: plan.name,
    stage: 'done',
    done,
    total: done,
    etaMs: 0,
    message,
    trial: null,
    interim: null,
    stored: storedTrials(plan, stored),
  })
  return study
}

function storedTrials(plan: Plan, { contexts, trials }: JournalContents): StoredTrials | null {
  const [first, last] = [contexts[0], contexts.at(-1)]
  if (!first || !last || trials.length === 0) return null
  const day = ({ startedAt }: Context): string => startedAt.slice(0, 10)
  return { plan: plan.hash, firstDay: day(first), lastDay: day(last), cores: last.hardware.cores }
}

function asStudy(
  plan: Plan,
  { contexts, trials, stopped }: Pick<Study, 'contexts' | 'trials' | 'stopped'>,
  origin: Study['origin'],
  path: string,
): Study {
  const within = trials.filter((trial) => trial.block <= plan.blocks)
  return { plan, contexts, trials: within, stopped, origin, journal: displayPath(path) }
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
