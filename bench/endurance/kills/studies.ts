import type { Random } from '#copylab/analysis/statistics/numerics/random.js'
import { type Event, type Point, type Target, targets } from './inside/point.js'

/** A study that is killed and resumed until it is finished. */
export interface KilledStudy {
  readonly name: string
  /** What follows `copylab` on the command line. */
  readonly args: readonly string[]
  /** Trials in blocks that it plans. */
  readonly places: number
  /** Trials with which each of its runs begins. */
  readonly warmUp: number
}

/** Records of every trial: two files of synthetic records, so that two threads load. */
export const recordsPerTrial = 10_000

/** The k-th study, from 1: both clients in each, and all dispatches and encodings in turn. */
export function studyAt(k: number, blocks: number, seed: number): KilledStudy {
  const name = `killed-${k}`
  const warmUpBlocks = k % 4 === 0 ? 1 : 0
  const given = {
    name,
    workers: '1,2',
    client: 'event-loop,threads',
    dispatch: k % 2 === 0 ? 'queue' : 'split',
    encoding: k % 3 === 0 ? 'text' : 'binary',
    'batch-size': 2_500,
    records: recordsPerTrial,
    input: 'synthetic',
    blocks,
    'warm-up-blocks': warmUpBlocks,
    seed: seed + k,
  }
  const treatments = 4
  const args = Object.entries(given).flatMap(([option, value]) => [`--${option}`, String(value)])
  return { name, args: ['study', ...args], places: treatments * blocks, warmUp: warmUpBlocks * treatments }
}

/**
 * An event, how many of them a trial has or what precedes the first, and its weight in the draw.
 */
interface Drawn {
  readonly event: Event
  readonly upTo: number
  readonly weight: number
}

const beforeTrials: readonly Drawn[] = [
  { event: 'progress', upTo: 3, weight: 2 },
  { event: 'statement', upTo: 45, weight: 4 },
  { event: 'answer', upTo: 45, weight: 2 },
  { event: 'login', upTo: 5, weight: 1 },
  { event: 'journal', upTo: 2, weight: 2 },
  { event: 'file', upTo: 9, weight: 3 },
  { event: 'program', upTo: 1, weight: 2 },
]

const inTrial: readonly Drawn[] = [
  { event: 'progress', upTo: 2, weight: 2 },
  { event: 'statement', upTo: 50, weight: 3 },
  { event: 'answer', upTo: 60, weight: 3 },
  { event: 'login', upTo: 2, weight: 1 },
  { event: 'copy', upTo: 8, weight: 8 },
  { event: 'data', upTo: 16, weight: 8 },
  { event: 'journal', upTo: 1, weight: 2 },
]

const afterTrials: readonly Drawn[] = [
  ...inTrial,
  { event: 'progress', upTo: 3, weight: 4 },
  { event: 'statement', upTo: 75, weight: 10 },
  { event: 'file', upTo: 4, weight: 8 },
]

/** How many trials of a run end before the one that is killed in, at most. */
const trialsAhead = 2

/**
 * Draws where the next run of a study is killed: three of four in one of the next trials in blocks,
 * the others before the first, in the warm-up, or at the study's end.
 */
export function drawPoint(random: Random, target: Target, warmUp: number, left: number): Point {
  const where = random.uniform()
  const [trial, drawn] =
    where < 0.15
      ? [0, beforeTrials]
      : where < 0.2
        ? [warmUp + left, afterTrials]
        : where < 0.27 && warmUp > 0
          ? [1 + random.integerBelow(warmUp), inTrial]
          : [warmUp + 1 + random.integerBelow(Math.max(1, Math.min(trialsAhead, left))), inTrial]
  const { event, upTo } = drawOne(random, drawn)
  const moment = (['before', 'amid', 'after'] as const)[random.integerBelow(3)]!
  return { target, trial, event, nth: 1 + random.integerBelow(upTo), moment }
}

function drawOne(random: Random, drawn: readonly Drawn[]): Drawn {
  let rest = random.uniform() * drawn.reduce((sum, { weight }) => sum + weight, 0)
  for (const one of drawn) {
    rest -= one.weight
    if (rest < 0) return one
  }
  return drawn[0]!
}

/** The target that was struck least so far, a client twice as often; of several one by chance. */
export function nextTarget(random: Random, struck: Readonly<Record<Target, number>>): Target {
  const share = (target: Target): number => struck[target] / (target === 'client' ? 2 : 1)
  const least = Math.min(...targets.map(share))
  const choice = targets.filter((target) => share(target) === least)
  return choice[random.integerBelow(choice.length)]!
}
