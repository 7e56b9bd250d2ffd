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
/** What the clock includes. */
export type Source = Treatment['source']
/** Destination of the payloads. */
export type Target = Treatment['target']
/** Whether the table writes WAL. */
export type Persistence = Treatment['persistence']

/** Any level of any factor. */
export type Level = Treatment[Factor]

/** Every factor, in the order in which treatments list them. */
export const factorNames = Object.keys(factors) as readonly Factor[]

/** Returns a factor's entry in the list. */
export function factorEntry(factor: Factor): FactorEntry {
  return factors[factor]
}

/** Default level of every factor: the arrangement that the working note describes. */
export const defaultTreatment = Object.fromEntries(
  factorNames.map((factor) => [factor, factors[factor].default]),
) as Treatment

/**
 * Completes a treatment from a journal: factors introduced after the journal was written get their
 * defaults.
 */
export function completeTreatment(stored: Selection): Treatment {
  return { ...defaultTreatment, ...stored }
}

/** The journal format that had the first factors. */
export const firstFormat = 2

/**
 * Returns a treatment without those levels that are defaults of factors introduced after format 2:
 * what a plan's hash covers, and what a journal line holds.
 */
export function withoutLaterDefaults(treatment: Treatment): Selection {
  const told = factorNames.filter((factor) => {
    const { since, default: level } = factorEntry(factor)
    return since <= firstFormat || treatment[factor] !== level
  })
  return Object.fromEntries(told.map((factor) => [factor, treatment[factor]]))
}

/** Throws `TypeError`, naming the nearest factor, for a name that is not a factor. */
export function checkFactors(option: string, named: readonly string[]): void {
  checkNames(named, factorNames, `\`${option}\` to name factors`)
}

/** Whether a treatment's records are loaded by a program, and not by copylab itself. */
export const isByProgram = ({ loader }: Pick<Treatment, 'loader'>): boolean => loader !== defaultTreatment.loader

/**
 * Whether a treatment takes its level of a factor: a program does not take those that are of
 * copylab's own workers alone.
 */
export function takes(treatment: Treatment, factor: Factor): boolean {
  return !(isByProgram(treatment) && factorEntry(factor).withoutEffect?.(treatment))
}

/** Whether two treatments have equal levels of every factor. */
export function sameTreatment(a: Treatment, b: Treatment): boolean {
  if (a === b) return true
  for (const factor of factorNames) if (a[factor] !== b[factor]) return false
  return true
}

/**
 * Returns the one of the treatments that has the selected levels. Throws `TypeError` naming the
 * option when none or several have them.
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
 * Lists the named factors with their levels among the treatments: "`workers` (1, 2) and `batchSize`
 * (10000, 30000)".
 */
export function listLevels(treatments: readonly Treatment[], named: readonly Factor[]): string {
  return named.map((factor) => `\`${factor}\` (${levelsOf(treatments, factor).map(String).join(', ')})`).join(' and ')
}

/** Returns the factors that have several levels among the treatments. */
export function varyingFactors(treatments: readonly Treatment[]): Factor[] {
  return factorNames.filter((factor) => levelsOf(treatments, factor).length > 1)
}

/** Returns the levels of a factor among the treatments, each once, in the order of the plan. */
export function levelsOf<F extends Factor>(treatments: readonly Treatment[], factor: F): Treatment[F][] {
  return [...new Set(treatments.map((treatment) => treatment[factor]))]
}

/** Formats a number of records in short form: 10K, 2.5K, 1,234. */
export function shortCount(records: number): string {
  return records >= 1000 && records % 100 === 0
    ? `${(records / 1000).toLocaleString('en-US')}K`
    : records.toLocaleString('en-US')
}

/**
 * Text of a level, with its number separated where it has one: "4" and " workers", "10K", "queue",
 * "synchronous commit off".
 */
export interface LevelWords {
  /** The number as formatted in the text; null for a level that is not a number. */
  readonly number: string | null
  /** The text after the number; the whole text without one. */
  readonly rest: string
}

/** Returns the text of a level, with its number separated. */
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
    case 'spelled':
      return { number: null, rest: entry.words(String(level)) }
    case 'named':
      return { number: null, rest: level === 'default' ? `default ${entry.label}` : `${entry.label} ${level}` }
    default:
      throw new TypeError(`Unknown kind of factor ${(entry satisfies never as FactorEntry).kind}`)
  }
}

/**
 * Returns the text of a level: "4 workers", "10K", "queue", "2 secondary indexes", "synchronous
 * commit off".
 */
export function levelText(factor: Factor, level: Level): string {
  const { number, rest } = levelWords(factor, level)
  return `${number ?? ''}${rest}`
}

/**
 * Describes a treatment by the factors that vary among `treatments`: "4 workers × 10,000, binary".
 */
export function treatmentLabel(treatment: Treatment, treatments: readonly Treatment[]): string {
  const rest = varyingFactors(treatments).filter(
    (factor) => factor !== 'workers' && factor !== 'batchSize' && takes(treatment, factor),
  )
  return [
    `${levelText('workers', treatment.workers)} × ${treatment.batchSize.toLocaleString('en-US')}`,
    ...rest.map((factor) => levelText(factor, treatment[factor])),
  ].join(', ')
}
