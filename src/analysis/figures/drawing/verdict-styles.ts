import type { Verdict } from '../../verdict/verdict.js'
import type { JsonObject } from './figure.js'
import { type AxisRange, type ForestPoint, type ForestStyle, forestTrace } from './forest.js'

/** A verdict, or 'not tested' where there is none. */
export type JudgedWord = Verdict | 'not tested'

/** Style of each verdict, in the order in which legends list them. */
export const verdictStyles: { readonly [V in JudgedWord]: ForestStyle } = {
  supported: { name: 'supported', color: '#0072B2', symbol: 'circle' },
  refuted: { name: 'refuted', color: '#D55E00', symbol: 'x' },
  equivalent: { name: 'equivalent', color: '#009E73', symbol: 'square' },
  undecided: { name: 'undecided', color: '#000000', symbol: 'diamond-open' },
  'not tested': { name: 'not tested', color: '#6b6b6b', symbol: 'triangle-up-open' },
}

/** A ratio and the verdict on the claim about it. */
export interface JudgedPoint extends ForestPoint {
  readonly verdict: JudgedWord
}

/** Draws ratios with their intervals, one trace per verdict that occurs. */
export function verdictTraces(points: readonly JudgedPoint[], range: AxisRange): JsonObject[] {
  return byVerdict(points).map(({ style, own }) => forestTrace(own, style, range))
}

/** Groups values by verdict, with the verdict's style; only verdicts that occur. */
export function byVerdict<T extends { readonly verdict: JudgedWord }>(
  all: readonly T[],
): { readonly style: ForestStyle; readonly own: readonly T[] }[] {
  return (Object.keys(verdictStyles) as JudgedWord[])
    .map((verdict) => ({ style: verdictStyles[verdict], own: all.filter((one) => one.verdict === verdict) }))
    .filter(({ own }) => own.length > 0)
}
