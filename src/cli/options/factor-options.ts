import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Factors } from '../../study/design.js'
import type { FactorEntry, NamedFactor } from '../../study/factors/factor.js'
import { type Factor, factorEntry, factorNames, type Level, type Selection } from '../../study/treatment.js'
import { integer, onOff, words } from './options.js'

/**
 * Values of the options for factors on the command line: lists of levels, or named levels with
 * their meanings.
 */
export type FactorFlags = { readonly [F in Factor]?: unknown }

/** Levels of the factors that are varied by default. */
const defaultLevels: { readonly [F in Factor]?: readonly Level[] } = { workers: [1, 2, 4], batchSize: [10_000] }

/** Adds an option for every factor. */
export function addFactorOptions(command: Command): Command {
  for (const factor of factorNames) command.addOption(factorOption(factor))
  return command
}

function factorOption(factor: Factor): Option {
  const entry = factorEntry(factor)
  const name = `--${factor.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (entry.kind === 'named') {
    return new Option(`${name} <level>`, `${plain(entry.summary)}: ${entry.usage}`).argParser(namedLevelParser(entry))
  }
  if (entry.kind === 'spelled') {
    const usage = `${plain(entry.summary)}: ${entry.usage}; repeat the option for each level`
    return new Option(`${name} <level>`, usage).argParser((text: string, before: readonly string[] = []) => [
      ...before,
      ...words(text),
    ])
  }
  const option = new Option(`${name} <list>`, `${levelsText(entry)}: ${plain(entry.summary)}`)
  option.argParser((text: string) => words(text).map((level) => parseLevel(factor, level)))
  const levels = defaultLevels[factor]
  return levels ? option.default(levels, levels.join(',')) : option
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
        `Expected factor=level, several joined by commas without spaces, such as workers=2,batchSize=10000, with factors out of ${factorNames.join(', ')}.`,
      )
    }
    return [name, parseLevel(name as Factor, value)]
  })
  return Object.fromEntries(entries) as Selection
}

/**
 * Throws `TypeError` for levels that are separated by spaces: only the first would reach their
 * option.
 */
export function refuseSpacedLevels(args: readonly string[]): void {
  const isLevels = (text = ''): boolean => factorNames.some((factor) => text.startsWith(`${factor}=`))
  const at = args.findIndex((arg, k) => isLevels(arg) && isLevels(args[k - 1]))
  if (at < 0) return
  const given = args.slice(at - 1)
  const end = given.findIndex((arg) => !isLevels(arg))
  const levels = given.slice(0, end < 0 ? given.length : end)
  throw new TypeError(
    `Expected levels joined by commas without spaces, ${levels.map((one) => one.replace(/,$/, '')).join(',')}, got ${levels.join(' ')}`,
  )
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

/**
 * Returns a parser of "flush=backend_flush_after=256kB": a level's name and, after the first =, its
 * meaning, added to the levels before it.
 */
function namedLevelParser(entry: NamedFactor<unknown>) {
  return (text: string, before: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => {
    const at = text.indexOf('=')
    const level = at < 0 ? text : text.slice(0, at)
    if (Object.hasOwn(before, level)) throw new InvalidArgumentError(`The level ${level} is given twice.`)
    if (at < 0) {
      if (level === entry.default) return { ...before, [level]: {} }
      if (entry.isInFile && level !== '') return { ...before, [level]: null }
      throw new InvalidArgumentError(`Expected ${entry.usage}.`)
    }
    try {
      return { ...before, [level]: entry.parse(text.slice(at + 1)) }
    } catch (error) {
      throw new InvalidArgumentError(`${(error as Error).message}.`)
    }
  }
}
