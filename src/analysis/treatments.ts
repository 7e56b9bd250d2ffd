import type { CompletedTrial, Study, Treatment } from '../executor/types.js'
import { joined, type Part, type Phrase, phrase, type QuotedNumber } from './phrase.js'
import { countedThings, quoted, quotedCount, quotedPlace } from './quoted.js'

/** The name of a factor: any field of a treatment. */
export type Factor = keyof Treatment

/** Some factors fixed at one level each. */
export type Selection = { readonly [F in Factor]?: Treatment[F] }

/** What factors are called. */
export const factorLabels: { readonly [F in Factor]: string } = {
  workers: 'workers',
  batchSize: 'batch size',
  dispatch: 'dispatch',
  client: 'client',
  encoding: 'encoding',
  source: 'source',
  target: 'target',
  secondaryIndexes: 'secondary indexes',
  persistence: 'persistence',
  synchronousCommit: 'synchronous commit',
}

/** Every factor, in the order in which treatments list them. */
export const factors = Object.keys(factorLabels) as readonly Factor[]

/** Whether two treatments have the same level of every factor. */
export function sameTreatment(a: Treatment, b: Treatment): boolean {
  return factors.every((factor) => a[factor] === b[factor])
}

/** The factors that have several levels among some treatments. */
export function varyingFactors(treatments: readonly Treatment[]): Factor[] {
  return factors.filter((factor) => levelsOf(treatments, factor).length > 1)
}

/** The levels of a factor among some treatments, each once, in the order of the plan. */
export function levelsOf<F extends Factor>(treatments: readonly Treatment[], factor: F): Treatment[F][] {
  return [...new Set(treatments.map((treatment) => treatment[factor]))]
}

/** Some factors with their levels among some treatments, in words: "`workers` (1, 2) and `batchSize` (10000, 30000)". */
export function listLevels(treatments: readonly Treatment[], named: readonly Factor[]): string {
  return named.map((factor) => `\`${factor}\` (${levelsOf(treatments, factor).map(String).join(', ')})`).join(' and ')
}

/** Returns the names when all are factors; throws `RangeError` otherwise. */
export function checkedFactors(option: string, named: readonly Factor[]): readonly Factor[] {
  const wrong = named.find((factor) => !factors.includes(factor))
  if (wrong === undefined) return named
  throw new RangeError(
    `Expected \`${option}\` to list factors out of ${factors.join(', ')}, got ${JSON.stringify(wrong)}`,
  )
}

/** The plan's treatments, each once, that have the selected levels. Throws `RangeError` for a factor or a level that the study does not have. */
export function selectTreatments(study: Study, selection: Selection = {}, option = 'where'): Treatment[] {
  const all = study.plan.treatments.filter((one, k, list) => list.findIndex((other) => sameTreatment(one, other)) === k)
  for (const [factor, level] of Object.entries(selection) as [Factor, unknown][]) {
    if (!factors.includes(factor)) {
      throw new RangeError(`Expected \`${option}\` to name factors out of ${factors.join(', ')}, got \`${factor}\``)
    }
    const levels: readonly unknown[] = levelsOf(all, factor)
    if (!levels.includes(level)) {
      throw new RangeError(
        `Expected \`${option}.${factor}\` to be a level of study ${study.plan.name} (${levels.map(String).join(', ')}), got ${JSON.stringify(level)}`,
      )
    }
  }
  return all.filter((one) =>
    factors.every((factor) => selection[factor] === undefined || one[factor] === selection[factor]),
  )
}

/** The one treatment that a selection leaves. Throws `RangeError` naming the factor to add, and its levels, when it leaves several. */
export function selectTreatment(study: Study, selection: Selection, option: string): Treatment {
  const left = selectTreatments(study, selection, option)
  const [only] = left
  if (!only) {
    throw new RangeError(
      `Expected \`${option}\` to name a treatment of study ${study.plan.name}, got ${JSON.stringify(selection)}, which no treatment has`,
    )
  }
  if (left.length === 1) return only
  throw new RangeError(
    `Expected \`${option}\` to name one treatment, got ${JSON.stringify(selection)}, which leaves ${left.length}: add ${listLevels(left, varyingFactors(left))}`,
  )
}

/** The completed, measured trials of a treatment, in run order. */
export function trialsOf(study: Study, treatment: Treatment): CompletedTrial[] {
  return study.trials.filter(
    (trial): trial is CompletedTrial =>
      trial.state === 'completed' && trial.phase === 'measured' && sameTreatment(trial.treatment, treatment),
  )
}

/** A number of things in words: "1 block", "12 blocks", "10,000 records". */
export function counted(count: number, thing: string): string {
  return countedThings(thing, count, thing).text
}

/** A batch size in short: 10K, 2.5K, 1,234. */
export function shortCount(count: number): string {
  return count >= 1000 && count % 100 === 0
    ? `${(count / 1000).toLocaleString('en-US')}K`
    : count.toLocaleString('en-US')
}

/** The same with its number. */
export function shortBatchSize(name: string, batchSize: number, meaning = 'records in a batch'): QuotedNumber {
  return quoted(name, batchSize, shortCount(batchSize), meaning)
}

/** One level in words: "4 workers", "10K", "queue", "2 secondary indexes", "synchronous commit off". */
export function describeLevel(factor: Factor, treatment: Treatment): string {
  return levelPhrase(factor, treatment).text
}

/** The same with the number in it, under the factor's name. */
export function levelPhrase(factor: Factor, treatment: Treatment): Phrase {
  switch (factor) {
    case 'workers':
      return countedThings('workers', treatment.workers, 'worker')
    case 'batchSize':
      return phrase`${shortBatchSize('batchSize', treatment.batchSize)}`
    case 'secondaryIndexes': {
      const { secondaryIndexes } = treatment
      return phrase`${quotedCount('secondaryIndexes', secondaryIndexes, 'secondary indexes')} secondary ${secondaryIndexes === 1 ? 'index' : 'indexes'}`
    }
    case 'synchronousCommit':
      return phrase`synchronous commit ${treatment.synchronousCommit ? 'on' : 'off'}`
    case 'target':
      return phrase`into ${treatment.target === 'table' ? 'a table' : 'nothing'}`
    default:
      return phrase`${treatment[factor]}`
  }
}

/** The levels that tell a treatment from others of its study, beside that of one factor: "10K, queue"; empty where no other factor varies. */
export function levelsBeside(study: Study, treatment: Treatment, beside: Factor): Phrase {
  const named = varyingFactors(study.plan.treatments).filter((factor) => factor !== beside)
  return treatmentLevels(treatment, named)
}

/** A treatment in words: its levels of the given factors, such as "4 workers, 10K, queue". */
export function describeTreatment(treatment: Treatment, named: readonly Factor[]): string {
  return treatmentLevels(treatment, named).text
}

function treatmentLevels(treatment: Treatment, named: readonly Factor[]): Phrase {
  return joined(
    named.map((factor) => levelPhrase(factor, treatment)),
    ', ',
  )
}

/** The levels that vary, factor by factor; where treatments are no full grid of them, how many there are. */
export function treatmentsPhrase({ plan: { treatments } }: Pick<Study, 'plan'>): Phrase {
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

function levelPart(factor: Factor, level: string | number | boolean, place: number): Part {
  if (typeof level !== 'number') return String(level)
  const name = `${factor}.${place}`
  return factor === 'batchSize' ? shortBatchSize(name, level) : quotedPlace(name, level, factorLabels[factor])
}
