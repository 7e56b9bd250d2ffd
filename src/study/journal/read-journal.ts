import { lstatSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { wholePath } from '../../project.js'
import type { Context } from '../context.js'
import { maxTrials } from '../design.js'
import { schemaVersion } from '../make-plan.js'
import type { Plan } from '../plan.js'
import type { EarlyStop } from '../study.js'
import type { Trial } from '../trial.js'
import { provenPlan } from './check-plan.js'
import { agreedTruth, type InputTruth, stopFault, TrialCheck } from './check-trial.js'
import type { DamagedLine } from './damage.js'
import { JournalError } from './journal-error.js'
import { unpackTrial } from './journal-trial.js'
import { shapeFault } from './line-shape.js'
import { rising } from './rising.js'
import { openLine } from './seal.js'
import { completeContext, completeTrial, presentNames } from './stored-plan.js'

/** The byte that ends a line. */
const lineEnd = 0x0a

/** Oldest format of lines that is read. */
const oldestFormat = 2

/**
 * Content of a line; the trial of a line is packed where it is written, and a `Trial` once read.
 */
export type LineContent<T = unknown> =
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'session'; readonly context: Context }
  | { readonly type: 'trial'; readonly trial: T }
  | { readonly type: 'stop'; readonly stop: EarlyStop }

/**
 * Content of a journal: the plan (again where blocks were added), per session its context and the
 * trials that ended in it, and the look at which the study ended early.
 */
export interface JournalContents {
  readonly plan: Plan
  readonly contexts: readonly Context[]
  readonly trials: readonly Trial[]
  readonly stopped: EarlyStop | null
  /** Damaged lines, whose content is not used. */
  readonly damaged: readonly DamagedLine[]
  /** Whether every line carries its digest. */
  readonly sealed: boolean
}

/** Position of a journal's next line. */
export interface JournalEnd {
  /** Bytes up to the end of the last complete line. */
  readonly bytes: number
  /** Number of the next line. */
  readonly nextLine: number
}

/**
 * Reads a journal and checks every line: its digest and number, its plan by the plan's hash, which
 * is the file's name, and every trial against the plan and the session's input. A line that fails
 * is not used and is listed in `damaged`, an incomplete last one too. Null where there is no file,
 * or none with a complete line. Throws `JournalError` for a file that cannot be read or whose plan
 * cannot be trusted.
 */
export function readJournal(path: string): JournalContents | null {
  const text = contentOf(path)
  if (text === null) return null
  const { lines, damaged, sealed, torn } = scan(text, hashIn(path), readContent)
  const [first] = lines
  if (!first && damaged.length === 0) return null
  const plan = planOf(path, first ?? null)
  // A damaged line may have held a plan with more blocks.
  const found = contentsOf(plan, lines, damaged.length > 0)
  const all = [...damaged, ...found.damaged, ...(torn ? [torn] : [])].sort((a, b) => a.line - b.line)
  return { ...found, damaged: all, sealed }
}

/** Returns the position of the next line of a journal; its beginning where there is no file. */
export function endOfJournal(path: string): JournalEnd {
  const text = contentOf(path)
  if (text === null) return { bytes: 0, nextLine: 1 }
  return { bytes: text.lastIndexOf('\n') + 1, nextLine: scan(text, hashIn(path), () => null).nextLine }
}

const hashIn = (path: string): string => basename(path, '.jsonl')

/** Reads a file's bytes; null where there is no file. */
function contentOf(path: string): Buffer | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats) {
      if (!lstatSync(path, { throwIfNoEntry: false })) return null
      throw new JournalError(
        wholePath(path),
        null,
        'the file that it points to is gone: restore it, or remove this one',
      )
    }
    if (!stats.isFile()) {
      const kind = stats.isDirectory() ? 'a folder' : stats.isFIFO() ? 'a pipe' : 'a special file'
      throw new JournalError(wholePath(path), null, `is ${kind} instead of a journal: remove or rename it`)
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof JournalError) throw error
    throw new JournalError(wholePath(path), null, `cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

/**
 * Content of an undamaged line and what is wrong with its shape, null where nothing is; then a
 * trial is unpacked.
 */
interface ReadContent {
  readonly content: object
  readonly fault: string | null
}

function readContent(stored: object): ReadContent {
  const content = presentNames(stored)
  const fault = shapeFault(content)
  const { trial } = content as { readonly trial?: unknown }
  return { content: fault === null && trial ? { ...content, trial: unpackTrial(trial) } : content, fault }
}

/** An undamaged line, what was read of it, and its place in the file, from 1. */
interface WholeLine<T = ReadContent> {
  readonly at: number
  readonly sealed: boolean
  readonly read: T
}

interface Scan<T> {
  readonly lines: readonly WholeLine<T>[]
  readonly damaged: readonly DamagedLine[]
  readonly torn: DamagedLine | null
  readonly sealed: boolean
  readonly nextLine: number
}

/**
 * Separates undamaged lines from damaged ones, and detects by their numbers which are missing or
 * misplaced. Every line is read by `read` before the next one is, so that its text and what was
 * parsed of it do not stay in memory.
 */
function scan<T>(content: Buffer, hash: string, read: (content: object) => T): Scan<T> {
  const opened: (
    | ({ at: number; number: number | null } & { state: 'whole'; read: T })
    | { at: number; state: 'damaged'; reason: string }
  )[] = []
  let [begin, count] = [0, 0]
  for (let end = content.indexOf(lineEnd); end >= 0; end = content.indexOf(lineEnd, begin)) {
    const at = ++count
    // Characters that editors on Windows add are no damage.
    const text = content
      .toString('utf8', begin, end)
      .replace(/\r$/, '')
      .replace(/^\uFEFF/, '')
    begin = end + 1
    if (text === '') continue
    const line = openLine(text, hash)
    opened.push(
      line.state === 'damaged'
        ? { at, ...line }
        : { at, state: 'whole', number: line.number, read: read(line.content) },
    )
  }
  const numbered = opened.flatMap((line) => (line.state === 'whole' && line.number !== null ? [line.number] : []))
  const inPlace = rising(numbered)
  const strays = numbered.filter((_, k) => !inPlace.has(k))
  const lines: WholeLine<T>[] = []
  const damaged: DamagedLine[] = []
  /**
   * Number of the last undamaged line, number of damaged ones since, and number of numbered ones so
   * far.
   */
  let [last, since, met] = [0, 0, 0]
  for (const line of opened) {
    const { at } = line
    if (line.state === 'damaged' || (line.number === null && met > 0)) {
      damaged.push({
        line: at,
        reason: line.state === 'damaged' ? line.reason : 'it has no digest, and lines before it do',
      })
      since++
      continue
    }
    const number = line.number ?? last + since + 1
    if (line.number !== null && !inPlace.has(met++)) {
      damaged.push({ line: at, reason: `it is line ${number}, in the wrong place` })
      continue
    }
    const strayed = strays.filter((stray) => stray > last && stray < number).length
    const gone = number - last - 1 - since - strayed
    if (gone > 0)
      damaged.push({ line: at, reason: `${gone === 1 ? 'a line is' : `${gone} lines are`} missing before it` })
    lines.push({ at, sealed: line.number !== null, read: line.read })
    ;[last, since] = [number, 0]
  }
  const torn = begin === content.length ? null : { line: count + 1, reason: 'it has no end, as after a crash' }
  const nextLine = Math.max(last + since, ...strays) + 1
  return { lines, damaged, torn, sealed: lines.every((line) => line.sealed), nextLine }
}

/** Reads the plan that a journal begins with and verifies it by its hash. */
function planOf(path: string, first: WholeLine | null): Plan {
  const refuse = (reason: string): never => {
    throw new JournalError(
      wholePath(path),
      1,
      `damaged: the journal of ${basename(dirname(path))} holds no plan that can be trusted, since ${reason}; restore the file, or start again with --fresh (\`fresh: true\`)`,
    )
  }
  if (first?.at !== 1) return refuse('its first line is damaged')
  const { type, plan } = first.read.content as { type?: unknown; plan?: { schemaVersion?: unknown } }
  if (type !== 'plan') return refuse('its first line is not a plan')
  const format = plan?.schemaVersion
  if (typeof format === 'number' && !(format >= oldestFormat && format <= schemaVersion)) {
    throw new JournalError(
      wholePath(path),
      1,
      `written in format ${format}, this copylab reads formats ${oldestFormat} to ${schemaVersion}; read it with the version that wrote it, or start again with --fresh (\`fresh: true\`)`,
    )
  }
  if (first.read.fault !== null) return refuse(first.read.fault)
  const proven = provenPlan(first.read.content as { plan: Plan }, basename(dirname(path)), hashIn(path))
  return typeof proven === 'string' ? refuse(proven) : proven
}

function contentsOf(first: Plan, lines: readonly WholeLine[], mayLackPlan: boolean): Omit<JournalContents, 'sealed'> {
  let plan = first
  let stopped: EarlyStop | null = null
  const contexts: Context[] = []
  const trials: Trial[] = []
  const damaged: DamagedLine[] = []
  const fitting = lines.flatMap(({ at, read: { content, fault } }) =>
    fault === null ? [{ at, content: content as LineContent<Trial> }] : [],
  )
  const truth = truthOf(fitting.map(({ content }) => content))
  const planned = lines.flatMap(({ read: { content } }) => (content as { plan?: Plan }).plan?.blocks ?? [])
  const numbers = fitting.flatMap(({ at, content }) =>
    content.type === 'trial' ? [{ at, trial: content.trial.trial, block: content.trial.block }] : [],
  )
  const lastBlock = numbers.reduce((most, { block }) => Math.max(most, block), 0)
  const check = new TrialCheck(plan, mayLackPlan ? maxTrials : Math.max(...planned), truth)
  const kept = rising(numbers.map(({ trial }) => trial))
  const inOrder = new Set(numbers.filter((_, k) => kept.has(k)).map(({ at }) => at))
  /** Damaged lines since the last trial: each may have been one. */
  let lost = 0
  /** Adds a line's content; returns what is wrong with it, or null. */
  const take = (line: WholeLine): string | null => {
    const content = line.read.content as LineContent<Trial>
    switch (content.type) {
      case 'plan': {
        const proven = provenPlan(content, plan.name, plan.hash)
        if (typeof proven === 'string') return proven
        plan = proven
        return null
      }
      case 'session':
        if (truth && !isInput(content.context.input, truth)) return 'its input differs from that of the trials'
        contexts.push(completeContext(content.context))
        check.begins()
        return null
      case 'stop': {
        const wrong = stopFault(plan, content.stop, lastBlock)
        if (wrong === null) stopped = content.stop
        return wrong
      }
      case 'trial': {
        const trial = completeTrial(content.trial, plan)
        if (!inOrder.has(line.at)) return `its trial has the number ${trial.trial}, in the wrong place`
        // For lines without numbers of their own, those of their trials are used.
        const gone = line.sealed ? 0 : check.missingBefore(trial) - lost
        const wrong = check.fault(trial)
        if (wrong === null) trials.push(trial)
        if (wrong === null && gone > 0) damaged.push({ line: line.at, reason: trialsMissing(gone) })
        return wrong
      }
      default:
        throw new TypeError(`Unknown line ${JSON.stringify(content satisfies never)}`)
    }
  }
  for (const line of lines) {
    const fault = line.read.fault ?? take(line)
    if (fault !== null) damaged.push({ line: line.at, reason: fault })
    lost = fault !== null ? lost + 1 : (line.read.content as LineContent<Trial>).type === 'trial' ? 0 : lost
  }
  return { plan, contexts, trials, stopped, damaged }
}

/**
 * Returns the input that most sessions and trials agree on: a changed one differs from the others.
 */
function truthOf(contents: readonly LineContent<Trial>[]): InputTruth | null {
  const reported = contents.flatMap((content): InputTruth[] => {
    if (content.type === 'session') return [content.context.input]
    if (content.type !== 'trial' || content.trial.state === 'failed') return []
    const { records, checksum } = content.trial
    return checksum === null ? [] : [{ records, checksum }]
  })
  return agreedTruth(reported)
}

function isInput(input: InputTruth, truth: InputTruth): boolean {
  return input.records === truth.records && input.checksum === truth.checksum
}

function trialsMissing(count: number): string {
  return `${count === 1 ? 'a trial is' : `${count} trials are`} missing before it`
}
