import { Command, InvalidArgumentError, Option } from 'commander'
import type { Metric } from '../entries/analysis.js'
import { unknownName } from '../names.js'
import { studiesFolder } from '../study/journal/journal.js'
import { checkedMetric } from '../study/metric.js'
import { defaultLevel } from '../study/preregistration.js'
import { type Factor, factorNames } from '../study/treatment.js'
import { numbers, words } from './options/options.js'

/** Options of the commands that read studies; each command has some of them. */
export interface ReadingFlags {
  readonly folder: string
  readonly json?: boolean
  readonly metric: Metric
  readonly level?: number
  readonly by?: readonly Factor[]
}

/** Options that a command which reads studies has in addition to `--folder` and `--json`. */
export interface ReadingOptions {
  /**
   * Adds `--by`: the command answers for each level of some factors. The text states what it does
   * where none are named.
   */
  readonly by?: string
  readonly metric?: boolean
  /**
   * Adds `--level`, a confidence level: of what, and its default; null takes that of the study's
   * plan.
   */
  readonly level?: { readonly of?: string; readonly default: number | null }
}

/** A command that reads studies and answers in text, or in JSON for programs. */
export function readingCommand(name: string, { by, metric, level }: ReadingOptions = {}): Command {
  const command = new Command(name)
  if (by) command.option('--by <factors>', `for each level of these factors; ${by}`, factorList)
  if (metric) command.option('--metric <name>', 'a measure of the trials', checkedMetric, 'totalMs')
  if (level) command.addOption(levelOption(level))
  return command.addOption(folderOption()).option('--json', 'print JSON')
}

/** The option for the folder that holds the studies. */
export function folderOption(): Option {
  return new Option('--folder <path>', 'where studies are kept').default(studiesFolder, 'data/studies')
}

function levelOption({ of = '', default: level }: NonNullable<ReadingOptions['level']>): Option {
  const planned =
    level === null ? `; that of the study's plan by default, ${defaultLevel} where it preregisters none` : ''
  const option = new Option('--level <p>', `confidence level${of && ` ${of}`}${planned}`).argParser(parseLevel)
  return level === null ? option : option.default(level)
}

/** "0.95" */
function parseLevel(text: string): number {
  const [value, ...rest] = numbers(text)
  if (value === undefined || !(value > 0 && value < 1) || rest.length > 0)
    throw new InvalidArgumentError('Expected a share between 0 and 1, such as 0.95.')
  return value
}

/** "batchSize,encoding" */
function factorList(text: string): Factor[] {
  const names = words(text)
  const unknown = names.find((name) => !factorNames.includes(name as Factor))
  if (unknown !== undefined) throw new InvalidArgumentError(unknownName(unknown, factorNames, 'factors'))
  return names as Factor[]
}
