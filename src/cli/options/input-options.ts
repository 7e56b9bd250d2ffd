import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type {
  Column,
  CsvColumn,
  CsvOptions,
  FlightsOptions,
  Input,
  InputToInspect,
  Plan,
  SyntheticOptions,
} from '../../entries/executor.js'
import { csv, flights, synthetic } from '../../entries/executor.js'
import { inspected } from '../../executor/input/input.js'
import { inputNamed, namesFiles } from '../../executor/input/input-named.js'
import { listed } from '../../names.js'
import { type CsvFlags, csvOptionsOf } from './csv-options.js'

export interface InputFlags extends CsvFlags {
  readonly input: string
  readonly records?: number
  readonly offset?: number
}

/** The input that the flags ask for: `flights`, `synthetic`, or a CSV file or a folder of them. */
export function inputOf(flags: InputFlags): Input | InputToInspect {
  const { input, records, offset } = flags
  return inputNamed(namesFiles(input) ? resolve(input) : input, { ...csvOptionsOf(flags), records, offset })
}

/**
 * Rebuilds the input that a study loaded from its plan, which holds all of it but the folder of CSV
 * files.
 */
export async function inputOfPlan({ name, input: stated }: Plan, files?: string): Promise<Input> {
  const input = await inspected(inputStated(name, stated, files))
  const described = JSON.parse(JSON.stringify(input.describe())) as Plan['input']
  const keys = [...new Set([...Object.keys(stated), ...Object.keys(described)])]
  const differing = keys.filter((key) => !isDeepStrictEqual(described[key], stated[key]))
  if (differing.length > 0) {
    throw new RangeError(
      `Expected the files that ${name} loaded, got others, or changed ones: ${listed(differing.map((key) => `\`${key}\``))} ${differing.length === 1 ? 'differs' : 'differ'} from its plan`,
    )
  }
  return input
}

function inputStated(name: string, stated: Plan['input'], files?: string): Input | InputToInspect {
  const { kind, files: _files, content: _content, columns, header, nulls, textNulls, ...options } = stated
  switch (kind) {
    case 'flights':
      return flights(options as FlightsOptions)
    case 'synthetic':
      return synthetic(options as SyntheticOptions)
    case 'csv':
      if (files === undefined)
        throw new TypeError(`Expected --files to name the folder of the CSV files that ${name} loaded`)
      if (stated.analyse !== 'by column type') {
        throw new TypeError(
          `Expected an input that a plan can hold, but ${name} analyses its lines with a function: call \`confirm\` in code`,
        )
      }
      return csv(files, {
        ...(options as CsvOptions),
        columns: (columns as readonly Column[]).map(({ name, type, declared, notNull }) => ({
          name,
          type: (declared ?? type) as CsvColumn['type'],
          notNull,
        })),
        // Of a split file only the first part has one.
        header: header === 'some' ? undefined : (header as boolean),
        // Spellings that were stated hold for columns of text too; others are found out again.
        null: nulls !== undefined && isDeepStrictEqual(nulls, textNulls) ? (nulls as readonly string[]) : undefined,
        analyse: undefined,
      })
    default:
      throw new TypeError(`Expected ${name} to have loaded flights, synthetic or csv, got ${String(stated.kind)}`)
  }
}
