import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkStudy, compare, summarise, trialRows } from 'copylab/analysis'
import { JournalError, readStudy, type Study } from 'copylab/executor'
import { makeRandom, type Random } from '#copylab/analysis/statistics/numerics/random.js'
import { sealedLine } from '#copylab/study/journal/seal.js'

/** A whole journal, by its lines. */
export interface Journal {
  readonly kind: string
  readonly study: string
  /** Of its plan. */
  readonly hash: string
  readonly lines: readonly string[]
}

/**
 * What readers make of a damaged journal. `unchanged`: the same numbers as before. `shorter`: only
 * whole lines at its end are gone, as in a study that was stopped. `told`: others, and damage is
 * named. `refused`: `JournalError`. `unproven`: others, and it is said that the journal carries no
 * digests. `forged`: others, by a line that was changed and sealed again. `silent`: others, without
 * a word. `raw`: an error that is not copylab's own.
 */
export const outcomes = ['unchanged', 'shorter', 'told', 'refused', 'unproven', 'forged', 'silent', 'raw'] as const
export type Outcome = (typeof outcomes)[number]

/**
 * How often each came out of one way to damage journals, and the first of those that must not be.
 */
export interface Tally {
  readonly damage: string
  readonly tried: number
  readonly outcomes: { readonly [outcome in Outcome]?: number }
  readonly wrong: readonly string[]
}

/** One way to damage a journal. */
export interface Damage {
  readonly name: string
  /** Whether its author sealed the line again, so that no reader can see what could be. */
  readonly forges?: boolean
  apply(journal: Journal, random: Random): string | Buffer
}

/** A whole number from 0, below `count`. */
export const pick = (random: Random, count: number): number => Math.min(count - 1, Math.floor(random.uniform() * count))
/** The text of a journal's lines. */
export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
const replaced = (lines: readonly string[], at: number, ...by: readonly string[]): string =>
  textOf([...lines.slice(0, at), ...by, ...lines.slice(at + 1)])

/** One bit of the file. */
export const bitFlip: Damage = {
  name: 'one bit flipped',
  apply({ lines }, random) {
    const bytes = Buffer.from(textOf(lines))
    const at = pick(random, bytes.length)
    bytes[at] = bytes[at]! ^ (1 << pick(random, 8))
    return bytes
  },
}

/** Lines doubled, moved, lost, joined, overwritten and edited. */
export const lineEdits: readonly Damage[] = [
  {
    name: 'a line doubled',
    apply({ lines }, random) {
      const at = pick(random, lines.length)
      return replaced(lines, at, lines[at]!, lines[at]!)
    },
  },
  {
    // What is lost at the end looks like a study that was stopped.
    name: 'a line removed',
    apply: ({ lines }, random) => replaced(lines, pick(random, lines.length - 1)),
  },
  {
    name: 'two lines swapped',
    apply({ lines }, random) {
      const [a, b] = [pick(random, lines.length), pick(random, lines.length)]
      return textOf(lines.map((line, k) => (k === a ? lines[b]! : k === b ? lines[a]! : line)))
    },
  },
  {
    name: 'two lines joined',
    apply({ lines }, random) {
      const at = pick(random, lines.length - 1)
      return textOf([...lines.slice(0, at), `${lines[at]}${lines[at + 1]}`, ...lines.slice(at + 2)])
    },
  },
  {
    name: 'a line of another study',
    apply({ lines }, random) {
      const at = pick(random, lines.length)
      const foreign = changedLine(lines[at]!, '0'.repeat(12), (content) => content)
      return replaced(lines, at, foreign)
    },
  },
  {
    name: 'a line of another study brought in',
    apply({ lines }, random) {
      const at = pick(random, lines.length)
      return replaced(
        lines,
        at,
        changedLine(lines[at]!, '0'.repeat(12), (content) => content),
        lines[at]!,
      )
    },
  },
  {
    name: 'a line emptied',
    apply: ({ lines }, random) => replaced(lines, pick(random, lines.length - 1), ''),
  },
  {
    name: 'a line without its seal',
    apply({ lines }, random) {
      const at = pick(random, lines.length)
      return replaced(lines, at, unsealed(lines[at]!))
    },
  },
  {
    name: 'a stretch of NULs',
    apply({ lines }, random) {
      const text = textOf(lines)
      const [at, length] = [pick(random, text.length), 1 + pick(random, 5000)]
      return `${text.slice(0, at)}${'\0'.repeat(length)}${text.slice(at + length)}`
    },
  },
  {
    name: 'cut somewhere',
    apply({ lines }, random) {
      const text = textOf(lines)
      const at = pick(random, text.length - lines.at(-1)!.length - 2)
      return text.slice(0, text[at] === '\n' ? at : at + 1)
    },
  },
  {
    name: 'a value edited',
    apply({ lines }, random) {
      const at = pick(random, lines.length)
      const line = JSON.parse(lines[at]!) as Content
      return replaced(lines, at, JSON.stringify(edited(line, random)))
    },
  },
  {
    name: 'a value edited and sealed again',
    forges: true,
    apply({ lines, hash }, random) {
      const at = pick(random, lines.length)
      return replaced(
        lines,
        at,
        changedLine(lines[at]!, hash, (content) => edited(content, random) as Content),
      )
    },
  },
]

type Content = { readonly type: string } & Record<string, unknown>

/** The text of a line without its number and digest. */
function unsealed(text: string): string {
  const { line: _, digest: __, ...content } = JSON.parse(text) as Content
  return JSON.stringify(content)
}

function changedLine(text: string, hash: string, change: (content: Content) => Content): string {
  const { line, digest: _, ...content } = JSON.parse(text) as Content & { readonly line?: number }
  const changed = change(content as Content)
  return line === undefined ? JSON.stringify(changed) : sealedLine(line, changed, hash)
}

/** A copy of a value in which one value, at whatever depth, is replaced or taken away. */
function edited(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0) {
    const at = pick(random, value.length)
    return value.map((item, k) => (k === at ? edited(item, random) : item))
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([name]) => name !== 'digest')
    if (entries.length > 0) {
      const [name] = entries[pick(random, entries.length)]!
      if (random.uniform() < 0.1) return Object.fromEntries(Object.entries(value).filter(([own]) => own !== name))
      return { ...value, [name]: edited((value as Content)[name], random) }
    }
  }
  const values = [null, -1, 0, 1.5, 1e300, '', 'x', true, [], {}, 64, '2001-01-01T00:00:00.000Z']
  return typeof value === 'number' && random.uniform() < 0.5 ? value + 1 : values[pick(random, values.length)]
}

/**
 * Damages a journal so often, each time from whole, and looks at what readers make of it. `folder`
 * is for its file.
 */
export function tallyDamage(journal: Journal, damage: Damage, times: number, folder: string, seed = 1): Tally {
  const random = makeRandom(seed)
  const path = join(folder, journal.study, `${journal.hash}.jsonl`)
  mkdirSync(join(folder, journal.study), { recursive: true })
  // A reader is warned once of a journal without digests.
  const isUnproven = journal.lines.some((line) => !line.startsWith('{"line":'))
  writeFileSync(path, textOf(journal.lines))
  const before = numbersOf(readStudy(journal.study, { folder, onWarning: () => {} }))
  const found: Partial<Record<Outcome, number>> = {}
  const wrong: string[] = []
  for (let k = 0; k < times; k++) {
    const damaged = damage.apply(journal, random)
    writeFileSync(path, damaged)
    const isShorter = isBeginning(String(damaged), journal.lines)
    const trying = { folder, before, forged: damage.forges ?? false, isUnproven, isShorter }
    const { outcome, text } = outcomeOf(journal, trying)
    found[outcome] = (found[outcome] ?? 0) + 1
    if ((outcome === 'silent' || outcome === 'raw') && wrong.length < 5) wrong.push(`${journal.kind}, ${k}: ${text}`)
  }
  return { damage: `${journal.kind}: ${damage.name}`, tried: times, outcomes: found, wrong }
}

/**
 * Whether a text is whole lines of a journal, from its first one. A seal may be gone from a line:
 * what it says is the same.
 */
function isBeginning(text: string, lines: readonly string[]): boolean {
  if (text !== '' && !text.endsWith('\n')) return false
  const own = text.split('\n').slice(0, -1)
  return own.length < lines.length && own.every((line, k) => line === lines[k] || line === unsealed(lines[k]!))
}

interface Trying {
  readonly folder: string
  /** Results of the readers for the whole journal. */
  readonly before: string
  readonly forged: boolean
  readonly isUnproven: boolean
  readonly isShorter: boolean
}

function outcomeOf(
  { study: name }: Journal,
  { folder, before, forged, isUnproven, isShorter }: Trying,
): { readonly outcome: Outcome; readonly text: string } {
  const warnings: string[] = []
  try {
    const study = readStudy(name, { folder, onWarning: (warning) => warnings.push(warning) })
    const after = numbersOf(study)
    if (after === before) return { outcome: 'unchanged', text: '' }
    if (isShorter) return { outcome: 'shorter', text: '' }
    if (study.damaged.length > 0 && warnings.some((text) => text.includes('damaged')))
      return { outcome: 'told', text: '' }
    if (isUnproven) return { outcome: 'unproven', text: '' }
    return { outcome: forged ? 'forged' : 'silent', text: firstDifference(before, after) }
  } catch (error) {
    if (error instanceof JournalError) return { outcome: 'refused', text: '' }
    return { outcome: 'raw', text: String((error as Error).stack) }
  }
}

function firstDifference(before: string, after: string): string {
  const at = Array.from(before).findIndex((sign, k) => sign !== after[k])
  return `…${before.slice(Math.max(0, at - 60), at + 30)}… became …${after.slice(Math.max(0, at - 60), at + 30)}…`
}

/**
 * Output of every reader for a study, as text: its rows, its summary, its first comparison and its
 * findings.
 */
function numbersOf(study: Study): string {
  const rows = trialRows(study, { phase: 'all', state: 'all' })
  const findings = checkStudy(study).filter(({ code }) => code !== 'damaged-line')
  const { contexts, stopped, plan } = study
  return JSON.stringify([rows, summarise(study), comparedIn(study), findings, contexts, stopped, plan])
}

/** Trials that were lost may leave too little to compare, of which `compare` tells by itself. */
function comparedIn(study: Study): unknown {
  const [a, b] = study.plan.treatments
  try {
    return b ? compare(study, { a: a!, b }) : null
  } catch (error) {
    if (error instanceof RangeError && study.damaged.length > 0) return error.message
    throw error
  }
}
