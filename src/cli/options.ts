import { isDeepStrictEqual } from 'node:util'
import { InvalidArgumentError, Option } from 'commander'
import type {
  Column,
  ColumnType,
  CsvOptions,
  FlightsOptions,
  Input,
  InputToInspect,
  OnBadRecord,
  Plan,
  SyntheticOptions,
  Treatment,
} from '../entries/executor.js'
import { csv, flights, synthetic } from '../entries/executor.js'
import { inspected } from '../executor/input/input.js'
import { passwordsIn } from '../passwords.js'

/** "1,2,4" */
export function integers(text: string): number[] {
  const values = text.split(',').map((item) => Number(item.trim().replaceAll('_', '')))
  if (!values.every(Number.isSafeInteger))
    throw new InvalidArgumentError('Expected whole numbers separated by commas, such as 1,2,4.')
  return values
}

export function integer(text: string): number {
  const values = integers(text)
  if (values.length !== 1) throw new InvalidArgumentError('Expected one whole number.')
  return values[0]!
}

export function words(text: string): string[] {
  return text.split(',').map((item) => item.trim())
}

export function numbers(text: string): number[] {
  const values = text.split(',').map(Number)
  if (!values.every(Number.isFinite))
    throw new InvalidArgumentError('Expected numbers separated by commas, such as 0.05,0.15.')
  return values
}

/** "id:int8,name:text" */
export function columns(text: string): Column[] {
  return words(text).map((item) => {
    const [name, type] = item.split(':')
    if (!name || !type)
      throw new InvalidArgumentError('Expected name:type pairs separated by commas, such as id:int8,name:text.')
    return { name, type: type as ColumnType }
  })
}

export function onOff(value: string): boolean {
  if (value === 'on' || value === 'true') return true
  if (value === 'off' || value === 'false') return false
  throw new InvalidArgumentError('Expected on or off.')
}

export interface InputFlags {
  readonly input: string
  readonly records?: number
  readonly offset?: number
  readonly columns?: readonly Column[]
  readonly primaryKey?: readonly string[]
  readonly onBadRecord?: OnBadRecord
}

/** The input that the flags ask for: `flights`, `synthetic`, or a CSV file or a folder of them. */
export function inputOf(flags: InputFlags): Input | InputToInspect {
  const { input, records, offset, onBadRecord } = flags
  if (input === 'flights') return flights({ records, offset, onBadRecord })
  if (input === 'synthetic') return synthetic({ records, offset })
  if (!flags.columns)
    throw new TypeError(`Expected --columns for the CSV files in ${input}, such as --columns id:int8,name:text`)
  return csv(input, { columns: flags.columns, primaryKey: flags.primaryKey, limit: records, offset, onBadRecord })
}

/**
 * Rebuilds the input that a study loaded from its plan, which holds all of it but the folder of CSV
 * files.
 */
export async function inputOfPlan({ name, input: stated }: Plan, files?: string): Promise<Input> {
  const input = await inspected(inputStated(name, stated, files))
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(input.describe())), stated)) {
    throw new RangeError(
      `Expected the input of ${name}, ${JSON.stringify(stated)}, got ${JSON.stringify(input.describe())}`,
    )
  }
  return input
}

function inputStated(name: string, stated: Plan['input'], files?: string): Input | InputToInspect {
  const { kind, files: _files, content: _content, ...options } = stated
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
      return csv(files, { ...(options as unknown as CsvOptions), analyse: undefined })
    default:
      throw new TypeError(`Expected ${name} to have loaded flights, synthetic or csv, got ${String(stated.kind)}`)
  }
}

/** The treatments that controls repeat. */
export interface ControlFlags {
  readonly aa?: Partial<Treatment>
  readonly slowdown?: Partial<Treatment>
}

/** Which server a command uses. */
export function serverOption(): Option {
  return new Option(
    '--server <which>',
    'embedded; compose (docker-compose.yml); url (DATABASE_URL or the PG* variables); or a postgres:// address without password',
  ).default('embedded')
}

/** "0.05,0.15" */
export function band(text: string): readonly [number, number] {
  const [from, to, ...rest] = numbers(text)
  if (from === undefined || to === undefined || rest.length > 0)
    throw new InvalidArgumentError('Expected two shares, such as 0.05,0.15.')
  return [from, to]
}

/**
 * Throws `TypeError` for a password on the command line, whatever argument holds it, and does not
 * repeat it.
 */
export function refusePasswords(args: readonly string[]): void {
  if (args.every((arg) => passwordsIn(arg).length === 0)) return
  throw new TypeError(
    'Expected no password on the command line, where everybody on this machine can see it: give the address in DATABASE_URL and say --server url, or the password in PGPASSWORD or in ~/.pgpass. Change this one, which was seen already',
  )
}
