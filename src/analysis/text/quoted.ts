import { type Phrase, phrase, type QuotedNumber } from './phrase.js'

/** Returns a quoted number: `value` in the unit of `text`, its form in the text. */
export function quoted(name: string, value: number, text: string, meaning: string): QuotedNumber {
  return { name, text, value, meaning }
}

/** Writes a whole number: "12", "10,000". */
export function quotedCount(name: string, count: number, meaning: string): QuotedNumber {
  return quoted(name, count, count.toLocaleString('en-US'), meaning)
}

/** Writes the number of a trial, a block or a place, without separators: "1024". */
export function quotedPlace(name: string, place: number, meaning: string): QuotedNumber {
  return quoted(name, place, String(place), meaning)
}

/** Writes a number of things: "1 block", "12 blocks", "10,000 records". */
export function countedThings(name: string, count: number, thing: string, meaning = `${thing}s`): Phrase {
  return phrase`${quotedCount(name, count, meaning)} ${thing}${count === 1 ? '' : 's'}`
}

/** Writes a share in whole per cent: "97 %". */
export function wholePercent(name: string, share: number, meaning: string): Phrase {
  const percent = share * 100
  return phrase`${quoted(name, percent, String(Math.round(percent)), `${meaning}, in per cent`)} %`
}

/** Writes a chosen share in per cent without the sign: "95" of a level, "5" of a margin. */
export function quotedShare(name: string, share: number, meaning: string): QuotedNumber {
  const percent = share * 100
  return quoted(name, percent, String(Number(percent.toPrecision(4))), `${meaning}, in per cent`)
}

/** p value below which only "below 0.001" is written. */
export const minP = 0.001

/** Writes a p value in two digits: "0.046", "below 0.001". */
export function quotedP(name: string, p: number, meaning: string): Phrase {
  return p < minP
    ? phrase`below ${quoted(name, minP, String(minP), `${meaning} lies below it`)}`
    : phrase`${quoted(name, p, p.toPrecision(2), meaning)}`
}

/** Writes a p value as an equation, in three decimals: "= 0.012", "< 0.001". */
export function comparedP(name: string, p: number, meaning: string): Phrase {
  return p < minP
    ? phrase`< ${quoted(name, minP, String(minP), `${meaning} lies below it`)}`
    : phrase`= ${quoted(name, p, p.toFixed(3), meaning)}`
}
