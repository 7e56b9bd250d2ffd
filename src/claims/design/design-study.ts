import { isDeepStrictEqual } from 'node:util'
import { compare } from '../../analysis/compare/compare.js'
import type { CompareOptions, ContrastPair } from '../../analysis/compare/contrast.js'
import { defaultPower } from '../../analysis/defaults.js'
import { decidingBlocks, decidingSessions, type SizeLimits } from '../../analysis/design/deciding-size.js'
import { sessionSpread } from '../../analysis/design/session-spread.js'
import { isOnEdge, type PlannedStudy } from '../../analysis/design/simulated-verdicts.js'
import { blockTimeMs } from '../../analysis/recommend/block-time.js'
import { minJudgedBlocks } from '../../analysis/verdict/verdict.js'
import { checkedInteger, checkedNumber, checkedOptions, inMessage } from '../../check.js'
import { sessionOfBlocks } from '../../study/blocks/sessions.js'
import type { ClaimBounds } from '../../study/claim.js'
import { checkedStudy, type Study } from '../../study/study.js'
import { type Claims, claimOf, type StatedClaim } from '../claims.js'
import { eachLevel } from '../family.js'
import { familyOf } from '../judge-claims.js'
import { primaryContrast } from '../primary.js'
import { checkClaims, readClaims } from '../read-claims.js'
import { assumedWords, obstacleWords } from './design-words.js'
import type { StudyDesign } from './study-design.js'

/** How sure a study is to decide, of what, and what is taken for true. */
export interface DesignOptions {
  /**
   * Share of studies that are to end with a true verdict, between 0 and 1.
   *
   * @default 0.9
   */
  readonly power?: number
  /**
   * The true effect, as the claim states its own: a share, 0.037 for 3.7 % faster of a claim that
   * states `fasterBy`, below 0 for the other way; of a claim that states a `ratio`, the ratio.
   *
   * @default the pilot's estimate
   */
  readonly truth?: number
  /**
   * The claims that the study is going to be judged by, which share the error rate.
   *
   * @default the project's `data/claims.json`, or the working note's where there is none
   */
  readonly claims?: Claims
  /**
   * The id of the primary claim, which the number of claims does not affect.
   *
   * @default the one that the pilot preregistered
   */
  readonly primary?: string
  /**
   * Confidence level of the primary claim's verdict, and of all others together.
   *
   * @default as `judgeClaims` takes it
   */
  readonly level?: number
  /**
   * The largest difference that does not matter, as a share.
   *
   * @default that of the pilot's preregistration, 0.02 where there is none
   */
  readonly margin?: number
  /**
   * Standard deviation of the log ratio between sessions, from 0.
   *
   * @default that of the pilot where it has 6 sessions, 0.01 otherwise
   */
  readonly sessionSd?: number
  /**
   * Number of blocks at which the search ends.
   *
   * @default 2000
   */
  readonly maxBlocks?: number
  /**
   * Seed of the simulated studies, a whole number from 0.
   *
   * @default 1
   */
  readonly seed?: number
}

/** Standard deviation between sessions where neither the pilot nor the caller tells it. */
const defaultSessionSd = 0.01

const defaultMaxBlocks = 2000

/**
 * Tells how many blocks a study needs to decide a claim about two treatments, before it begins: the
 * fewest with which the share `power` of simulated studies ends with a verdict that is true, judged
 * as `judgeClaims` judges, at the claim's share of the error rate. Blocks are drawn from the
 * pilot's, moved to what is taken for true; a study in sessions is judged by their means. `claim`
 * is an id, or a claim of one's own, which is judged by itself where `claims` does not hold it. A
 * pilot of fewer than 6 blocks, a truth on an edge of the band or the margin, and one too close to
 * an edge for `maxBlocks` give no number, but the reason.
 *
 * @throws `RangeError` for a claim that there is not or that does not compare two treatments, for
 * treatments that the pilot lacks, and for options out of their range.
 * @example
 * say(designStudy(readStudy('reference-workers'), 'C1', { power: 0.9 }))
 */
export function designStudy(pilot: Study, claim: string | StatedClaim, given: DesignOptions = {}): StudyDesign {
  const options = checkedOptions(given, {
    power: true,
    truth: true,
    claims: true,
    primary: true,
    level: true,
    margin: true,
    sessionSd: true,
    maxBlocks: true,
    seed: true,
  })
  const study = toLastBlock(checkedStudy(pilot))
  const power = checkedNumber('power', options.power ?? defaultPower, { above: 0, below: 1 })
  const maxBlocks = checkedInteger('maxBlocks', options.maxBlocks ?? defaultMaxBlocks, { from: minJudgedBlocks })
  const seed = checkedInteger('seed', options.seed ?? 1, { from: 0 })
  if (options.sessionSd !== undefined) checkedNumber('sessionSd', options.sessionSd, { from: 0 })
  const { claims, own } = statedClaim(claim, options.claims)
  const level = eachLevel(familyOf(claims, [study], options), own)
  const found = compare(study, { ...pairOf(claims, own), level, margin: options.margin })
  const truth = options.truth === undefined ? (found.estimate?.value ?? null) : ratioOf(options.truth, found.claim)
  const spread = found.blocks < minJudgedBlocks ? null : sessionSpread(...bySession(study, found.pairs))
  const sessionSd = options.sessionSd ?? spread?.sessionSd ?? defaultSessionSd
  const planned: PlannedStudy | null =
    spread && truth !== null
      ? { claim: found.claim, margin: found.margin, level, truth, deviations: spread.deviations, sessionSd }
      : null
  const onEdge = planned !== null && isOnEdge(planned)
  const limits: SizeLimits = { power, minReplicates: found.minBlocks, maxBlocks, seed }
  const size = planned && !onEdge ? decidingBlocks(planned, limits) : null
  const inSessions = planned && !onEdge ? decidingSessions(planned, limits) : null
  const blockMs = blockTimeMs(study, [found.a, found.b])
  const { warmUpBlocks } = study.plan
  const minutesOf = (sessions: number, blocks: number): number | null =>
    blockMs && (sessions * (blocks + warmUpBlocks) * blockMs) / 60_000
  const design: Omit<StudyDesign, 'reason' | 'assumed'> = {
    result: 'study-design',
    study: study.plan.name,
    id: own.id,
    a: found.a,
    b: found.b,
    varying: found.varying,
    metric: found.metric,
    claim: found.claim,
    level,
    margin: found.margin,
    power,
    truth,
    truthFrom: options.truth === undefined ? 'pilot' : 'stated',
    pilotBlocks: found.blocks,
    sd: spread?.sd ?? null,
    minBlocks: found.minBlocks,
    maxBlocks,
    blocks: size?.replicates ?? null,
    obstacle: size ? null : !planned ? 'few-blocks' : onEdge ? 'edge' : 'too-many',
    verdicts: size?.verdicts ?? null,
    minutes: size && minutesOf(1, size.replicates),
    sessions: inSessions && {
      sessions: inSessions.replicates,
      blocks: inSessions.blocks,
      verdicts: inSessions.verdicts,
      minutes: minutesOf(inSessions.replicates, inSessions.blocks),
    },
    sessionSd,
    sessionSdFrom: options.sessionSd !== undefined ? 'stated' : spread?.sessionSd != null ? 'pilot' : 'default',
    pilotSessions: spread?.sessions ?? study.contexts.length,
    blockSeconds: blockMs && blockMs / 1000,
    warmUpBlocks,
  }
  return {
    ...design,
    reason: obstacleWords(design)?.text ?? null,
    assumed: assumedWords(design).map(({ text }) => text),
  }
}

/** Returns a study as one that is judged once, after its last block. */
function toLastBlock(study: Study): Study {
  const { plan } = study
  if (!plan.preregistration?.stop) return study
  return { ...study, plan: { ...plan, preregistration: { ...plan.preregistration, stop: null } } }
}

/** A claim, and the claims that share the error rate with it. */
function statedClaim(
  claim: string | StatedClaim,
  given: Claims | undefined,
): { readonly claims: Claims; readonly own: StatedClaim } {
  const claims = given ?? readClaims()
  if (!Array.isArray(claims.claims))
    throw new TypeError(`Expected \`claims\` to be claims, as readClaims() returns them, got ${inMessage(given)}`)
  if (typeof claim === 'string') return { claims, own: claimOf(claims, claim, 'claim') }
  const own = claims.claims.find((one) => isDeepStrictEqual(one, claim))
  if (own) return { claims, own }
  return { claims: { ...checkClaims({ claims: [claim] }, 'claim'), fixed: given?.fixed ?? {} }, own: claim }
}

/** The two treatments of a claim, the metric, and what is claimed of it. */
function pairOf(claims: Claims, { id }: StatedClaim): Pick<CompareOptions, 'a' | 'b' | 'metric' | 'claim'> {
  const { a, b, metric, claim } = primaryContrast(claims, id, 'claim')
  return { a, b, metric, claim }
}

/** An effect, stated as a claim states its own, as the ratio a / b. */
function ratioOf(truth: number, { way }: ClaimBounds): number {
  switch (way) {
    case 'less':
      return 1 - checkedNumber('truth', truth, { below: 1 })
    case 'more':
      return 1 + checkedNumber('truth', truth, { above: -1 })
    default:
      return checkedNumber('truth', truth, { above: 0 })
  }
}

/** The log ratios of blocks, and the session in which each of these blocks began. */
function bySession(study: Study, pairs: readonly ContrastPair[]): [number[], number[]] {
  const begun = sessionOfBlocks(study)
  return [pairs.map(({ ratio }) => Math.log(ratio)), pairs.map(({ block }) => begun.get(block)!)]
}
