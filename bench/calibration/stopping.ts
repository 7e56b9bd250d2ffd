import { compare, simulateStudy } from 'copylab/analysis'
import type { Claim, Preregistration, StopRule, Study } from 'copylab/executor'
import { decideSequentially } from '#copylab/analysis/compare/interim.js'
import { atMost, type Criterion, type Draw, type Point, type Quantity, yes } from './point.js'

const looks = 5
const maxBlocks = 40
const ratioSd = 0.05
const bounds = ['pocock', 'obrien-fleming'] as const
const anyDifference: Claim = { fasterBy: [0, null] }
const band: Claim = { fasterBy: [0.05, 0.15] }

type Key = 'different' | 'wrong' | 'decided' | 'used'

/** Growing studies, with the interim looks of `runStudy`. */
interface Replay {
  readonly bound: StopRule['bound']
  readonly ratio: number
  readonly claim: Claim
}

const jointly =
  "the level of each look is exact for Student's t, but that all looks err together in 5 % holds exactly for a known spread alone; with one that is estimated again at each look it is about 5.2 %."
const without = 'sequential stop, no difference:'
const clear = 'sequential stop, 15 % faster, claim faster:'
const inside = 'sequential stop, 10 % faster, claim 5–15 %:'
const edge = 'sequential stop, 15 % faster, claim 5–15 % (on its edge, which no number of blocks decides):'

export const stopping: readonly Point[] = bounds.flatMap((bound): Point[] => [
  pointOf(
    { bound, ratio: 1, claim: anyDifference },
    {
      different: { ...share(`${without} any look's interval excludes it`, atMost(0.05)), why: jointly },
      wrong: share(`${without} ends with a wrong verdict`, atMost(0.05)),
    },
  ),
  pointOf(
    { bound, ratio: 0.85, claim: anyDifference },
    { used: share(`${clear} share of the 40 blocks used`, atMost(0.6)), decided: share(`${clear} decided`, null) },
  ),
  pointOf(
    { bound, ratio: 0.9, claim: band },
    { used: share(`${inside} share of the 40 blocks used`, null), decided: share(`${inside} decided`, null) },
  ),
  pointOf(
    { bound, ratio: 0.85, claim: band },
    { decided: { ...share(`${edge} decided all the same`, atMost(0.05)), why: jointly } },
  ),
])

function share(what: string, criterion: Criterion | null): Quantity {
  return { what, unit: 'share', criterion }
}

function pointOf<Asked extends Key>(replay: Replay, quantities: { readonly [K in Asked]: Quantity }): Point {
  const asked = Object.keys(quantities) as Asked[]
  return {
    where: replay.bound,
    studiesPerRound: replay.ratio === 1 ? 1000 : 200,
    quantities,
    draw: (seed) => {
      const drawn = replayed(replay, seed)
      return Object.fromEntries(asked.map((key) => [key, drawn[key]]))
    },
  }
}

/**
 * One study of 40 blocks, cut where the rule looks; the looks after the end are taken too, for what
 * their intervals say.
 */
function replayed({ bound, ratio, claim }: Replay, seed: number): Draw<Key> {
  const whole = simulateStudy({
    blocks: maxBlocks,
    noise: ratioSd / Math.SQRT2,
    observed: false,
    truth: ({ workers }) => ({ totalMs: workers === 2 ? 10_000 * ratio : 10_000 }),
    seed,
  })
  const [a, b] = whole.plan.treatments as [Preregistration['primary']['a'], Preregistration['primary']['b']]
  const preregistration: Preregistration = {
    primary: { a, b, metric: 'totalMs', claim },
    level: 0.95,
    margin: 0.05,
    claims: null,
    exclude: [],
    stop: { looks, bound, maxBlocks },
  }
  const study: Study = { ...whole, plan: { ...whole.plan, preregistration } }
  let different = false
  let end: { readonly block: number; readonly wrong: boolean } | null = null
  for (let look = 1; look <= looks; look++) {
    const block = (look * maxBlocks) / looks
    const soFar = { ...study, trials: study.trials.filter((trial) => trial.block <= block) }
    const { verdict, better } = compare(soFar, { a: { workers: 2 }, b: { workers: 4 }, claim })
    different ||= better !== null
    if (!end && decideSequentially(soFar).decided)
      end = { block, wrong: verdict === 'supported' || verdict === 'refuted' }
  }
  return {
    different: yes(different),
    wrong: yes(end?.wrong === true),
    decided: yes(end !== null),
    used: (end?.block ?? maxBlocks) / maxBlocks,
  }
}
