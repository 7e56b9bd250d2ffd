import { sessionAt } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import type { CompletedTrial } from '../../study/trial.js'
import { partialF, partialSlope, withoutEffects } from '../statistics/least-squares.js'
import { mean } from '../statistics/numerics/moments.js'
import { loadingTrials, treatmentLabel } from './judged-trials.js'
import type { Drift, DriftedTimes, MemoryGrowth, PositionEffect, TrialSpan } from './study-finding.js'

/**
 * Error rate of each test of order effects. Three tests are made of every study: at 1 % each,
 * chance raises one of them in 3 % of the studies.
 */
export const orderAlpha = 0.01

/**
 * Share of growth of the client's memory over a session that is more than the noise of garbage
 * collection.
 */
const grownShare = 0.1

/**
 * Tests whether a trial's place within its block has an effect: the F test of position in the model
 * log(total time) = treatment + block + position, in a study in sessions with a treatment's effect
 * in each session. Treatments are randomised over positions, so that the effect does not bias
 * comparisons, but makes them less precise.
 */
export function positionEffect(study: Study): PositionEffect[] {
  const trials = loadingTrials(study)
  const times = logTimes(trials)
  const factors = [...effectsOf(study, trials), trials.map(({ block }) => block)]
  const positions = trials.map(({ position }) => position)
  const test = trials.length > 0 ? partialF(times, positions, factors) : null
  if (!test || test.p >= orderAlpha) return []
  const rest = withoutEffects(times, factors)
  const byPosition = [...new Set(positions)]
    .map((position) => ({ position, effect: mean(rest.filter((_, k) => positions[k] === position)) }))
    .sort((a, b) => a.effect - b.effect)
  const [fastest, slowest] = [byPosition[0]!, byPosition.at(-1)!]
  const longer = Math.exp(slowest.effect - fastest.effect) - 1
  return [
    {
      result: 'finding',
      code: 'position-effect',
      withoutCheckpoints: trials.some(({ treatment }) => treatment.checkpoints === 'none'),
      test,
      slowest: slowest.position,
      fastest: fastest.position,
      longer,
      trials: [],
    },
  ]
}

/**
 * Returns the labels of the effects that tests of the run order take out: the treatments, in a
 * study in sessions those of each session by itself, so that what is tested is within sessions.
 * Where a session is one block, that would leave nothing, and sessions shift all treatments alike.
 */
function effectsOf(study: Study, trials: readonly CompletedTrial[]): (string | number)[][] {
  const treatments = trials.map((trial) => treatmentLabel(study, trial))
  const { blocksPerSession } = study.plan
  if (blocksPerSession === null) return [treatments]
  const sessions = trials.map(({ startedAt }) => sessionAt(study, startedAt))
  return blocksPerSession === 1
    ? [treatments, sessions]
    : [treatments.map((treatment, k) => `${treatment} in session ${sessions[k]}`)]
}

/**
 * Computes the slope of log(total time) against run order, treatments' effects taken out; null
 * where there are too few trials for one. In a study in sessions it is the slope within sessions,
 * since these differ by what each start of server and client draws.
 */
export function driftOf(study: Study): Drift | null {
  const trials = loadingTrials(study)
  if (trials.length === 0) return null
  const order = trials.map(({ trial }) => trial)
  const line = partialSlope(logTimes(trials), order, effectsOf(study, trials))
  if (!line) return null
  const { slope, pTwoSided } = line
  const isInSessions = study.plan.blocksPerSession !== null
  const spans = isInSessions ? sessionSpans(study, trials) : [spanOf(order)]
  return { slope, pTwoSided, change: Math.exp(slope * longest(spans)) - 1, spans, isInSessions }
}

function spanOf(order: readonly number[]): TrialSpan {
  return { first: Math.min(...order), last: Math.max(...order) }
}

/** Returns the first and the last of some trials in each session. */
function sessionSpans(study: Study, trials: readonly CompletedTrial[]): TrialSpan[] {
  const sessions = trials.map(({ startedAt }) => sessionAt(study, startedAt))
  return [...new Set(sessions)].map((session) =>
    spanOf(trials.flatMap(({ trial }, k) => (sessions[k] === session ? [trial] : []))),
  )
}

const longest = (spans: readonly TrialSpan[]): number => Math.max(...spans.map(({ first, last }) => last - first))

/** Tests whether times rose or fell in the run order: the t test of the slope of `driftOf`. */
export function drift(study: Study): DriftedTimes[] {
  const line = driftOf(study)
  if (!line || line.pTwoSided >= orderAlpha) return []
  return [{ result: 'finding', code: 'drift', drift: line, trials: [] }]
}

/**
 * Tests whether the client's peak memory grew with the run order, treatments and sessions taken
 * out, by more than a tenth over the longest session.
 */
export function memoryGrowth(study: Study): MemoryGrowth[] {
  const trials = loadingTrials(study).filter(({ rssPeakBytes }) => rssPeakBytes !== null && rssPeakBytes > 0)
  if (trials.length === 0) return []
  const sessions = trials.map(({ startedAt }) => sessionAt(study, startedAt))
  const order = trials.map(({ trial }) => trial)
  const peaks = trials.map(({ rssPeakBytes }) => Math.log(rssPeakBytes!))
  const line = partialSlope(peaks, order, [trials.map((trial) => treatmentLabel(study, trial)), sessions])
  if (!line || line.pTwoSided >= orderAlpha) return []
  const growth = Math.exp(line.slope * longest(sessionSpans(study, trials))) - 1
  if (growth <= grownShare) return []
  return [{ result: 'finding', code: 'memory-growth', growth, p: line.pTwoSided, trials: [] }]
}

function logTimes(trials: readonly CompletedTrial[]): number[] {
  return trials.map(({ totalMs }) => Math.log(totalMs))
}
