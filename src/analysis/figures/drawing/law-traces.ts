import { lackOfFitAlpha, type Scaling } from '../../scaling/scaling.js'
import { peakText } from '../../scaling/scaling-words.js'
import type { UslPeak } from '../../scaling/usl.js'
import { uslBand } from '../../scaling/usl-band.js'
import { uslThroughput } from '../../scaling/usl-curve.js'
import { type Interval, mapEstimate } from '../../statistics/estimate.js'
import { describeLevel } from '../../text/levels.js'
import { listText } from '../../text/sentence.js'
import { type JsonObject, lines, type SeriesStyle } from './figure.js'
import { type AxisRange, cutEnds, forestTrace } from './forest.js'

/** The fitted law at one number of workers, with its confidence band. */
export interface LawPoint {
  readonly workers: number
  readonly throughput: number
  readonly interval: Interval
}

/** A fitted law as figures draw it: over the worker counts that were measured, no further. */
export interface LawCurve {
  readonly points: readonly LawPoint[]
  /** The peak of the curve; null where it has none. */
  readonly peak: UslPeak | null
}

const steps = 80

/** Computes the curve of a fit; null where no fit converged. */
export function lawCurve({ fit, observations, level }: Scaling): LawCurve | null {
  if (fit.status !== 'converged') return null
  const least = Math.min(...observations.workers)
  const most = Math.max(...observations.workers)
  const at = Array.from({ length: steps + 1 }, (_, k) => least + ((most - least) * k) / steps)
  const band = uslBand(fit, at, { level })
  const parameters = { alpha: fit.alpha.value, beta: fit.beta.value, gamma: fit.gamma.value }
  return {
    points: at.map((workers, k) => ({
      workers,
      throughput: uslThroughput(parameters, workers),
      interval: band[k]!,
    })),
    peak: fit.peak,
  }
}

/** Returns a curve's name among others: "at 10K". */
export function scalingLabel({ at, treatment }: Scaling): string {
  return `at ${at || describeLevel('batchSize', treatment)}`
}

/** States the result of a fit: "peak at 4.3 workers [3.9, 5.0]", "no peak", "no law fitted". */
export function peakSummary({ fit }: Scaling): string {
  if (fit.status !== 'converged') return 'no law fitted'
  return fit.peak ? peakText(fit.peak.workers) : 'no peak'
}

/**
 * States what the curves are, which were not fitted and which miss the means, as lines of a
 * subtitle.
 */
export function lawLines(scalings: readonly Scaling[]): string[] {
  const levels = new Set(scalings.map(({ level }) => level))
  const level = levels.size === 1 ? `${Number(([...levels][0]! * 100).toPrecision(4))} % ` : ''
  const unfitted = scalings.flatMap((one) => (one.fit.status === 'converged' ? [] : [{ one, why: one.fit.reason }]))
  const missed = scalings.filter(({ lackOfFit }) => lackOfFit !== null && lackOfFit.p < lackOfFitAlpha)
  return [
    ...(unfitted.length < scalings.length
      ? [`Curve: the scalability law with its ${level}band. Star and bar: its peak with its ${level}interval.`]
      : []),
    ...unfitted.flatMap(({ one, why }) => lines(`No law fitted ${scalingLabel(one)}: ${why}`)),
    ...(missed.length > 0
      ? lines(
          `The law misses the means ${listText(missed.map(scalingLabel))} (lack of fit): the peak is a smoothed one.`,
        )
      : []),
  ]
}

/**
 * Draws the law's band and its line, moved sideways by `offset` workers like the points of its
 * series.
 */
export function lawTraces({ points }: LawCurve, { color, dash }: SeriesStyle, offset: number): JsonObject[] {
  const x = points.map(({ workers }) => workers + offset)
  const shared = { type: 'scatter', mode: 'lines', hoverinfo: 'skip', showlegend: false }
  return [
    {
      ...shared,
      x: [...x, ...[...x].reverse()],
      y: [
        ...points.map(({ interval }) => interval.upper),
        ...[...points].reverse().map(({ interval }) => interval.lower),
      ],
      fill: 'toself',
      fillcolor: color,
      opacity: 0.18,
      line: { width: 0 },
    },
    { ...shared, x, y: points.map(({ throughput }) => throughput), line: { color, dash, width: 2 } },
  ]
}

/**
 * Draws the peak with its interval as a horizontal bar, which ends in an arrow head where the
 * interval runs on beyond the axis; no trace for a peak that lies beyond it.
 */
export function peakTraces(
  { workers, throughput }: UslPeak,
  { color }: SeriesStyle,
  offset: number,
  range: AxisRange,
): JsonObject[] {
  const moved = mapEstimate(workers, (value) => value + offset)
  if (moved.value < range[0] || moved.value > range[1]) return []
  const style = { name: 'peak', color, symbol: 'star' }
  const point = { y: throughput.value, estimate: moved }
  return [
    {
      ...forestTrace([point], style, range),
      showlegend: false,
      legendgroup: '',
      hovertemplate: '%{y:,.4~g}<extra>peak</extra>',
    },
    ...cutEnds([point], range),
  ]
}
