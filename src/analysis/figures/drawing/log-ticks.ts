import type { JsonObject } from './figure.js'

/**
 * Returns the ticks of a logarithmic axis: 1, 2 and 5 of every decade as far as they are within the
 * range, powers of ten alone over more than three decades.
 */
export function logTicks(least: number, most: number): JsonObject {
  const digits = most / least > 1000 ? [1] : [1, 2, 5]
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) {
    ticks.push(...digits.map((digit) => Number((digit * 10 ** power).toPrecision(1))))
  }
  return listedTicks(ticks.filter((tick) => tick >= least && tick <= most))
}

/** Returns an axis' options for a list of ticks and no others. */
export function listedTicks(ticks: readonly number[]): JsonObject {
  const text = (tick: number): string => (tick < 1 ? String(tick) : tick.toLocaleString('en-US'))
  return { tickmode: 'array', tickvals: ticks, ticktext: ticks.map(text) }
}
