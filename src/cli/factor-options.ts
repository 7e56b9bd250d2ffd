import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Factors } from '../study/design.js'
import type { FactorEntry } from '../study/factor.js'
import { type Factor, factorEntry, factorNames, type Level, type Selection } from '../study/treatment.js'
import { integer, onOff, words } from './options.js'

/** What is given for factors on the command line: lists of levels, or named levels with their meanings. */
export type FactorFlags = { readonly [F in Factor]?: unknown }

/** Factors that are varied unless told. */
const usual: { readonly [F in Factor]?: readonly Level[] } = { workers: [1, 2, 4], batchSize: [10_000] }

/** Adds an option for every factor. */
export function addFactorOptions(command: Command): Command {
  for (const factor of factorNames) command.addOption(factorOption(factor))
  return command
}

function factorOption(factor: Factor): Option {
  const entry = factorEntry(factor)
  const name = `--${factor.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (entry.kind === 'named') {
    return new Option(`${name} <level>`, `${plain(entry.summary)}: ${entry.usage}`).argParser(addNamedLevel)
  }
  const option = new Option(`${name} <list>`, `${levelsText(entry)}: ${plain(entry.summary)}`)
  option.argParser((text: string) => words(text).map((level) => parseLevel(factor, level)))
  return usual[factor] ? option.default(usual[factor], usual[factor].join(',')) : option
}

const plain = (summary: string): string => summary.replaceAll('`', '')

function levelsText(entry: FactorEntry): string {
  switch (entry.kind) {
    case 'choice':
      return entry.levels.join(', ')
    case 'switch':
      return 'on, off'
    case 'limit':
      return 'numbers or null'
    default:
      return 'numbers'
  }
}

/** The factors that the flags set; the plan checks their levels. */
export function factorsOf(flags: FactorFlags): Factors {
  const given = factorNames.filter((factor) => flags[factor] !== undefined)
  return Object.fromEntries(given.map((factor) => [factor, flags[factor]])) as Factors
}

/** "workers=2,batchSize=10000" as part of a treatment. */
export function partialTreatment(text: string): Selection {
  const entries = words(text).map((item) => {
    const [name = '', value = ''] = item.split('=')
    if (!factorNames.includes(name as Factor) || value === '') {
      throw new InvalidArgumentError(
        `Expected factor=level, such as workers=2, with a factor out of ${factorNames.join(', ')}.`,
      )
    }
    return [name, parseLevel(name as Factor, value)]
  })
  return Object.fromEntries(entries) as Selection
}

/** A level as it is typed: a number, a word, on or off, null. */
function parseLevel(factor: Factor, text: string): Level {
  const { kind } = factorEntry(factor)
  switch (kind) {
    case 'count':
      return integer(text)
    case 'limit':
      return text === 'null' ? null : integer(text)
    case 'switch':
      return onOff(text)
    default:
      return text as Level
  }
}

/** "flush=backend_flush_after=256kB+work_mem=64MB", or the name of a level that means nothing of its own, added to those before it. */
function addNamedLevel(
  text: string,
  before: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const [name, ...settings] = splitOnce(text, '=').flatMap((part, k) => (k === 0 ? [part] : part.split('+')))
  const meaning = settings.map((setting) => {
    const [key = '', value = ''] = splitOnce(setting, '=')
    if (key === '' || value === '') {
      throw new InvalidArgumentError(
        'Expected default, or name=setting=value with more settings after +, such as flush=backend_flush_after=256kB.',
      )
    }
    return [key, value] as const
  })
  const twice = meaning.find(([key], k) => meaning.some(([other], at) => at < k && other === key))
  if (twice) throw new InvalidArgumentError(`${twice[0]} is set twice in ${name}.`)
  if (Object.hasOwn(before, name!)) throw new InvalidArgumentError(`The level ${name} is given twice.`)
  return { ...before, [name!]: Object.fromEntries(meaning) }
}

function splitOnce(text: string, sign: string): string[] {
  const at = text.indexOf(sign)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
