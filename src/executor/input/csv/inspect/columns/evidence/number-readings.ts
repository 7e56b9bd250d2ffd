import type { ThousandsMark } from '../../../../file-spec.js'

/** One way to write numbers: the mark before the decimals, and the one between groups of three. */
export interface NumberReading {
  readonly decimal: '.' | ','
  readonly thousands: ThousandsMark | null
}

/** Every way that is found out, the plain ones of each decimal mark first. */
export const numberReadings: readonly NumberReading[] = [
  { decimal: '.', thousands: null },
  { decimal: ',', thousands: null },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: '.', thousands: ' ' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: "'" },
  { decimal: ',', thousands: "'" },
]

/** All readings, as bits: bit k is that of `numberReadings[k]`. */
export const allReadings = 2 ** numberReadings.length - 1

/** The readings by which a text is a number, and those by which it is a whole one, as bits. */
export interface ReadNumber {
  readonly number: number
  readonly whole: number
}

const wholeShape = /^[+-]?\d+$/
/** Characters that a mark between groups stands for. */
const marks = { '.': '.', ',': ',', ' ': ' \u00a0\u202f', "'": "'\u2019" } as const
const shapes = numberReadings.map(({ decimal, thousands }, k) => {
  const mark = thousands === null ? null : `[${marks[thousands]}]`
  const digits = mark === null ? '\\d+' : `(?:\\d+|[1-9]\\d{0,2}(?:${mark}\\d{3})+)`
  const point = `[${decimal}]`
  const number = `(?:${digits}(?:${point}\\d*)?|${point}\\d+)(?:[eE][+-]?\\d+)?`
  // PostgreSQL's own numbers have no minus at the end, nor do whole ones without a mark: `12-`.
  const signed = (text: string): RegExp =>
    new RegExp(k === 0 ? `^[+-]?${text}$` : `^(?:[+-]?${text}|(?!\\d+-)${text}-)$`)
  return { number: signed(number), whole: signed(digits) }
})

/**
 * Returns the readings by which a text is a number: `12` by all, `12.5` by those with a decimal
 * point, `1.234` by those and as one thousand two hundred and thirty-four.
 */
export function readingsOf(text: string): ReadNumber {
  if (wholeShape.test(text)) return { number: allReadings, whole: allReadings }
  let [number, whole] = [0, 0]
  if (!/^[+-]?[\d.,]/.test(text)) return { number, whole }
  for (const [k, shape] of shapes.entries()) {
    if (!shape.number.test(text)) continue
    number |= 1 << k
    if (shape.whole.test(text)) whole |= 1 << k
  }
  return { number, whole }
}

/** Returns the readings of some bits. */
export function readingsIn(bits: number): readonly NumberReading[] {
  return numberReadings.filter((_, k) => (bits >> k) & 1)
}

/** Returns a number's text by a reading as PostgreSQL spells it: without marks, with a point. */
export function plainNumber(text: string, { decimal, thousands }: NumberReading): string {
  const signed = text.endsWith('-') ? `-${text.slice(0, -1)}` : text
  const ungrouped = thousands === null ? signed : signed.replace(new RegExp(`[${marks[thousands]}]`, 'g'), '')
  return decimal === '.' ? ungrouped : ungrouped.replace(',', '.')
}
