import { checkedChoice } from '../../check.js'
import { type UslParameters, uslGradient, uslThroughput } from './usl-curve.js'

/**
 * Whether observations stray from the curve by amounts of the same size at every throughput, or by
 * shares of it.
 */
export type NoiseModel = 'constant' | 'proportional'

/**
 * The scale on which observations stray from the curve by the same amount everywhere: there it is
 * fitted by least squares.
 */
export interface NoiseScale {
  /** A throughput on this scale. */
  readonly of: (throughput: number) => number
  /** The derivative of `of`. */
  readonly derivative: (throughput: number) => number
  /** The throughput that a value of this scale stands for. */
  readonly throughput: (value: number) => number
}

const scales: { readonly [N in NoiseModel]: NoiseScale } = {
  constant: { of: (throughput) => throughput, derivative: () => 1, throughput: (value) => value },
  proportional: { of: Math.log, derivative: (throughput) => 1 / throughput, throughput: Math.exp },
}

/**
 * The throughput itself for constant noise, its natural logarithm for proportional noise; throws
 * `RangeError` for any other.
 */
export function noiseScale(noise: NoiseModel = 'constant'): NoiseScale {
  return scales[checkedChoice('noise', noise, ['constant', 'proportional'])]
}

/** The derivatives of the law on a scale by α, β and γ. */
export function gradientOn({ derivative }: NoiseScale, parameters: UslParameters, workers: number): readonly number[] {
  const slope = derivative(uslThroughput(parameters, workers))
  return uslGradient(parameters, workers).map((by) => slope * by)
}
