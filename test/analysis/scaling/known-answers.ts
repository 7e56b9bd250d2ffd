import { readFileSync } from 'node:fs'

/** A certified case of NIST's Statistical Reference Datasets for nonlinear regression. */
export interface NistCase {
  readonly start1: readonly number[]
  readonly start2: readonly number[]
  readonly cert: readonly number[]
  readonly sd: readonly number[]
  readonly rss: number
  readonly x: readonly number[]
  readonly y: readonly number[]
}

type Pair = readonly [number, number]

/**
 * Known answers of nonlinear least squares and of the Universal Scalability Law, with their
 * sources.
 */
export interface KnownAnswers {
  readonly nist_strd_nonlinear: { readonly cases: { readonly [name: string]: NistCase } }
  readonly usl: {
    readonly specsdm91: {
      readonly load: readonly number[]
      readonly throughput: readonly number[]
      readonly published: {
        readonly [name: string]: number | readonly number[]
        readonly fitted: readonly number[]
        readonly efficiency: readonly number[]
        readonly residuals: readonly number[]
      }
      readonly computed: {
        readonly alpha: number
        readonly beta: number
        readonly gamma: number
        readonly rss: number
        readonly rse: number
        readonly peak: number
        readonly se_peak_delta: number
        readonly ci95_peak_delta_t4: Pair
        readonly ci95_peak_profile_F: Pair
        readonly ci95_t4: { readonly alpha: Pair; readonly beta: Pair; readonly gamma: Pair }
      }
      readonly high_precision: {
        readonly alpha: number
        readonly beta: number
        readonly gamma: number
        readonly standard_errors: readonly [number, number, number]
        readonly rss: number
        readonly rse: number
        readonly peak: number
        readonly se_peak_delta: number
        readonly ci95_alpha: Pair
        readonly ci95_beta: Pair
        readonly ci95_gamma: Pair
        readonly ci95_peak_delta: Pair
        readonly ci95_peak_profile: Pair
        readonly peak_throughput: number
        readonly ci95_peak_throughput_delta: Pair
      }
    }
    readonly synthetic: {
      readonly load: readonly number[]
      readonly tput: readonly number[]
      readonly published: { readonly alpha: number; readonly beta: number; readonly gamma: number }
      readonly computed: { readonly peak: number }
      readonly high_precision: {
        readonly alpha: number
        readonly beta: number
        readonly gamma: number
        readonly rss: number
        readonly peak: number
      }
    }
  }
  readonly raytracer: {
    readonly processors: readonly number[]
    readonly throughput: readonly number[]
    readonly computed: { readonly rss_refitted: number; readonly rss_clamped: number }
  }
}

export function readKnownAnswers(): KnownAnswers {
  return JSON.parse(
    readFileSync(new URL('../../fixtures/known-answers-models.json', import.meta.url), 'utf8'),
  ) as KnownAnswers
}

/** To how many significant digits a number agrees with a known answer, 15 at most. */
export function digits(got: number, known: number): number {
  return got === known ? 15 : Math.min(15, -Math.log10(Math.abs((got - known) / known)))
}
