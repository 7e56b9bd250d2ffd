import { isInteger } from '../check.js'
import type { FactorEntry, NamedFactor, SpelledFactor } from './factors/factor.js'
import { type Meanings, meaningsOf, type NamedFactorName, type NamedLevels } from './factors/meanings.js'
import {
  checkFactors,
  defaultTreatment,
  type Factor,
  factorEntry,
  factorNames,
  isByProgram,
  type Level,
  type Treatment,
} from './treatment.js'

/**
 * Any `Treatment` field, fixed (one value) or varied (several levels). Absent fields have the level
 * of `defaultTreatment`. Levels that are names come with their meanings:
 * `settings: { default: {}, flush: { backend_flush_after: '256kB' } }`.
 */
export type Factors = {
  readonly [F in Factor]?: F extends NamedFactorName ? string | NamedLevels : Treatment[F] | readonly Treatment[F][]
}

/**
 * A requested treatment that is not run, because it is equivalent to another, and the treatment
 * that is run instead.
 */
export interface LeftOut {
  readonly treatment: Treatment
  /** The equivalent treatment that is run. */
  readonly sameAs: Treatment
  /** Factors in which the two differ, without effect on either. */
  readonly factors: readonly Factor[]
}

/**
 * Maximum number of trials of a study, about a day of trials of a second; also the maximum number
 * of treatments that are enumerated.
 */
export const maxTrials = 100_000

/** Treatments of a study, those left out, and the meanings of named levels. */
export interface Design {
  readonly treatments: readonly Treatment[]
  readonly leftOut: readonly LeftOut[]
  readonly meanings: Meanings
}

/**
 * Returns every combination of the factors' levels, in the order in which they are listed; absent
 * factors have the level of `defaultTreatment`. Of several grids, the union: each treatment once,
 * and treatments that differ only in levels without effect once. Throws `TypeError` for a factor or
 * a level that does not exist, and `RangeError` for more treatments than a study may have trials.
 */
export function designOf(given: Factors | readonly Factors[]): Design {
  const grids = Array.isArray(given) ? (given as readonly Factors[]) : [given as Factors]
  if (grids.length === 0) throw new TypeError('Expected `factors` to be an object, or a list of one or more, got []')
  const levels = grids.map(levelsOfGrid)
  const count = levels.reduce((sum, grid) => sum + grid.reduce((product, { length }) => product * length, 1), 0)
  if (count > maxTrials) {
    throw new RangeError(
      `Expected \`factors\` to make ${maxTrials.toLocaleString('en-US')} treatments at most, got ${count.toLocaleString('en-US')}: take fewer levels`,
    )
  }
  const asked = new Map(levels.flatMap(treatmentsOfGrid).map((treatment) => [keyOf(treatment), treatment]))
  return { ...withoutRepetitions(asked), meanings: meaningsOfGrids(grids) }
}

/** Returns a key that is equal for two treatments with equal levels of every factor. */
function keyOf(treatment: Treatment): string {
  return JSON.stringify(factorNames.map((factor) => treatment[factor]))
}

/**
 * Returns the treatment of factors with a single level each. Throws `TypeError` for several levels.
 */
export function treatmentOf(given: Factors): Treatment {
  const { treatments, leftOut } = designOf(given)
  if (treatments.length === 1 && leftOut.length === 0) return treatments[0]!
  throw new TypeError(`Expected one level of each factor, got ${JSON.stringify(given)}`)
}

/** Returns the treatments that factors, or several grids of them, define. */
export function treatmentsOf(given: Factors | readonly Factors[]): readonly Treatment[] {
  return designOf(given).treatments
}

/** Returns factors that are fixed at a treatment's levels. */
export function fixedFactors(treatment: Treatment, meanings: Meanings): Factors {
  const level = (factor: Factor): unknown => {
    const own = treatment[factor]
    return factorEntry(factor).kind === 'named' && own !== factorEntry(factor).default
      ? { [String(own)]: meanings[factor as NamedFactorName]?.[String(own)] }
      : own
  }
  return Object.fromEntries(factorNames.map((factor) => [factor, level(factor)])) as Factors
}

/** Returns the levels of every factor, in the order of the factors. */
function levelsOfGrid(given: Factors): (readonly Level[])[] {
  checkFactors('factors', Object.keys(given))
  return factorNames.map((factor) => checkedLevels(factor, given[factor]))
}

function treatmentsOfGrid(levels: readonly (readonly Level[])[]): Treatment[] {
  let treatments: Treatment[] = [defaultTreatment]
  for (const [k, factor] of factorNames.entries())
    treatments = treatments.flatMap((treatment) => levels[k]!.map((level) => ({ ...treatment, [factor]: level })))
  return treatments
}

/** Checks the levels that are given for a factor; its default for none. */
function checkedLevels(factor: Factor, given: Factors[Factor]): readonly Level[] {
  const entry = factorEntry(factor)
  if (given === undefined) return [entry.default]
  if (entry.kind === 'named') return namedLevels(factor, entry, given)
  const levels = (Array.isArray(given) ? given : [given]) as readonly Level[]
  if (levels.length > 0 && levels.every((level) => isLevel(factor, level)) && new Set(levels).size === levels.length)
    return levels
  throw new TypeError(
    `Expected \`${factor}\` to be a list of different ${levelsText(factor)}, got ${JSON.stringify(given)}`,
  )
}

function namedLevels(factor: Factor, entry: NamedFactor<unknown>, given: Factors[Factor]): readonly string[] {
  if (given === entry.default) return [String(given)]
  const levels = typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.keys(given) : []
  if (levels.length > 0) return levels
  throw new TypeError(
    `Expected \`${factor}\` to name its levels and what they mean, such as { ${entry.default}: {}, mine: ${entry.example} }, got ${JSON.stringify(given)}`,
  )
}

/** Whether a factor can have a level; of names, any. */
export function isLevel(factor: Factor, level: unknown): boolean {
  const entry: FactorEntry = factorEntry(factor)
  switch (entry.kind) {
    case 'count':
      return isInteger(level, { from: entry.from })
    case 'limit':
      return level === null || isInteger(level, { from: entry.from })
    case 'choice':
      return (entry.levels as readonly unknown[]).includes(level)
    case 'switch':
      return typeof level === 'boolean'
    case 'spelled':
      return typeof level === 'string' && isSpelled(entry, level)
    case 'named':
      return typeof level === 'string' && level !== ''
    default:
      throw new TypeError(`Unknown kind of factor ${(entry satisfies never as FactorEntry).kind}`)
  }
}

function isSpelled({ parse }: SpelledFactor, level: string): boolean {
  try {
    parse(level)
    return true
  } catch {
    return false
  }
}

/** Describes the levels that a factor can have: "integers from 1". */
export function levelsText(factor: Factor): string {
  const entry: FactorEntry = factorEntry(factor)
  switch (entry.kind) {
    case 'count':
      return `integers from ${entry.from}`
    case 'limit':
      return `integers from ${entry.from}, or null`
    case 'choice':
      return entry.levels.map((level) => JSON.stringify(level)).join(' | ')
    case 'switch':
      return 'true | false'
    case 'spelled':
      return `texts: ${entry.usage}`
    case 'named':
      return 'names'
    default:
      throw new TypeError(`Unknown kind of factor ${(entry satisfies never as FactorEntry).kind}`)
  }
}

/**
 * Returns the meanings of the named levels of all grids. Throws `TypeError` for an invalid meaning,
 * and where two grids give one name two meanings.
 */
function meaningsOfGrids(grids: readonly Factors[]): Meanings {
  const found = factorNames
    .filter((factor) => factorEntry(factor).kind === 'named')
    .map((factor) => {
      const given = grids.map((grid) => grid[factor] as unknown).filter((levels) => typeof levels === 'object')
      return [factor, meaningsOf(factor, given as NamedLevels[])] as const
    })
  return Object.fromEntries(found.filter(([, meanings]) => Object.keys(meanings).length > 0))
}

/** Returns the treatment with the default of every factor that has no effect on it. */
function effective(treatment: Treatment): Treatment {
  const idle = factorNames.filter((factor) => factorEntry(factor).withoutEffect?.(treatment))
  return { ...treatment, ...Object.fromEntries(idle.map((factor) => [factor, factorEntry(factor).default])) }
}

/**
 * Keeps, of treatments that differ only in levels without effect, the one at the defaults, or else
 * the first.
 */
function withoutRepetitions(asked: ReadonlyMap<string, Treatment>): Pick<Design, 'treatments' | 'leftOut'> {
  const kept = new Map<string, Treatment>()
  const leftOut: LeftOut[] = []
  for (const treatment of asked.values()) {
    const own = effective(treatment)
    const plain = keyOf(own)
    // A program is never said to have a level that it does not take.
    const sameAs = kept.get(plain) ?? asked.get(plain) ?? (isByProgram(treatment) ? own : treatment)
    kept.set(plain, sameAs)
    if (sameAs !== treatment) {
      const apart = factorNames.filter((factor) => treatment[factor] !== sameAs[factor])
      leftOut.push({ treatment, sameAs, factors: apart })
    }
  }
  return { treatments: [...kept.values()], leftOut }
}
