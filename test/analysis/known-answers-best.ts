import { readFileSync } from 'node:fs'

type Bounds = readonly [lower: number, value: number, upper: number]

/**
 * Known answers for choosing the best, all pairs of means and repeated looks, with their sources.
 */
export interface KnownAnswersBest {
  readonly mcb_insectsprays_min: {
    readonly count: readonly number[]
    readonly d: number
    readonly w: number
    readonly best_set: readonly string[]
  }
  readonly tukey_sas: {
    readonly groups: readonly (readonly number[])[]
    readonly '2-3': Bounds
    readonly '2-1': Bounds
    readonly '1-3': Bounds
    readonly p_matlab: { readonly '1-2': number; readonly '1-3': number; readonly '2-3': number }
  }
  readonly group_sequential: {
    readonly pocock: Readonly<Record<'2' | '3' | '5', number>>
    readonly obrien_fleming_C: Readonly<Record<'2' | '3' | '5', number>>
  }
  readonly distribution_quantiles: { readonly 'ptukey(3.5,4,20)': number; readonly 'qtukey(.95,4,20)': number }
}

export function readKnownAnswersBest(): KnownAnswersBest {
  return JSON.parse(
    readFileSync(new URL('../fixtures/known-answers-best.json', import.meta.url), 'utf8'),
  ) as KnownAnswersBest
}
