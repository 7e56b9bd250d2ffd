import { checkedNumber } from '../../check.js'

/** Parameters of the shape of the Universal Scalability Law's curve; both have no unit. */
export interface UslShape {
  /** Contention: the share of the work that only one worker at a time can do. */
  readonly alpha: number
  /** Coherency: the cost of each pair of workers that has to agree. */
  readonly beta: number
}

/** The parameters of the Universal Scalability Law. */
export interface UslParameters extends UslShape {
  /** Throughput of one worker, in the unit of the throughput. */
  readonly gamma: number
}

/**
 * Returns the throughput of N workers by the Universal Scalability Law,
 * γN / (1 + α(N − 1) + βN(N − 1)) (Gunther 1993, 2007), in the unit of γ.
 *
 * @throws `RangeError` for a number of workers that is not above 0.
 * @example
 * uslThroughput({ alpha: 0.1, beta: 0.01, gamma: 100 }, 4) // 281.7
 */
export function uslThroughput({ alpha, beta, gamma }: UslParameters, workers: number): number {
  checkedNumber('workers', workers, { above: 0 })
  return (gamma * workers) / uslSlowdown({ alpha, beta }, workers)
}

/**
 * Returns the factor by which N workers take longer over the work of N than if none hindered
 * another: the denominator of the law.
 */
export function uslSlowdown({ alpha, beta }: UslShape, workers: number): number {
  return 1 + (alpha + beta * workers) * (workers - 1)
}

/** Returns the law's derivatives by α, β and γ at a number of workers. */
export function uslGradient(parameters: UslParameters, workers: number): readonly [number, number, number] {
  const byGamma = workers / uslSlowdown(parameters, workers)
  const byAlpha = (-parameters.gamma * byGamma * byGamma * (workers - 1)) / workers
  return [byAlpha, byAlpha * workers, byGamma]
}
