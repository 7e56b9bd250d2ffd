import { fitScaling, simulateStudy, type UslFit, type UslParameters, uslThroughput } from 'copylab/analysis'
import { atLeast, type Criterion, covers, type Draw, type Point, percent, type Quantity, yes } from './point.js'

const workers = [1, 2, 3, 4, 6, 8]
const records = 60_000
const nominal: Criterion = { least: 0.93, most: 0.97 }

/** Records per second by workers, without noise. */
type Curve = (workers: number) => number

const peaked: UslParameters = { alpha: 0.2, beta: 0.1, gamma: 6000 }
const rising: UslParameters = { alpha: 0.3, beta: 0, gamma: 6000 }
const kinds = [12, 30].flatMap((blocks) => [0.05, 0.1].map((noise) => ({ blocks, noise })))

interface Kind {
  readonly blocks: number
  readonly noise: number
}

const withPeak = kinds.map(
  (kind): Point<'alpha' | 'beta' | 'gamma' | 'peak'> => ({
    ...kindOf(kind),
    quantities: {
      alpha: coverage('α'),
      beta: coverage('β'),
      gamma: coverage('γ'),
      peak: coverage('N*'),
    },
    draw: (seed) => {
      const fit = fitted((count) => uslThroughput(peaked, count), kind, seed)
      if (fit.status !== 'converged') return { alpha: 0, beta: 0, gamma: 0, peak: 0 }
      return {
        alpha: covers(fit.alpha.interval, peaked.alpha),
        beta: covers(fit.beta.interval, peaked.beta),
        gamma: covers(fit.gamma.interval, peaked.gamma),
        peak: covers(fit.peak?.workers.interval ?? null, Math.sqrt((1 - peaked.alpha) / peaked.beta)) ?? 0,
      }
    },
  }),
)

const withoutPeak = kinds.map(
  (kind): Point<'open' | 'none'> => ({
    ...kindOf(kind),
    quantities: {
      open: {
        what: '`fitScaling`, throughput that only rises (β = 0): no interior peak, or no upper bound of it',
        unit: 'share',
        criterion: atLeast(0.95),
      },
      none: { what: '`fitScaling`, the same: no interior peak', unit: 'share', criterion: null },
    },
    draw: (seed) => peakTold(fitted((count) => uslThroughput(rising, count), kind, seed)),
  }),
)

/** As many workers as there are cores scale; more neither help nor harm, which no curve of the law does. */
const plateau = kinds.map(
  (kind): Point<'misfit' | 'open' | 'inside'> => ({
    ...kindOf(kind),
    quantities: {
      misfit: told('lack of fit is said'),
      open: told('no interior peak, or no upper bound of it'),
      inside: told('a peak is said to lie between 2 and 8 workers'),
    },
    draw: (seed) => {
      const scaling = scalingOf((count) => 6000 * Math.min(count, 3), kind, seed)
      const { fit, lackOfFit } = scaling
      const interval = fit.status === 'converged' ? (fit.peak?.workers.interval ?? null) : null
      return {
        misfit: yes(lackOfFit !== null && lackOfFit.p < 0.05),
        open: peakTold(fit).open,
        inside: yes(interval !== null && interval.lower >= 2 && interval.upper <= 8),
      }
    },
  }),
)

export const scaling: readonly Point[] = [...withPeak, ...withoutPeak, ...plateau]

function coverage(of: string): Quantity {
  return { what: `\`fitScaling\`, a peak at 2.8 workers: coverage of ${of}`, unit: 'share', criterion: nominal }
}

function told(what: string): Quantity {
  return { what: `\`fitScaling\`, a plateau from 3 workers on: ${what}`, unit: 'share', criterion: null }
}

function kindOf({ blocks, noise }: Kind): Pick<Point, 'where' | 'studiesPerRound'> {
  return { where: `noise ${percent(noise)}, ${blocks} blocks`, studiesPerRound: 200 }
}

function scalingOf(curve: Curve, { blocks, noise }: Kind, seed: number) {
  const study = simulateStudy({
    workers,
    records,
    blocks,
    noise,
    observed: false,
    truth: (treatment) => ({ totalMs: (records / curve(treatment.workers)) * 1000 }),
    seed,
  })
  return fitScaling(study)[0]!
}

function fitted(curve: Curve, kind: Kind, seed: number): UslFit {
  return scalingOf(curve, kind, seed).fit
}

function peakTold(fit: UslFit): Draw<'open' | 'none'> {
  if (fit.status !== 'converged') return { open: 0, none: 0 }
  return {
    open: yes(fit.peak?.workers.interval?.upper === Number.POSITIVE_INFINITY || fit.peak === null),
    none: yes(fit.peak === null),
  }
}
