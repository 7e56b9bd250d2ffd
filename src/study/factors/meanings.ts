import { isDeepStrictEqual } from 'node:util'
import { type Factor, factorEntry, factorNames, type Treatment } from '../treatment.js'
import type { FactorEntry, NamedFactor } from './factor.js'
import type { factors } from './factors.js'

/** The factors whose levels are names. */
export type NamedFactorName = {
  [F in Factor]: (typeof factors)[F] extends NamedFactor<infer _> ? F : never
}[Factor]

/** Meaning of a named level of the factor `F`. */
export type MeaningOf<F extends NamedFactorName> =
  (typeof factors)[F] extends NamedFactor<infer Meaning> ? Meaning : never

/** Meaning of a level that is a name. */
export type Meaning = MeaningOf<NamedFactorName>

/**
 * Meanings of the named levels of a study: by factor, then by level. Default levels are not among
 * them: they change nothing.
 */
export type Meanings = { readonly [F in NamedFactorName]?: { readonly [level: string]: MeaningOf<F> } }

/** Named levels as they are given: `{ default: {}, flush: { backend_flush_after: '256kB' } }`. */
export type NamedLevels = { readonly [level: string]: Meaning }

/** Settings of the server that other factors make, with the names of these factors. */
const settingsOfFactors = new Map(
  factorNames.flatMap((factor): [string, string][] => {
    const { serverSetting } = factorEntry(factor)
    return serverSetting === undefined ? [] : [[serverSetting, factor]]
  }),
)

/**
 * Checks and merges the meanings of a factor's named levels, one set per grid. Throws `TypeError`
 * for invalid names or meanings.
 */
export function meaningsOf(factor: Factor, given: readonly NamedLevels[]): Record<string, Meaning> {
  const meanings: Record<string, Meaning> = {}
  for (const levels of given) {
    for (const [level, meaning] of Object.entries(levels)) {
      const checked = checkedMeaning(factor, level, meaning)
      if (checked !== null) addMeaning(meanings, factor, level, checked)
    }
  }
  return meanings
}

function addMeaning(meanings: Record<string, Meaning>, factor: Factor, level: string, meaning: Meaning): void {
  for (const [other, its] of Object.entries(meanings)) {
    const [sameName, sameMeaning] = [other === level, isDeepStrictEqual(its, meaning)]
    if (sameName === sameMeaning) continue
    const what = sameName ? `two meanings for \`${level}\`` : `one meaning for \`${other}\` and \`${level}\``
    throw new TypeError(`Expected each level of \`${factor}\` to have a meaning of its own, got ${what}`)
  }
  meanings[level] = meaning
}

/** Whether the named levels of a treatment have equal meanings in two plans. */
export function sameMeanings(treatment: Treatment, a: Meanings, b: Meanings): boolean {
  return factorNames.every((factor) => {
    const [inA, inB] = [a, b].map((all) => all[factor as NamedFactorName]?.[String(treatment[factor])])
    return isDeepStrictEqual(inA, inB)
  })
}

/** Checks the meaning of a level and returns it; null for the default level. */
function checkedMeaning(factor: Factor, level: string, given: unknown): Meaning | null {
  const entry = factorEntry(factor) as Extract<FactorEntry, { kind: 'named' }>
  if (!/^[a-z0-9][a-z0-9-]*$/.test(level)) {
    throw new TypeError(
      `Expected the levels of \`${factor}\` to be named in lower-case letters, digits and -, got ${JSON.stringify(level)}`,
    )
  }
  const name = `the level \`${level}\` of \`${factor}\``
  if (level !== entry.default) return entry.check(name, given, { settingsOfFactors }) as Meaning
  if (typeof given === 'object' && given !== null && Object.keys(given).length === 0) return null
  throw new TypeError(
    `Expected ${name} to be empty, since it changes nothing, got a meaning for it: give that another name`,
  )
}
