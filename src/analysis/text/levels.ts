import type { Study } from '../../study/study.js'
import {
  type Factor,
  factorEntry,
  type Level,
  levelsOf,
  levelText,
  levelWords,
  type Selection,
  shortCount,
  type Treatment,
  varyingFactors,
} from '../../study/treatment.js'
import { type Fragment, joined, type Phrase, phrase, type QuotedNumber } from './phrase.js'
import { countedThings, quoted } from './quoted.js'

/** Writes a number of things: "1 block", "12 blocks", "10,000 records". */
export function counted(count: number, thing: string): string {
  return countedThings(thing, count, thing).text
}

/**
 * Writes one level: "4 workers", "10K", "queue", "2 secondary indexes", "synchronous commit off".
 */
export function describeLevel(factor: Factor, treatment: Treatment): string {
  return levelText(factor, treatment[factor])
}

/** Writes one level with the number in it, named by the factor. */
export function levelPhrase(factor: Factor, treatment: Treatment): Phrase {
  const { number, rest } = levelWords(factor, treatment[factor])
  return number === null ? phrase`${rest}` : phrase`${levelNumber(factor, factor, treatment[factor], number)}${rest}`
}

/**
 * Writes a level in as few words as its factor's name leaves: "4" of workers, "off" of synchronous
 * commit.
 */
export function shortLevelPhrase(factor: Factor, treatment: Treatment): Phrase {
  const level = treatment[factor]
  if (typeof level === 'boolean') return phrase`${level ? 'on' : 'off'}`
  const { number } = levelWords(factor, level)
  return number === null ? levelPhrase(factor, treatment) : phrase`${levelNumber(factor, factor, level, number)}`
}

function levelNumber(name: string, factor: Factor, level: Level, text: string): QuotedNumber {
  return quoted(name, Number(level), text, numberMeaning(factor))
}

/** Returns the meaning of the number in a level. */
function numberMeaning(factor: Factor): string {
  const entry = factorEntry(factor)
  return 'things' in entry && entry.things !== null ? entry.things[1] : 'records in a batch'
}

/**
 * Returns the levels that distinguish a treatment from others of its study, without the level of
 * one factor; none where no other factor varies.
 */
export function levelsExcept({ plan }: Pick<Study, 'plan'>, treatment: Treatment, excepted: Factor): Selection {
  const named = varyingFactors(plan.treatments).filter((factor) => factor !== excepted)
  return Object.fromEntries(named.map((factor) => [factor, treatment[factor]]))
}

/** Writes some levels: "10K, queue"; empty for none. */
export function selectionPhrase(selection: Selection): Phrase {
  return treatmentLevels(selection as Treatment, Object.keys(selection) as Factor[])
}

/** Writes the beginning of a sentence about some levels: "10K, queue: "; empty for none. */
export function subjectPhrase(selection: Selection): Phrase {
  const levels = selectionPhrase(selection)
  return levels.text === '' ? levels : phrase`${levels}: `
}

/** Writes a treatment by its levels of the given factors: "4 workers, 10K, queue". */
export function describeTreatment(treatment: Treatment, named: readonly Factor[]): string {
  return treatmentLevels(treatment, named).text
}

function treatmentLevels(treatment: Treatment, named: readonly Factor[]): Phrase {
  return joined(
    named.map((factor) => levelPhrase(factor, treatment)),
    ', ',
  )
}

/**
 * Writes the levels that vary, factor by factor; where treatments are no full grid of them, their
 * number.
 */
export function treatmentsPhrase(treatments: readonly Treatment[]): Phrase {
  const varying = varyingFactors(treatments)
  const named: readonly Factor[] = varying.length > 0 ? varying : ['workers', 'batchSize']
  const levels = named.map((factor) => levelsOf(treatments, factor))
  const lists = named.map((factor, k) => {
    const parts = levels[k]!.map((level, place) => levelPart(factor, level, place + 1))
    return phrase`${factor} ${joined(parts, ', ')}`
  })
  const grid = joined(lists, ' × ')
  const isGrid = levels.reduce((product, { length }) => product * length, 1) === treatments.length
  return isGrid ? grid : phrase`${countedThings('treatments', treatments.length, 'treatment')} out of ${grid}`
}

function levelPart(factor: Factor, level: Level, place: number): Fragment {
  if (typeof level !== 'number') return String(level)
  const text = factor === 'batchSize' ? shortCount(level) : String(level)
  const meaning = factor === 'batchSize' ? numberMeaning(factor) : factorEntry(factor).label
  return quoted(`${factor}.${place}`, level, text, meaning)
}
