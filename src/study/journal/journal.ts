import { basename, dirname, join } from 'node:path'
import { dataFolder } from '../../project.js'
import { schemaVersion } from '../make-plan.js'
import type { Plan } from '../plan.js'
import type { DamagedLine } from '../study.js'
import { planProblem } from './check-plan.js'
import { type CheckedLines, checkedLines } from './checked-lines.js'
import { JournalError } from './journal-error.js'
import { readText } from './journal-file.js'
import { type PlacedLine, placedLines } from './placed-lines.js'
import { completePlan } from './stored-plan.js'

/** The oldest format of journals that is read. */
const oldestFormat = 2

/** Where studies are kept unless a caller names another folder. */
export const studiesFolder = join(dataFolder, 'studies')

/** One journal per study and plan: changing a parameter starts another, changing it back finds the first again. */
export function journalPath(folder: string, name: string, hash: string): string {
  return join(folder, name, `${hash}.jsonl`)
}

/** The hash of the plan that a journal is named after. */
export function hashIn(path: string): string {
  return basename(path, '.jsonl')
}

/**
 * The lines that a journal holds: the plan (again where blocks were added), per session its context and the trials that ended in it, and the
 * look at which the study ended early; and the lines that are not counted.
 */
export interface JournalContents extends CheckedLines {
  readonly plan: Plan
  /** Whether lines are counted that were written before lines carried digests: a change inside one may go unseen. */
  readonly unproven: boolean
}

/**
 * Reads a journal; null when there is none, or no whole line in it. What does not prove itself, or is not what the plan and the rest of the journal allow, is
 * listed as damaged and counted nowhere. Throws `JournalError` where there is no plan that can be trusted.
 */
export function readJournal(path: string): JournalContents | null {
  const text = readText(path)
  if (!text || text.lines.length === 0) return null
  const { lines, damaged } = placedLines(text.lines, hashIn(path))
  const plans = trustedPlans(path, lines)
  const plan = plans.trusted.at(-1)
  if (!plan) throw noPlan(path, [...damaged, ...plans.damaged])
  const mostBlocks = plans.trusted.reduce((most, { blocks }) => Math.max(most, blocks), 0)
  const checked = checkedLines(lines, plan, mostBlocks, [...damaged, ...plans.damaged])
  const torn = text.torn ? [{ line: text.lines.length + 1, reason: 'is torn off' }] : []
  return { ...checked, plan, damaged: [...checked.damaged, ...torn], unproven: lines.some(({ proven }) => !proven) }
}

/** The plans that a journal holds, and the lines of those that cannot be trusted. */
function trustedPlans(path: string, lines: readonly PlacedLine[]) {
  const trusted: Plan[] = []
  const damaged: DamagedLine[] = []
  for (const { at, line } of lines) {
    if (line.type !== 'plan') continue
    const { schemaVersion: format } = line.plan
    if (format < oldestFormat || format > schemaVersion) {
      throw new JournalError(
        path,
        at,
        `written in format ${format}, this copylab reads formats ${oldestFormat} to ${schemaVersion}; read it with the version that wrote it, or start anew with --fresh (\`fresh: true\`)`,
      )
    }
    const plan = completePlan(line.plan)
    const problem = planProblem(plan, basename(dirname(path)), hashIn(path))
    if (problem === null) trusted.push(plan)
    else damaged.push({ line: at, reason: `holds a plan that ${problem}` })
  }
  return { trusted, damaged }
}

function noPlan(path: string, damaged: readonly DamagedLine[]): JournalError {
  const first = damaged.find(({ line }) => line === 1)
  const why = first ? ` (line 1 ${first.reason})` : ''
  return new JournalError(
    path,
    null,
    `the journal of the study ${basename(dirname(path))} is damaged and holds no plan that can be trusted${why}: restore line 1 from a copy of the file, or start anew with --fresh (\`fresh: true\`)`,
  )
}
