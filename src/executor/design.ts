import { createHash } from 'node:crypto'
import type { Factors, Treatment } from './types.js'

/** The arrangement that the working note describes; what a factor that is not named is fixed at. */
export const defaultTreatment: Treatment = {
  workers: 2,
  batchSize: 10_000,
  dispatch: 'split',
  client: 'event-loop',
  encoding: 'text',
  source: 'pipeline',
  target: 'table',
  secondaryIndexes: 0,
  persistence: 'logged',
  synchronousCommit: true,
}

/** Each factor's levels may be any of these; null asks for an integer from the given minimum. */
const levels: { readonly [K in keyof Treatment]: readonly Treatment[K][] | { readonly integerFrom: number } } = {
  workers: { integerFrom: 1 },
  batchSize: { integerFrom: 1 },
  dispatch: ['split', 'queue'],
  client: ['event-loop', 'threads'],
  encoding: ['text', 'binary'],
  source: ['pipeline', 'prepared'],
  target: ['table', 'nothing'],
  secondaryIndexes: { integerFrom: 0 },
  persistence: ['logged', 'unlogged'],
  synchronousCommit: [true, false],
}

const factorNames = Object.keys(levels) as (keyof Treatment)[]

/** The levels of every factor, each checked. Throws `TypeError` for a factor or a level that does not exist. */
function checkedLevels(factors: Factors): Map<keyof Treatment, readonly Treatment[keyof Treatment][]> {
  for (const name of Object.keys(factors)) {
    if (!(name in levels)) throw new TypeError(`Expected a factor out of ${factorNames.join(', ')}, got \`${name}\``)
  }
  const checked = new Map<keyof Treatment, readonly Treatment[keyof Treatment][]>()
  for (const name of factorNames) {
    const given = factors[name] ?? defaultTreatment[name]
    const list: readonly Treatment[keyof Treatment][] = Array.isArray(given) ? given : [given as Treatment[typeof name]]
    const allowed = levels[name]
    const fits = (level: unknown): boolean =>
      'integerFrom' in allowed
        ? Number.isSafeInteger(level) && (level as number) >= allowed.integerFrom
        : (allowed as readonly unknown[]).includes(level)
    const wanted =
      'integerFrom' in allowed
        ? `integers from ${allowed.integerFrom}`
        : allowed.map((l) => JSON.stringify(l)).join(' | ')
    if (list.length === 0 || !list.every(fits) || new Set(list).size !== list.length) {
      throw new TypeError(`Expected \`${name}\` to be a list of different ${wanted}, got ${JSON.stringify(given)}`)
    }
    checked.set(name, list)
  }
  return checked
}

/**
 * Every combination of the factors' levels, in the order in which they are listed; absent factors take `defaultTreatment`. Of
 * several grids, the union: each treatment once.
 */
export function treatmentsOf(factors: Factors | readonly Factors[]): Treatment[] {
  const grids = Array.isArray(factors) ? (factors as readonly Factors[]) : [factors as Factors]
  if (grids.length === 0) throw new TypeError('Expected `factors` to be an object, or a list of one or more, got []')
  const treatments: Treatment[] = []
  for (const treatment of grids.flatMap(gridOf)) {
    if (!treatments.some((other) => sameTreatment(other, treatment))) treatments.push(treatment)
  }
  return treatments
}

function gridOf(factors: Factors): Treatment[] {
  let treatments: Treatment[] = [defaultTreatment]
  for (const [name, list] of checkedLevels(factors)) {
    treatments = treatments.flatMap((treatment) => list.map((level) => ({ ...treatment, [name]: level })))
  }
  return treatments
}

/**
 * The random order of a block: a permutation of 0 … treatments − 1 that depends on nothing but the seed, the block and the
 * number of treatments, so that blocks can be added later without changing the earlier ones. Sorting by the SHA-256 of
 * (seed, block, treatment) makes every permutation equally likely.
 */
export function blockOrder(seed: number, block: number, treatments: number): number[] {
  return Array.from({ length: treatments }, (_, treatment) => ({
    treatment,
    key: createHash('sha256').update(`${seed}/${block}/${treatment}`).digest('hex'),
  }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ treatment }) => treatment)
}

/** Two treatments with the same level of every factor. */
export function sameTreatment(a: Treatment, b: Treatment): boolean {
  return factorNames.every((name) => a[name] === b[name])
}

/** A treatment in words, naming the factors that vary among `treatments`: "4 workers × 10,000, binary". */
export function describeTreatment(treatment: Treatment, treatments: readonly Treatment[]): string {
  const varied = factorNames.filter(
    (name) =>
      name !== 'workers' && name !== 'batchSize' && treatments.some((other) => other[name] !== treatments[0]?.[name]),
  )
  const workers = `${treatment.workers} ${treatment.workers === 1 ? 'worker' : 'workers'}`
  const rest = varied.map((name) => {
    const level = treatment[name]
    return typeof level === 'string' ? level : `${name} ${level}`
  })
  return [`${workers} × ${treatment.batchSize.toLocaleString('en-US')}`, ...rest].join(', ')
}
