/**
 * The dates and times `infinity` and `-infinity` as PostgreSQL stores them: the greatest and the
 * least integer (utils/date.h, datatype/timestamp.h).
 */

const greatest = 0x7fff_ffff
const least = -0x8000_0000

/** Returns the day that stands for an infinite number. */
export function infiniteDay(infinity: number): number {
  return infinity > 0 ? greatest : least
}

/** Returns the halves of the microseconds that stand for an infinite number. */
export function infiniteTime(infinity: number): { readonly high: number; readonly low: number } {
  return infinity > 0 ? { high: greatest, low: -1 } : { high: least, low: 0 }
}

/** Returns 1 for the day `infinity`, -1 for `-infinity`, 0 for any other. */
export function signOfDay(day: number): -1 | 0 | 1 {
  return day === greatest ? 1 : day === least ? -1 : 0
}

/** Returns 1 for the halves of the time `infinity`, -1 for `-infinity`, 0 for any other. */
export function signOfTime(high: number, low: number): -1 | 0 | 1 {
  if (high === greatest && low === -1) return 1
  return high === least && low === 0 ? -1 : 0
}
