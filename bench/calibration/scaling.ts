import { fitScaling, type Scaling, simulateStudy, type UslFit, type UslParameters } from 'copylab/analysis'
import { uslThroughput } from 'copylab/statistics'
import { atLeast, atMost, type Criterion, covers, type Draw, type Point, percent, type Quantity, yes } from './point.js'

const workers = [1, 2, 3, 4, 6, 8]
const records = 60_000
const nominal: Criterion = { least: 0.93, most: 0.97 }

/** Records per second by workers, without noise. */
type Curve = (workers: number) => number

const peaked: UslParameters = { alpha: 0.2, beta: 0.1, gamma: 6000 }
const peakOfLaw = Math.sqrt((1 - peaked.alpha) / peaked.beta)
const rising: UslParameters = { alpha: 0.3, beta: 0, gamma: 6000 }

interface Kind {
  readonly blocks: number
  readonly noise: number
  readonly blockNoise: number
}

const quiet: readonly Kind[] = [12, 30].map((blocks) => ({ blocks, noise: 0.05, blockNoise: 0 }))
const noisy: readonly Kind[] = quiet.map((kind) => ({ ...kind, noise: 0.1 }))
const uneven: readonly Kind[] = quiet.map((kind) => ({ ...kind, blockNoise: 0.1 }))

const withPeak = [...quiet, ...noisy, ...uneven].map(
  (kind): Point<'alpha' | 'beta' | 'gamma' | 'peak' | 'highest' | 'misfit'> => ({
    ...kindOf(kind),
    quantities: {
      alpha: coverage('α'),
      beta: coverage('β'),
      gamma: coverage('γ', kind.blockNoise),
      peak: coverage('N*'),
      highest: coverage('the throughput at N*', kind.blockNoise),
      misfit: {
        what: '`fitScaling`, a peak at 2.8 workers: lack of fit is said, though the law holds',
        unit: 'share',
        criterion: atMost(0.05),
      },
    },
    draw: (seed) => {
      const { fit, lackOfFit } = scalingOf((count) => uslThroughput(peaked, count), kind, seed)
      if (fit.status !== 'converged') return { alpha: 0, beta: 0, gamma: 0, peak: 0, highest: 0, misfit: 0 }
      return {
        alpha: covers(fit.alpha.interval, peaked.alpha),
        beta: covers(fit.beta.interval, peaked.beta),
        gamma: covers(fit.gamma.interval, peaked.gamma),
        peak: covers(fit.peak?.workers.interval ?? null, peakOfLaw) ?? 0,
        highest: covers(fit.peak?.throughput.interval ?? null, uslThroughput(peaked, peakOfLaw)) ?? 0,
        misfit: isMisfit(lackOfFit),
      }
    },
  }),
)

const withoutPeak = quiet.map(
  (kind): Point<'open' | 'none'> => ({
    ...kindOf(kind),
    quantities: {
      open: {
        what: '`fitScaling`, throughput that only rises: no interior peak, or no upper bound of it',
        unit: 'share',
        criterion: atLeast(0.95),
      },
      none: { what: '`fitScaling`, throughput that only rises: no interior peak', unit: 'share', criterion: null },
    },
    draw: (seed) => peakTold(scalingOf((count) => uslThroughput(rising, count), kind, seed).fit),
  }),
)

/**
 * As many workers as there are cores scale; more neither help nor harm, which no curve of the law
 * does.
 */
const plateau = quiet.map(
  (kind): Point<'misfit' | 'open' | 'inside'> => ({
    ...kindOf(kind),
    quantities: {
      misfit: informative('lack of fit is said'),
      open: informative('no interior peak, or no upper bound of it'),
      inside: informative('a peak is said to lie between 2 and 8 workers'),
    },
    draw: (seed) => {
      const { fit, lackOfFit } = scalingOf((count) => 6000 * Math.min(count, 3), kind, seed)
      const interval = fit.status === 'converged' ? (fit.peak?.workers.interval ?? null) : null
      return {
        misfit: isMisfit(lackOfFit),
        open: peakTold(fit).open,
        inside: yes(interval !== null && interval.lower >= 2 && interval.upper <= 8),
      }
    },
  }),
)

export const scaling: readonly Point[] = [...withPeak, ...withoutPeak, ...plateau]

function coverage(of: string, blockNoise = 0): Quantity {
  const inBlocks = blockNoise === 0 ? '' : `, block effects of ${percent(blockNoise)}`
  return {
    what: `\`fitScaling\`, a peak at 2.8 workers: coverage of ${of}${inBlocks}`,
    unit: 'share',
    criterion: nominal,
  }
}

function informative(what: string): Quantity {
  return { what: `\`fitScaling\`, a plateau from 3 workers on: ${what}`, unit: 'share', criterion: null }
}

function kindOf({ blocks, noise, blockNoise }: Kind): Pick<Point, 'where' | 'studiesPerRound'> {
  const uneven = blockNoise === 0 ? '' : `, block effects ${percent(blockNoise)}`
  return { where: `noise ${percent(noise)}${uneven}, ${blocks} blocks`, studiesPerRound: 200 }
}

function scalingOf(curve: Curve, kind: Kind, seed: number): Scaling {
  const study = simulateStudy({
    ...kind,
    workers,
    records,
    observed: false,
    truth: (treatment) => ({ totalMs: (records / curve(treatment.workers)) * 1000 }),
    seed,
  })
  return fitScaling(study)[0]!
}

function isMisfit(test: Scaling['lackOfFit']): number {
  return yes(test !== null && test.p < 0.05)
}

/** Whether the fit leaves open that throughput never falls, and whether it says so outright. */
function peakTold(fit: UslFit): Draw<'open' | 'none'> {
  if (fit.status !== 'converged') return { open: 0, none: 0 }
  const none = fit.peak === null
  return { open: yes(none || fit.peak?.workers.interval?.upper === Number.POSITIVE_INFINITY), none: yes(none) }
}
