import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { checkStudy, compare, summarise, trialRows } from '../../../src/entries/analysis.js'
import type { Study } from '../../../src/entries/executor.js'
import { isFinished } from '../../../src/study/attempts.js'
import { JournalError } from '../../../src/study/journal/journal-error.js'
import { findStudies, readStudy } from '../../../src/study/journal/studies.js'

/** What becomes of a journal whose bytes were changed. */
export type Fate =
  /** Everything that readers say is as before. */
  | 'same'
  /** Its last lines are gone, as in a study that was not ended yet: the next call goes on. */
  | 'unfinished'
  /** Lines are said to be damaged. */
  | 'damaged'
  /** The study is refused by name. */
  | 'refused'
  /** A reader says something else, and nobody says why. */
  | 'silent'
  /** A reader threw what is no `JournalError`. */
  | 'raw error'

/** What readers say of the study in a journal: its rows, its means, its comparison, its doubts. */
function saidOf(study: Study): string {
  const [first, second] = study.plan.treatments
  const options = { a: { workers: first!.workers }, b: { workers: second!.workers } }
  const comparison = (): unknown => {
    try {
      return compare(study, options)
    } catch (error) {
      // Too few blocks for an interval is an answer.
      if (error instanceof RangeError) return error.message
      throw error
    }
  }
  const { plan, contexts, stopped } = study
  return JSON.stringify([plan, contexts, stopped, trialRows(study), summarise(study), comparison(), checkStudy(study)])
}

/** A journal and what its undamaged study says. */
export class Victim {
  readonly path: string
  readonly bytes: Buffer
  readonly #said: string

  constructor(path: string) {
    this.path = path
    this.bytes = readFileSync(path)
    this.#said = saidOf(this.#read().study)
  }

  #read(): { study: Study; warned: readonly string[] } {
    const warned: string[] = []
    const folder = dirname(dirname(this.path))
    const study = readStudy(basename(dirname(this.path)), { folder, onWarning: (text) => warned.push(text) })
    return { study, warned }
  }

  /** What becomes of it with other bytes. */
  fateOf(bytes: Buffer): { readonly fate: Fate; readonly error?: unknown } {
    writeFileSync(this.path, bytes)
    try {
      const { study, warned } = this.#read()
      const said = saidOf(study)
      const isSaid = warned.some((text) => text.includes('damaged')) && study.damaged.length > 0
      if (isSaid) return { fate: 'damaged' }
      if (said === this.#said) return { fate: 'same' }
      return { fate: isFinished(study.plan, study) ? 'silent' : 'unfinished' }
    } catch (error) {
      if (!(error instanceof JournalError) || !error.message.includes(this.path)) return { fate: 'raw error', error }
      // The others are listed all the same.
      findStudies({ folder: dirname(dirname(this.path)) })
      return { fate: 'refused' }
    } finally {
      writeFileSync(this.path, this.bytes)
    }
  }
}

/** The bytes with one bit changed. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[bit >> 3]! ^= 1 << (bit & 7)
  return copy
}

/** A line of a journal changed as hands and programs do; `other` is a line of another journal. */
export const edits: Readonly<Record<string, (lines: string[], k: number, other: string, draw: () => number) => void>> =
  {
    doubled: (lines, k) => void lines.splice(k, 0, lines[k]!),
    removed: (lines, k) => void lines.splice(k, 1),
    swapped: (lines, k) => void lines.splice(k, 2, ...lines.slice(k, k + 2).reverse()),
    foreign: (lines, k, other) => void lines.splice(k, 1, other),
    inserted: (lines, k, other) => void lines.splice(k, 0, other),
    cut: (lines, k, _, draw) => void lines.splice(k, 1, lines[k]!.slice(0, Math.floor(draw() * lines[k]!.length))),
    joined: (lines, k) => void lines.splice(k, 2, lines.slice(k, k + 2).join('')),
    zeroed: (lines, k) => void lines.splice(k, 1, '\0'.repeat(lines[k]!.length)),
    unsealed: (lines, k) =>
      void lines.splice(k, 1, lines[k]!.replace(/^\{"line":\d+,/, '{').replace(/,"digest":"[0-9a-f]{16}"\}$/, '}')),
    digit: (lines, k, _, draw) => {
      const places = [...lines[k]!.matchAll(/\d/g)].map(({ index }) => index)
      const at = places[Math.floor(draw() * places.length)] ?? 0
      const digit = (Number(lines[k]![at]) + 1 + Math.floor(draw() * 9)) % 10
      lines.splice(k, 1, `${lines[k]!.slice(0, at)}${digit}${lines[k]!.slice(at + 1)}`)
    },
    emptied: (lines, k) => void lines.splice(k, 1, ''),
  }

/** The bytes of a journal with a line edited. */
export function edited(bytes: Buffer, kind: string, k: number, other: string, draw: () => number): Buffer {
  const lines = bytes.toString().split('\n').slice(0, -1)
  edits[kind]!(lines, k % lines.length, other, draw)
  return Buffer.from(`${lines.join('\n')}\n`)
}
