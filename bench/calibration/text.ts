import type { Criterion, Quantity } from './point.js'
import type { Found } from './tally.js'

type Unit = Quantity['unit']

const plain = (value: number, unit: Unit): string => (unit === 'share' ? (value * 100).toFixed(1) : value.toFixed(2))
const withUnit = (text: string, unit: Unit): string => (unit === 'share' ? `${text} %` : text)

/** "95.1 ± 0.2 %": the mean and its Monte Carlo standard error. */
export function foundText({ found, standardError }: Found, unit: Unit): string {
  if (found === null || standardError === null) return 'nothing'
  return withUnit(`${plain(found, unit)} ± ${plain(standardError, unit)}`, unit)
}

/** "94.7–95.3 %": the least and the greatest. */
export function rangeText(values: readonly number[], unit: Unit): string {
  const [least, most] = [plain(Math.min(...values), unit), plain(Math.max(...values), unit)]
  return withUnit(least === most ? least : `${least}–${most}`, unit)
}

/** "94–96 %", "≥ 93 %", "≤ 5 %"; nothing without a criterion. */
export function criterionText(criterion: Criterion | null, unit: Unit): string {
  const { least = null, most = null } = criterion ?? {}
  const text = (bound: number): string => (unit === 'share' ? String(Number((bound * 100).toFixed(2))) : String(bound))
  if (least !== null && most !== null) return withUnit(`${text(least)}–${text(most)}`, unit)
  if (least !== null) return withUnit(`≥ ${text(least)}`, unit)
  return most === null ? '' : withUnit(`≤ ${text(most)}`, unit)
}
