import { readFileSync } from 'node:fs'

type Numbers = readonly number[]
type Bounds = readonly [number, number]

/** Known answers of trusted software, with their sources. */
export interface KnownAnswers {
  readonly rank_tests: {
    readonly depression_paired: {
      readonly x: Numbers
      readonly y: Numbers
      readonly V: number
      readonly p_greater: number
      readonly p_two: number
      readonly HL: number
      readonly ci95: Bounds
      readonly achieved_conf: number
    }
    readonly mouse_two_sample_permutation: {
      readonly z: Numbers
      readonly y: Numbers
      readonly diff: number
      readonly p_greater: number
      readonly p_two_scipy: number
    }
  }
  readonly t_tests: {
    readonly sleep: {
      readonly a: Numbers
      readonly b: Numbers
      readonly paired: StudentTest
      readonly welch: StudentTest
    }
  }
  readonly bootstrap: {
    readonly scipy_vs_R_boot_mean16: {
      readonly x: Numbers
      readonly basic: Bounds
      readonly percentile: Bounds
      readonly BCa: Bounds
      readonly computed: { readonly mean: number; readonly a_hat: number }
    }
    readonly city_ratio: {
      readonly u: Numbers
      readonly x: Numbers
      readonly t0: number
      readonly normal: Bounds
      readonly basic: Bounds
      readonly percentile: Bounds
      readonly BCa: Bounds
    }
  }
  readonly equivalence: {
    readonly tost_summary: {
      readonly 'TOSTone.raw': OneSidedTests & {
        readonly m: number
        readonly mu: number
        readonly sd: number
        readonly n: number
      }
      readonly 'TOSTtwo.raw_welch': OneSidedTests & {
        readonly m1: number
        readonly m2: number
        readonly sd1: number
        readonly sd2: number
        readonly n1: number
        readonly n2: number
        readonly df: number
      }
    }
  }
  readonly multiple_comparisons: {
    readonly holm: { readonly p: Numbers; readonly holm: Numbers; readonly BH: Numbers }
  }
  readonly anova: {
    readonly npk_rcbd: {
      readonly block_yield_N_P_K: readonly (readonly [number, number, number, number, number])[]
      readonly F: { readonly [effect: string]: number }
      readonly p: { readonly [effect: string]: number }
      readonly resid_df: number
      readonly resid_ss: number
    }
    readonly friedman_rounding: {
      readonly rows22x3: readonly Numbers[]
      readonly chi2: number
      readonly df: number
      readonly p: number
    }
  }
  readonly distribution_quantiles: { readonly [name: string]: number }
  readonly required_blocks: {
    readonly effects: Numbers
    readonly rows: readonly { readonly sd: number; readonly blocks: Numbers }[]
  }
}

interface StudentTest {
  readonly t: number
  readonly df: number
  readonly p: number
  readonly ci95: Bounds
}

interface OneSidedTests {
  readonly low: number
  readonly high: number
  readonly t1: number
  readonly p1: number
  readonly t2: number
  readonly p2: number
  readonly ci90: Bounds
}

export function readKnownAnswers(): KnownAnswers {
  return JSON.parse(readFileSync(new URL('../fixtures/known-answers.json', import.meta.url), 'utf8')) as KnownAnswers
}

/** a − b, pair by pair. */
export function differences(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, k) => value - b[k]!)
}
