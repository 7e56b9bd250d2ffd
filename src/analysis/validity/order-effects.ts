import type { Study } from '../../study/study.js'
import type { CompletedTrial } from '../../study/trial.js'
import { type FTest, partialF, partialSlope, withoutEffects } from '../statistics/least-squares.js'
import { mean } from '../statistics/numerics/moments.js'
import { formatNumber } from '../tables/tables.js'
import { type Phrase, phrase, type QuotedNumber } from '../text/phrase.js'
import { comparedP, quoted, quotedCount, quotedPlace } from '../text/quoted.js'
import { percentPhrase } from '../text/sentence.js'
import { loadingTrials, type StudyFinding, sessionAt, studyFinding, treatmentLabel } from './study-finding.js'

/** Three tests are made of every study: at 1 % each, chance raises one of them in 3 % of the studies. */
export const orderAlpha = 0.01

/** Growth of the client's memory over a session that is no longer the noise of garbage collection. */
const grownShare = 0.1

/**
 * Whether a trial's place within its block matters: the F test of position in the model log(total time) = treatment + block + position. Treatments
 * are randomised over positions, so that comparisons are not biased by it, but blur.
 */
export function positionEffect(study: Study): StudyFinding[] {
  const trials = loadingTrials(study)
  const times = logTimes(trials)
  const factors = [trials.map((trial) => treatmentLabel(study, trial)), trials.map(({ block }) => block)]
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
    studyFinding(
      'position-effect',
      phrase`The place within the block matters (${testPhrase(test)}): trials at place ${place('slowest', slowest.position)} took ${percentPhrase('longer', longer, 'how much longer trials take there')} longer than at place ${place('fastest', fastest.position)}, so that a trial is not over when the next begins: let the server rest between trials, or add blocks`,
      [],
    ),
  ]
}

function place(name: 'slowest' | 'fastest', position: number): QuotedNumber {
  return quotedPlace(name, position, `${name} place within a block`)
}

function testPhrase({ df1, df2, f, p }: FTest): Phrase {
  const degrees = phrase`${quotedCount('df1', df1, 'degrees of freedom')}, ${quotedPlace('df2', df2, 'degrees of freedom of the rest')}`
  const value = quoted('f', f, formatNumber(f, 1), 'F of the place within the block')
  return phrase`F(${degrees}) = ${value}, p ${comparedP('p', p, 'p of the place within the block')}`
}

/** How times changed over a study. */
export interface Drift {
  /** Of the logarithm of the total time, by trial. */
  readonly slope: number
  readonly pTwoSided: number
  /** The change from the first trial to the last, as a share. */
  readonly change: number
  readonly first: number
  readonly last: number
}

/** The slope of log(total time) against run order, treatments' effects taken out; null where there are too few trials for one. */
export function driftOf(study: Study): Drift | null {
  const trials = loadingTrials(study)
  if (trials.length === 0) return null
  const order = trials.map(({ trial }) => trial)
  const line = partialSlope(logTimes(trials), order, [trials.map((trial) => treatmentLabel(study, trial))])
  if (!line) return null
  const { slope, pTwoSided } = line
  const [first, last] = [Math.min(...order), Math.max(...order)]
  return { slope, pTwoSided, change: Math.exp(slope * (last - first)) - 1, first, last }
}

/** Whether times rose or fell over the study: the t test of the slope of `driftOf`. */
export function drift(study: Study): StudyFinding[] {
  const line = driftOf(study)
  if (!line || line.pTwoSided >= orderAlpha) return []
  return [
    studyFinding(
      'drift',
      phrase`Trials became ${changePhrase(line)} from the first to the last (p ${driftP(line)}); comparisons within blocks do not suffer, averages over the study do: end other work on the machine, and raise warmUpBlocks`,
      [],
    ),
  ]
}

/** "3.1 % slower" */
function changePhrase({ change }: Pick<Drift, 'change'>): Phrase {
  const way = change > 0 ? 'slower' : 'faster'
  return phrase`${percentPhrase('change', Math.abs(change), `change from the first trial to the last, ${way}`)} ${way}`
}

/** A drift in short: "drift: 3.1 % slower (p < 0.001)". */
export function driftText(line: Pick<Drift, 'change' | 'pTwoSided'>): string {
  return phrase`drift: ${changePhrase(line)} (p ${driftP(line)})`.text
}

function driftP({ pTwoSided }: Pick<Drift, 'pTwoSided'>): Phrase {
  return comparedP('p', pTwoSided, 'p of the drift')
}

/** Whether the client's peak memory grew with the run order, treatments and sessions taken out, by more than a tenth over the longest session. */
export function memoryGrowth(study: Study): StudyFinding[] {
  const trials = loadingTrials(study).filter(({ rssPeakBytes }) => rssPeakBytes !== null && rssPeakBytes > 0)
  if (trials.length === 0) return []
  const sessions = trials.map(({ startedAt }) => sessionAt(study, startedAt))
  const order = trials.map(({ trial }) => trial)
  const peaks = trials.map(({ rssPeakBytes }) => Math.log(rssPeakBytes!))
  const line = partialSlope(peaks, order, [trials.map((trial) => treatmentLabel(study, trial)), sessions])
  if (!line || line.pTwoSided >= orderAlpha) return []
  const spans = [...new Set(sessions)].map((session) => {
    const own = order.filter((_, k) => sessions[k] === session)
    return Math.max(...own) - Math.min(...own)
  })
  const growth = Math.exp(line.slope * Math.max(...spans)) - 1
  if (growth <= grownShare) return []
  return [
    studyFinding(
      'memory-growth',
      phrase`The client's memory grew by ${percentPhrase('growth', growth, "growth of the client's memory")} over a session (p ${comparedP('p', line.pTwoSided, 'p of the growth')}), so that later trials ran in a process unlike that of earlier ones: run the study in shorter sessions, or load fewer records`,
      [],
    ),
  ]
}

function logTimes(trials: readonly CompletedTrial[]): number[] {
  return trials.map(({ totalMs }) => Math.log(totalMs))
}
