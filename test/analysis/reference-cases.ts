import { readFileSync } from 'node:fs'

/** Known answers of trusted software, with their sources. */
export interface ReferenceCases {
  readonly depression_paired: {
    readonly x: readonly number[]
    readonly y: readonly number[]
    readonly V: number
    readonly p_greater: number
    readonly p_two: number
    readonly HL: number
    readonly ci95: readonly [number, number]
    readonly achieved_conf: number
  }
  readonly sleep: {
    readonly a: readonly number[]
    readonly b: readonly number[]
    readonly paired: { readonly p: number; readonly ci95: readonly [number, number] }
  }
  readonly distribution_quantiles: { readonly [name: string]: number }
  readonly required_blocks: {
    readonly effects: readonly number[]
    readonly rows: readonly { readonly sd: number; readonly blocks: readonly number[] }[]
  }
}

export function readReferenceCases(): ReferenceCases {
  return JSON.parse(
    readFileSync(new URL('../fixtures/reference-cases.json', import.meta.url), 'utf8'),
  ) as ReferenceCases
}

/** a − b, pair by pair. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, k) => value - b[k]!)
}
