import {
  defaultTreatment,
  type Factor,
  factorEntry,
  factorNames,
  type Level,
  type Selection,
} from '../../study/treatment.js'
import { levelPhrase, shortLevelPhrase } from './levels.js'
import { joined, listed, type Phrase, phrase, prefixed } from './phrase.js'

/**
 * Writes two treatments by the factors that they name, the differing ones first: "2 workers vs 4 at
 * 10K", "queue vs split with 4 workers".
 */
export function contrastWords(a: Selection, b: Selection): Phrase {
  return phrase`${differingWords(a, b)}${whereWords(sharedLevels(a, b))}`
}

/** Writes the levels in which two treatments differ: "2 workers vs 4", "batches of 20K vs 10K". */
export function differingWords(a: Selection, b: Selection): Phrase {
  const versus = namedInBoth(a, b)
    .filter((factor) => a[factor] !== b[factor])
    .map((factor) => {
      const own = prefixed('a', levelWordsOf(factor, a[factor]!))
      const other = prefixed('b', shortLevelWords(factor, b[factor]!))
      return phrase`${factor === 'batchSize' ? 'batches of ' : ''}${own} vs ${other}`
    })
  return joined(versus, ' and ')
}

/** Returns the levels that two treatments have in common. */
export function sharedLevels(a: Selection, b: Selection): Selection {
  const shared = namedInBoth(a, b).filter((factor) => a[factor] === b[factor])
  return Object.fromEntries(shared.map((factor) => [factor, a[factor]]))
}

function namedInBoth(a: Selection, b: Selection): Factor[] {
  return factorNames.filter((factor) => a[factor] !== undefined && b[factor] !== undefined)
}

/**
 * Writes levels as the end of a sentence about what happens at them: " with 4 workers at 10K,
 * queue"; empty for none.
 */
export function whereWords(where: Selection): Phrase {
  const { workers, batchSize } = where
  const others = factorNames.filter(
    (factor) => where[factor] !== undefined && factor !== 'workers' && factor !== 'batchSize',
  )
  return joined(
    [
      workers === undefined ? '' : phrase` with ${levelWordsOf('workers', workers)}`,
      batchSize === undefined ? '' : phrase` at ${levelWordsOf('batchSize', batchSize)}`,
      ...others.map((factor) => phrase`, ${levelWordsOf(factor, where[factor]!)}`),
    ],
    '',
  )
}

/** Writes levels in a row: "10K, queue"; empty for none. */
export function levelsWords(selection: Selection): Phrase {
  const named = factorNames.filter((factor) => selection[factor] !== undefined)
  return joined(
    named.map((factor) => levelWordsOf(factor, selection[factor]!)),
    ', ',
  )
}

/**
 * Writes levels with the names of their factors where they are words: "source prepared and 2
 * secondary indexes".
 */
export function namedLevelsWords(selection: Selection): Phrase {
  const named = factorNames.filter((factor) => selection[factor] !== undefined)
  return listed(
    named.map((factor) => {
      const { kind, label } = factorEntry(factor)
      return phrase`${kind === 'choice' ? `${label} ` : ''}${levelWordsOf(factor, selection[factor]!)}`
    }),
  )
}

/** Writes a level as a place: "at 10K", "with queue". */
export function atLevelWords(factor: Factor, level: Level): Phrase {
  return phrase`${typeof level === 'number' ? 'at' : 'with'} ${levelWordsOf(factor, level)}`
}

/** Writes one level: "4 workers", "10K", "queue". */
export function levelWordsOf(factor: Factor, level: Level): Phrase {
  return levelPhrase(factor, { ...defaultTreatment, [factor]: level })
}

/** Writes one level in as few words as its factor's name leaves: "4" of workers. */
export function shortLevelWords(factor: Factor, level: Level): Phrase {
  return shortLevelPhrase(factor, { ...defaultTreatment, [factor]: level })
}

/** Writes levels of one factor in short: "2, 3 and 4". */
export function shortLevelsWords(name: string, factor: Factor, levels: readonly Level[]): Phrase {
  return listed(levels.map((level, k) => prefixed(`${name}.${k + 1}`, shortLevelWords(factor, level))))
}

/**
 * Returns the noun for one level of a factor, or for several: "worker count", "batch sizes",
 * "levels of encoding".
 */
export function levelNoun(factor: Factor, many = false): string {
  const entry = factorEntry(factor)
  const s = many ? 's' : ''
  if (entry.kind !== 'count') return `level${s} of ${entry.label}`
  return entry.things ? `${entry.things[0]} count${s}` : `${entry.label}${s}`
}
