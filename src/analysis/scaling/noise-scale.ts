import { checkedChoice } from '../../check.js'
import { type UslParameters, uslGradient, uslThroughput } from './usl-curve.js'

/**
 * Whether observations deviate from the curve by amounts of equal size at every throughput, or by
 * shares of it.
 */
export type NoiseModel = 'constant' | 'proportional'

/**
 * The scale on which observations deviate from the curve by equal amounts everywhere: the curve is
 * fitted by least squares on it.
 */
export interface NoiseScale {
  /** Converts a throughput to this scale. */
  readonly of: (throughput: number) => number
  /** Returns the derivative of `of` at a throughput. */
  readonly derivative: (throughput: number) => number
  /** Converts a value on this scale to a throughput. */
  readonly throughput: (value: number) => number
}

const scales: { readonly [N in NoiseModel]: NoiseScale } = {
  constant: { of: (throughput) => throughput, derivative: () => 1, throughput: (value) => value },
  proportional: { of: Math.log, derivative: (throughput) => 1 / throughput, throughput: Math.exp },
}

/**
 * Returns the scale of a noise model: the throughput itself for constant noise, its natural
 * logarithm for proportional noise; throws `RangeError` for any other.
 */
export function noiseScale(noise: NoiseModel = 'constant'): NoiseScale {
  return scales[checkedChoice('noise', noise, ['constant', 'proportional'])]
}

/** Returns the derivatives of the law on a scale by α, β and γ. */
export function gradientOn({ derivative }: NoiseScale, parameters: UslParameters, workers: number): readonly number[] {
  const slope = derivative(uslThroughput(parameters, workers))
  return uslGradient(parameters, workers).map((by) => slope * by)
}
