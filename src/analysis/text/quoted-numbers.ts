import type { Study } from '../../study/study.js'
import { numbersUnder, type QuotedNumber } from './phrase.js'
import { settingNumbers } from './setting-numbers.js'
import { studyNumbers } from './study-numbers.js'

/**
 * The numbers that a text quotes from results, each named by the result's name and its own: `quotedNumbers({ c1: answer })` gives `c1.estimate`,
 * `c1.lower`, `c1.blocks` and so on. Takes whatever has sentences of `copylab/analysis` (comparisons, best sets, fits, confirmations, explanations,
 * deviations, findings, …), studies, numbers of `methodNumbers`, phrases, parameters and other plain records of numbers, and lists of
 * them all; the members of a list are named by what they are about, or by their place. Throws `TypeError` for anything else, and `RangeError`
 * where two numbers that differ would get one name.
 */
export function quotedNumbers(results: Readonly<Record<string, unknown>>): QuotedNumber[] {
  const found = new Map<string, QuotedNumber>()
  for (const number of membersOf('', results)) {
    const before = found.get(number.name)
    if (before && before.text !== number.text) {
      throw new RangeError(
        `Expected numbers whose names differ, got ${number.name} for ${before.text} and ${number.text}: give the results other names`,
      )
    }
    found.set(number.name, number)
  }
  return [...found.values()]
}

function numbersOf(name: string, value: unknown): readonly QuotedNumber[] {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return []
  if (typeof value === 'number') return settingNumbers(name, value)
  if (Array.isArray(value)) return listNumbers(name, value)
  if (!isRecord(value)) {
    throw new TypeError(
      `Expected \`${name}\` to be a result of copylab/analysis, a study, or a record of numbers, got ${typeof value === 'object' ? `a ${value.constructor.name}` : typeof value}`,
    )
  }
  if (isStudy(value)) return numbersUnder(name, studyNumbers(value))
  if (isQuoted(value)) return numbersUnder(name, [value])
  if (!isSaid(value)) return membersOf(name, value)
  const beside = besides.flatMap((member) => numbersOf(`${name}.${member}`, value[member]))
  return [...numbersUnder(name, value.numbers), ...beside]
}

/** The members of a result that have sentences of their own, quoted beside the result's. */
const besides = ['controls', 'lockShare'] as const

function membersOf(name: string, record: Readonly<Record<string, unknown>>): QuotedNumber[] {
  return Object.entries(record).flatMap(([key, value]) => numbersOf(name === '' ? key : `${name}.${key}`, value))
}

function listNumbers(name: string, list: readonly unknown[]): QuotedNumber[] {
  const taken = new Set<string>()
  return list.flatMap((item, k) => {
    if (isRecord(item) && isQuoted(item)) return numbersUnder(name, [item])
    const wanted = labelOf(item) ?? String(k + 1)
    const label = taken.has(wanted) ? `${wanted}.${k + 1}` : wanted
    taken.add(label)
    return numbersOf(`${name}.${label}`, item)
  })
}

/** What tells a member of a list from the others: a claim's id, a finding's code, the levels that a best set or a fit is at. */
function labelOf(item: unknown): string | null {
  if (!isRecord(item)) return null
  const { id, code, at, choice } = item
  const label = [id, code, at, isRecord(choice) ? choice.at : null].find((one) => typeof one === 'string' && one !== '')
  return typeof label === 'string' ? label.replace(/[^A-Za-z0-9]+/g, '-') : null
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // A notebook's cell has an Object of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

const isStudy = (value: Fields): value is Fields & Study => 'plan' in value && 'trials' in value && 'contexts' in value
const isSaid = (value: Fields): value is Fields & { readonly numbers: readonly QuotedNumber[] } =>
  Array.isArray(value.numbers)
const isQuoted = (value: Fields): value is Fields & QuotedNumber =>
  typeof value.name === 'string' && typeof value.text === 'string' && typeof value.value === 'number'
