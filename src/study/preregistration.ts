import { checkedChoice, checkedInteger, checkedNumber, checkNames, checkOptions } from '../check.js'
import { type Claim, checkedClaim } from './claim.js'
import type { FindingCode } from './finding.js'
import type { Metric } from './metric.js'
import { namedTreatment, type Selection, sameTreatment, type Treatment } from './treatment.js'

/** Default confidence level of every interval. */
export const defaultLevel = 0.95

/** Default of the largest difference that does not matter, as a share. */
export const defaultMargin = 0.02

/** The contrast that a study is about: what is claimed of the metric of `a` against that of `b`. */
export interface PrimaryContrast {
  readonly a: Treatment
  readonly b: Treatment
  readonly metric: Metric
  readonly claim: Claim
}

/**
 * The shape of the critical values at the looks: equal ones, or high ones first that fall to nearly
 * those of a single look.
 */
export type Bound = 'pocock' | 'obrien-fleming'

/**
 * Rule by which a study may end early: at one of `looks` looks, equally spaced up to `maxBlocks`,
 * as soon as its primary contrast is decided.
 */
export interface StopRule {
  readonly looks: number
  readonly bound: Bound
  readonly maxBlocks: number
}

/** Returns the number of the block after which a look takes place; looks are numbered from 1. */
export function blockOfLook({ looks, maxBlocks }: Pick<StopRule, 'looks' | 'maxBlocks'>, look: number): number {
  return Math.ceil((look * maxBlocks) / looks)
}

/** Criteria by which a study is judged, hashed with its plan before the first trial. */
export interface Preregistration {
  readonly primary: PrimaryContrast
  /** Confidence level of the verdict. */
  readonly level: number
  /** Largest difference without practical importance, as a share. */
  readonly margin: number
  /** Findings about a trial that leave its block out of comparisons. */
  readonly exclude: readonly ExcludableFinding[]
  /** Null for a study that runs all its blocks. */
  readonly stop: StopRule | null
  /**
   * The file of claims that the primary contrast was taken from; null where it was stated without
   * one.
   */
  readonly claims: PreregisteredClaims | null
}

/** Identity of a file of claims at the beginning of the study. */
export interface PreregisteredClaims {
  /** Id of the claim in the file that the study is about. */
  readonly primary: string
  /** SHA-256 of the file's bytes, 64 hex digits. */
  readonly digest: string
}

/**
 * Claim on one of the study's treatments compared with another, each named by the factors that
 * distinguish it from the other treatments.
 */
export interface PrimaryOptions {
  readonly a: Selection
  readonly b: Selection
  /**
   * Metric that is compared.
   * @default 'totalMs'
   */
  readonly metric?: string
  readonly claim: Claim
}

/** Options of a study's preregistration. */
export interface PreregistrationOptions {
  /**
   * The contrast that the study is about, preregistered with the plan.
   * @default none: nothing is preregistered
   */
  readonly primary?: PrimaryOptions
  /** The file that the primary contrast is taken from. */
  readonly claims?: PreregisteredClaims
  /**
   * Confidence level of the primary contrast's verdict.
   * @default 0.95
   */
  readonly level?: number
  /**
   * Largest difference without practical importance, as a share.
   * @default 0.02
   */
  readonly margin?: number
  /**
   * Findings about a trial that leave its block out of comparisons.
   * @default ['checkpoint-in-trial', 'steal', 'swap']
   */
  readonly exclude?: readonly ExcludableFinding[]
  /**
   * Ends the study early, as soon as the primary contrast is decided. `blocks` is then the rule's
   * `maxBlocks`.
   */
  readonly stop?: StopRule | (Omit<StopRule, 'bound'> & { readonly bound?: Bound })
}

const defaultExclusions: readonly ExcludableFinding[] = ['checkpoint-in-trial', 'steal', 'swap']

/** Findings about single trials, by which their blocks may be left out. */
export const excludableFindings = [
  'checkpoint-in-trial',
  'autovacuum-in-trial',
  'steal',
  'swap',
  'clock-drift',
] as const satisfies readonly FindingCode[]
/** Code of a finding for which a preregistration may leave out the block of a trial. */
export type ExcludableFinding = (typeof excludableFindings)[number]

/**
 * Checks the options of a preregistration and completes them; null where nothing is preregistered.
 * Throws `TypeError` or `RangeError` for options that could not be judged later.
 */
export function preregistrationOf(
  options: PreregistrationOptions,
  treatments: readonly Treatment[],
): Preregistration | null {
  const {
    primary,
    stop,
    level = defaultLevel,
    margin = defaultMargin,
    exclude = defaultExclusions,
    claims = null,
  } = options
  if (!primary) {
    const alone = (['level', 'margin', 'exclude', 'stop', 'claims'] as const).find(
      (name) => options[name] !== undefined,
    )
    if (alone) throw new TypeError(`Expected \`primary\` with \`${alone}\`: name the contrast that is preregistered`)
    return null
  }
  for (const [name, value] of Object.entries({ level, margin })) {
    checkedNumber(name, value, { above: 0, below: 1 })
  }
  checkNames(exclude, excludableFindings, '`exclude` to name findings about trials')
  checkOptions(primary, { a: true, b: true, metric: true, claim: true }, 'primary')
  const { metric } = checkedClaim(primary.claim, primary.metric ?? 'totalMs', 'primary.claim')
  const a = namedTreatment(treatments, 'primary.a', primary.a)
  const b = namedTreatment(treatments, 'primary.b', primary.b)
  if (sameTreatment(a, b)) throw new TypeError('Expected `primary.a` and `primary.b` to be different treatments')
  return {
    primary: { a, b, metric, claim: primary.claim },
    level,
    margin,
    exclude: [...exclude].sort(),
    stop: stop ? stopRule(stop) : null,
    claims,
  }
}

function stopRule({
  looks,
  bound = 'obrien-fleming',
  maxBlocks,
}: NonNullable<PreregistrationOptions['stop']>): StopRule {
  checkedInteger('stop.looks', looks, { from: 1, to: 20 })
  checkedInteger('stop.maxBlocks', maxBlocks, { from: looks, why: 'one block for each look' })
  checkedChoice('stop.bound', bound, ['pocock', 'obrien-fleming'])
  return { looks, bound, maxBlocks }
}
