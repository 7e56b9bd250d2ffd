import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, displayPath } from '../../project.js'
import type { Context } from '../context.js'
import { schemaVersion } from '../make-plan.js'
import type { Plan } from '../plan.js'
import type { EarlyStop } from '../study.js'
import type { Trial } from '../trial.js'
import { JournalError } from './journal-error.js'
import { packTrial, unpackTrial } from './journal-trial.js'
import { completePlan, completeTrial } from './stored-plan.js'

/** The oldest format of the lines below that is read. */
const oldestFormat = 2

/** Where studies are kept unless a caller names another folder. */
export const studiesFolder = join(dataFolder, 'studies')

type Line =
  | { readonly type: 'plan'; readonly plan: Plan }
  | { readonly type: 'session'; readonly context: Context }
  | { readonly type: 'trial'; readonly trial: unknown }
  | { readonly type: 'stop'; readonly stop: EarlyStop }

/**
 * The lines that a journal holds: the plan (again where blocks were added), per session its context and the trials that ended in it, and the
 * look at which the study ended early.
 */
export interface JournalContents {
  readonly plan: Plan
  readonly contexts: readonly Context[]
  readonly trials: readonly Trial[]
  readonly stopped: EarlyStop | null
}

/** One journal per study and plan: changing a parameter starts another, changing it back finds the first again. */
export function journalPath(folder: string, name: string, hash: string): string {
  return join(folder, name, `${hash}.jsonl`)
}

/** Reads a journal; null when there is none. A torn last line, left by a crash, is passed over. Throws `JournalError`. */
export function readJournal(path: string): JournalContents | null {
  if (!existsSync(path)) return null
  const { text } = wholeLines(path)
  let plan: Plan | null = null
  const contexts: Context[] = []
  const trials: Trial[] = []
  let stopped: EarlyStop | null = null
  for (const [index, content] of text.split('\n').entries()) {
    if (content === '') continue
    const line = parseLine(path, index + 1, content)
    if (line.type === 'plan') plan = checkedPlan(path, line.plan)
    else if (line.type === 'session') contexts.push(line.context)
    else if (line.type === 'stop') stopped = line.stop
    else trials.push(completeTrial(unpackTrial(line.trial)))
  }
  return plan && { plan, contexts, trials, stopped }
}

function parseLine(path: string, number: number, content: string): Line {
  let line: Partial<Line> | null
  try {
    line = JSON.parse(content) as Partial<Line> | null
  } catch (cause) {
    throw new JournalError(
      displayPath(path),
      number,
      'not a line of JSON; restore the file or start anew with `fresh`',
      {
        cause,
      },
    )
  }
  if (line?.type !== 'plan' && line?.type !== 'session' && line?.type !== 'trial' && line?.type !== 'stop') {
    throw new JournalError(
      displayPath(path),
      number,
      'neither a plan, a session, a trial nor a stop; restore the file or start anew',
    )
  }
  return line as Line
}

function checkedPlan(path: string, plan: Plan): Plan {
  if (!(plan.schemaVersion >= oldestFormat && plan.schemaVersion <= schemaVersion)) {
    throw new JournalError(
      displayPath(path),
      1,
      `written in format ${plan.schemaVersion}, this copylab reads formats ${oldestFormat} to ${schemaVersion}; read it with the version that wrote it, or start anew with \`fresh\``,
    )
  }
  return completePlan(plan)
}

/** The journal's text up to its last complete line, and how many bytes that is. */
function wholeLines(path: string): { text: string; bytes: number } {
  const content = readFileSync(path)
  const bytes = content.lastIndexOf('\n') + 1
  return { text: content.toString('utf8', 0, bytes), bytes }
}

/** Appends to a journal; every line is on the disk when its call returns. */
export interface JournalWriter {
  plan(plan: Plan): void
  session(context: Context): void
  trial(trial: Trial): void
  stop(stop: EarlyStop): void
  close(): void
}

/** Opens a journal for appending: cuts a torn last line off, or begins a new file. */
export function openJournal(path: string): JournalWriter {
  mkdirSync(join(path, '..'), { recursive: true })
  if (existsSync(path)) truncateSync(path, wholeLines(path).bytes)
  const file = openSync(path, 'a')
  const append = (line: Line): void => {
    writeSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
  }
  return {
    plan: (plan) => append({ type: 'plan', plan }),
    session: (context) => append({ type: 'session', context }),
    trial: (trial) => append({ type: 'trial', trial: packTrial(trial) }),
    stop: (stop) => append({ type: 'stop', stop }),
    close: () => closeSync(file),
  }
}
