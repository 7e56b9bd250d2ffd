import type { DamagedLine } from '../study.js'
import { type JournalLine, parseLine } from './journal-line.js'
import { rising } from './rising.js'
import { type Seal, sealOf } from './seal.js'

/** A line that its own text and its place in the file speak for. */
export interface PlacedLine {
  /** Where it stands in the file, from 1. */
  readonly at: number
  /** Whether a digest proves it. */
  readonly proven: boolean
  readonly line: JournalLine
}

/** Lines that may count, and what is known of those that may not. */
export interface PlacedLines {
  readonly lines: readonly PlacedLine[]
  readonly damaged: readonly DamagedLine[]
}

/** The lines of a journal that are as they were written, where they were written. `hash` is that of its plan. */
export function placedLines(texts: readonly string[], hash: string): PlacedLines {
  const damaged: DamagedLine[] = []
  const unsealed: PlacedLine[] = []
  const sealed: NumberedLine[] = []
  for (const [index, text] of texts.entries()) {
    const at = index + 1
    const [seal, parsed] = [sealOf(text, hash), parseLine(text)]
    const reason = parsed.state === 'damaged' ? parsed.reason : sealProblem(seal, sealed.length > 0)
    if (reason !== null) damaged.push({ line: at, reason })
    else if (parsed.state === 'whole' && seal.state === 'proven')
      sealed.push({ at, proven: true, line: parsed.line, number: seal.number })
    else if (parsed.state === 'whole') unsealed.push({ at, proven: false, line: parsed.line })
  }
  const ordered = inOrder(sealed, unsealed.at(-1)?.at ?? 0, damaged)
  return { lines: [...unsealed, ...ordered.lines], damaged: [...damaged, ...ordered.damaged] }
}

function sealProblem(seal: Seal, afterSealed: boolean): string | null {
  if (seal.state === 'broken') return 'does not match its digest'
  return seal.state === 'none' && afterSealed ? 'carries no digest, and lines before it do' : null
}

interface NumberedLine extends PlacedLine {
  readonly number: number
}

/** Leaves out sealed lines that stand elsewhere than their numbers say, and tells of numbers that are not there. `last` is where the lines before them end. */
function inOrder(sealed: readonly NumberedLine[], last: number, others: readonly DamagedLine[]): PlacedLines {
  const kept = rising(sealed.map(({ number }) => number))
  const lines: PlacedLine[] = []
  const damaged: DamagedLine[] = []
  let before = { at: last, number: last }
  for (const [k, own] of sealed.entries()) {
    if (!kept.has(k)) {
      damaged.push({ line: own.at, reason: `is line ${own.number}, which does not belong there` })
      continue
    }
    const lost = own.number - before.number - 1 - linesBetween([...others, ...damaged], before.at, own.at)
    if (lost > 0) damaged.push({ line: own.at, reason: missingText(lost, 'line') })
    lines.push(own)
    before = own
  }
  return { lines, damaged }
}

/** How many of some damaged lines stand between two others. */
export function linesBetween(damaged: readonly DamagedLine[], from: number, to: number): number {
  return damaged.filter(({ line }) => line > from && line < to).length
}

/** "has lost the line before it", "has lost 2 trials before it" */
export function missingText(lost: number, thing: string): string {
  return lost === 1 ? `has lost the ${thing} before it` : `has lost ${lost} ${thing}s before it`
}
