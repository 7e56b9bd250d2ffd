import { type Interval, mapInterval } from '../statistics/estimate.js'
import { deltaInterval, type FittedSpread } from './delta-interval.js'
import { gradientOn, type Noise, noiseScale } from './noise-scale.js'
import { type UslParameters, uslThroughput } from './usl-curve.js'

/** How sure a fitted law is, and on which scale. */
export interface ThroughputSpread extends FittedSpread {
  readonly noise: Noise
}

/** The interval of the law's throughput at a number of workers, by the delta method on the scale of the noise. */
export function throughputInterval(
  parameters: UslParameters,
  workers: number,
  spread: ThroughputSpread,
  level: number,
): Interval {
  const scale = noiseScale(spread.noise)
  const value = scale.of(uslThroughput(parameters, workers))
  return mapInterval(deltaInterval(value, gradientOn(scale, parameters, workers), spread, level), scale.throughput)
}
