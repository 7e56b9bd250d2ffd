import type { Context } from '../context.js'
import type { Plan } from '../plan.js'
import { blockOfLook } from '../preregistration.js'
import type { DamagedLine, EarlyStop } from '../study.js'
import type { Trial } from '../trial.js'
import { agreedTruth, contradiction, isTrue, placeCheck, type Truth } from './check-trial.js'
import { columnsFit, unpackTrial } from './journal-trial.js'
import { linesBetween, missingText, type PlacedLine } from './placed-lines.js'
import { rising } from './rising.js'
import { completeTrial } from './stored-plan.js'

/** What a journal holds beside its plan, once its lines have been held against the plan and each other. */
export interface CheckedLines {
  readonly contexts: readonly Context[]
  readonly trials: readonly Trial[]
  readonly stopped: EarlyStop | null
  readonly damaged: readonly DamagedLine[]
}

interface Placed<T> {
  readonly at: number
  readonly proven: boolean
  readonly value: T
}

/** Holds every line against the plan and the other lines: what they cannot hold is damage. `mostBlocks` is the most that any plan of the journal asks for. */
export function checkedLines(
  lines: readonly PlacedLine[],
  plan: Plan,
  mostBlocks: number,
  found: readonly DamagedLine[],
): CheckedLines {
  const damaged: DamagedLine[] = [...found]
  const refuse = ({ at }: { readonly at: number }, reason: string | null): boolean => {
    if (reason !== null) damaged.push({ line: at, reason })
    return reason !== null
  }
  const sessions = lines.flatMap(({ line, ...own }) =>
    line.type === 'session' ? [{ ...own, value: line.context }] : [],
  )
  const placeProblem = placeCheck(plan)
  const placed = lines.flatMap(({ line, ...own }): Placed<Trial>[] => {
    if (line.type !== 'trial') return []
    if (refuse(own, columnsProblem(line.trial))) return []
    const value = completeTrial(unpackTrial(line.trial))
    const beyond = !own.proven && value.block > mostBlocks ? `is of block ${value.block}, which was not planned` : null
    return refuse(own, beyond ?? placeProblem(value) ?? ownProblem(value)) ? [] : [{ ...own, value }]
  })

  const truth = agreedTruth([
    ...sessions.map(({ value }) => value.input),
    ...placed.flatMap(({ value }) => loaded(value)),
  ])
  const contexts = sessions.filter(
    (own) =>
      !refuse(own, says(own.value.input, truth) ? null : 'says something else of the input than the trials loaded'),
  )
  const agreeing = placed.filter((own) => !refuse(own, truthProblem(own.value, truth)))
  const numbered = inRunOrder(agreeing, damaged)
  const trials = eachPlaceOnce(numbered, sessions, damaged)
  const stops = lines.flatMap(({ line, ...own }) => (line.type === 'stop' ? [{ ...own, value: line.stop }] : []))
  const stop = stops.filter((own) => !refuse(own, stopProblem(own, plan, trials))).at(-1)
  return {
    contexts: contexts.map(({ value }) => value),
    trials: trials.map(({ value }) => value),
    stopped: stop?.value ?? null,
    damaged: damaged.sort((a, b) => a.line - b.line),
  }
}

function columnsProblem(line: unknown): string | null {
  const { state } = line as Trial
  return state === 'failed' || columnsFit(line) ? null : 'has columns of different lengths'
}

function ownProblem(trial: Trial): string | null {
  return trial.state === 'completed' ? contradiction(trial) : null
}

function loaded(trial: Trial): Truth[] {
  return trial.state === 'completed' && trial.checksum !== null
    ? [{ records: trial.records, checksum: trial.checksum }]
    : []
}

function says(input: Truth, truth: Truth | null): boolean {
  return input.records === truth?.records && input.checksum === truth.checksum
}

function truthProblem(trial: Trial, truth: Truth | null): string | null {
  if (trial.state === 'failed') return null
  return truth && isTrue(trial, truth) ? null : 'did not load what the input holds'
}

/** The trials whose numbers rise; tells of those that are missing. */
function inRunOrder(placed: readonly Placed<Trial>[], damaged: DamagedLine[]): Placed<Trial>[] {
  const kept = rising(placed.map(({ value }) => value.trial))
  const others = [...damaged]
  let before = { at: 0, trial: 0 }
  return placed.filter(({ at, value: { trial } }, k) => {
    if (!kept.has(k)) {
      damaged.push({ line: at, reason: `is trial ${trial}, which does not belong there` })
      others.push({ line: at, reason: '' })
      return false
    }
    const lost = trial - before.trial - 1 - linesBetween(others, before.at, at)
    // A line before this one may have told already of what is missing here.
    if (lost > 0 && !others.some(({ line }) => line > before.at && line <= at))
      damaged.push({ line: at, reason: missingText(lost, 'trial') })
    before = { at, trial }
    return true
  })
}

/** A place is completed once; a warm-up's once in each session. Where a line is lost, a session may have begun there. */
function eachPlaceOnce(
  placed: readonly Placed<Trial>[],
  sessions: readonly Placed<Context>[],
  damaged: DamagedLine[],
): Placed<Trial>[] {
  const begun = [...sessions.map(({ at }) => at), ...damaged.map(({ line }) => line)]
  const done = new Set<string>()
  return placed.filter(({ at, value: { block, position, state } }) => {
    const since = block === 0 ? begun.reduce((last, line) => (line < at ? Math.max(last, line) : last), 0) : 0
    const key = `${block} ${position} ${since}`
    if (done.has(key)) {
      damaged.push({
        line: at,
        reason: `is of a place that was completed before (position ${position} of block ${block})`,
      })
      return false
    }
    if (state === 'completed') done.add(key)
    return true
  })
}

/** A study ends early by its rule alone, at a look that the rule has, and nothing of a later block was run. */
function stopProblem(
  { proven, value }: Placed<EarlyStop>,
  plan: Plan,
  trials: readonly Placed<Trial>[],
): string | null {
  const { look, block } = value
  const rule = plan.registration?.stop
  if (!rule) return 'ends a study that has no rule to end early'
  if (look > rule.looks || blockOfLook(rule, look) !== block) return 'ends the study where its rule does not look'
  const blocks = trials.map((own) => own.value.block)
  if (blocks.some((own) => own > block)) return 'ends the study before trials that it holds'
  return proven || blocks.includes(block) ? null : 'ends the study after a block that was not run'
}
