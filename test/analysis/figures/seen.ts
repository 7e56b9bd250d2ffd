import type { Figure } from '../../../src/entries/analysis.js'

/** The parts of a figure's traces that a reader sees, with rounded numbers. */
export function seen({ data }: Figure): unknown[] {
  const rounded = (value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : Array.isArray(value) ? value.map(rounded) : value
  return data.map(({ name = null, x = null, y = null }) => ({ name, x: rounded(x), y: rounded(y) }))
}

/** A figure's title and subtitle as text. */
export function wordsOf({ layout }: Figure): string {
  return (layout.title as { text: string }).text.replaceAll(/<[^>]+>/g, ' ')
}
