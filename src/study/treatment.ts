import { checkNames } from '../check.js'
import type { FactorEntry, LevelOf } from './factors/factor.js'
import { factors } from './factors/factors.js'

/** The name of a factor: any field of a treatment. */
export type Factor = keyof typeof factors

/** One level of every factor. */
export type Treatment = { readonly [F in Factor]: LevelOf<(typeof factors)[F]> }

/** Some factors, each at one level. */
export type Selection = Partial<Treatment>

/** Where the workers run. */
export type Client = Treatment['client']
/** How a batch reaches the workers. */
export type Dispatch = Treatment['dispatch']
/** The format of COPY. */
export type Encoding = Treatment['encoding']
/** What the clock sees. */
export type Source = Treatment['source']
/** Where the payloads go. */
export type Target = Treatment['target']
export type Persistence = Treatment['persistence']

/** Any level of any factor. */
export type Level = Treatment[Factor]

/** Every factor, in the order in which treatments list them. */
export const factorNames = Object.keys(factors) as readonly Factor[]

/** A factor's entry in the list. */
export function factorEntry(factor: Factor): FactorEntry {
  return factors[factor]
}

/** The arrangement that the working note describes; what a factor that is not named is fixed at. */
export const defaultTreatment = Object.fromEntries(
  factorNames.map((factor) => [factor, factors[factor].default]),
) as Treatment

/**
 * A treatment as a journal holds it: factors that came later than the journal are at their
 * defaults.
 */
export function completeTreatment(stored: Selection): Treatment {
  return { ...defaultTreatment, ...stored }
}

/** Throws `TypeError`, naming the nearest factor, for a name that is none. */
export function checkFactors(option: string, named: readonly string[]): void {
  checkNames(named, factorNames, `\`${option}\` to name factors`)
}

/** Two treatments with the same level of every factor. */
export function sameTreatment(a: Treatment, b: Treatment): boolean {
  return factorNames.every((factor) => a[factor] === b[factor])
}

/**
 * The one of some treatments that a selection fits. Throws `TypeError` naming the option when it
 * fits another number of them.
 */
export function namedTreatment(treatments: readonly Treatment[], option: string, selection: Selection): Treatment {
  checkFactors(option, Object.keys(selection))
  const found = treatments.filter((treatment) => sameTreatment({ ...treatment, ...selection }, treatment))
  if (found.length === 1) return found[0]!
  const remedy = found.length === 0 ? '' : `: add ${listLevels(found, varyingFactors(found))}`
  throw new TypeError(
    `Expected \`${option}\` to name one of the study's treatments, got ${JSON.stringify(selection)}, which fits ${found.length}${remedy}`,
  )
}

/**
 * Some factors with their levels among some treatments: "`workers` (1, 2) and `batchSize` (10000,
 * 30000)".
 */
export function listLevels(treatments: readonly Treatment[], named: readonly Factor[]): string {
  return named.map((factor) => `\`${factor}\` (${levelsOf(treatments, factor).map(String).join(', ')})`).join(' and ')
}

/** The factors that have several levels among some treatments. */
export function varyingFactors(treatments: readonly Treatment[]): Factor[] {
  return factorNames.filter((factor) => levelsOf(treatments, factor).length > 1)
}

/** The levels of a factor among some treatments, each once, in the order of the plan. */
export function levelsOf<F extends Factor>(treatments: readonly Treatment[], factor: F): Treatment[F][] {
  return [...new Set(treatments.map((treatment) => treatment[factor]))]
}

/** A number of records in short: 10K, 2.5K, 1,234. */
export function shortCount(records: number): string {
  return records >= 1000 && records % 100 === 0
    ? `${(records / 1000).toLocaleString('en-US')}K`
    : records.toLocaleString('en-US')
}

/**
 * The words of a level, and the number among them where it has one: "4" and " workers", "10K",
 * "queue", "synchronous commit off".
 */
export interface LevelWords {
  /** As it stands in the text; null for a level that is no number. */
  readonly number: string | null
  /** What stands after the number; the whole text without one. */
  readonly rest: string
}

/** A level in words, with its number apart. */
export function levelWords(factor: Factor, level: Level): LevelWords {
  const entry = factorEntry(factor)
  switch (entry.kind) {
    case 'count':
    case 'limit': {
      if (level === null) return { number: null, rest: entry.kind === 'limit' ? entry.unlimited : String(level) }
      const value = Number(level)
      if (entry.things === null) return { number: shortCount(value), rest: '' }
      const number = entry.kind === 'limit' ? shortCount(value) : value.toLocaleString('en-US')
      return { number, rest: ` ${entry.things[value === 1 ? 0 : 1]}` }
    }
    case 'choice':
      return { number: null, rest: entry.words?.[String(level)] ?? String(level) }
    case 'switch':
      return { number: null, rest: `${entry.label} ${level ? 'on' : 'off'}` }
    case 'named':
      return { number: null, rest: level === entry.default ? `default ${entry.label}` : `${entry.label} ${level}` }
    default:
      throw new TypeError(`Unknown kind of factor ${(entry satisfies never as FactorEntry).kind}`)
  }
}

/** "4 workers", "10K", "queue", "2 secondary indexes", "synchronous commit off" */
export function levelText(factor: Factor, level: Level): string {
  const { number, rest } = levelWords(factor, level)
  return `${number ?? ''}${rest}`
}

/**
 * A treatment in words, naming the factors that vary among `treatments`: "4 workers × 10,000,
 * binary".
 */
export function treatmentLabel(treatment: Treatment, treatments: readonly Treatment[]): string {
  const rest = varyingFactors(treatments).filter((factor) => factor !== 'workers' && factor !== 'batchSize')
  return [
    `${levelText('workers', treatment.workers)} × ${treatment.batchSize.toLocaleString('en-US')}`,
    ...rest.map((factor) => levelText(factor, treatment[factor])),
  ].join(', ')
}
