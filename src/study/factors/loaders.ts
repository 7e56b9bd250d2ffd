import { checkedNumber, checkNames, inMessage, type NamesOf } from '../../check.js'
import { passwordMask, passwordsIn, passwordsOf } from '../../passwords.js'

/** A program that loads the records of a trial in the place of copylab's own client. */
export interface LoaderProgram {
  /**
   * The program: a name that is sought in `PATH`, or a path. It is started without a shell.
   */
  readonly command: string
  /**
   * Its arguments, in which placeholders are filled: `{workers}`, `{batchSize}`, `{table}` (as SQL
   * spells it) anywhere, and `{files}` as an argument of its own, which becomes one for each file
   * of records. `{{table}}` stands for the text `{table}`; other braces, as in JSON and in a
   * shell's `${table}`, stay as they are.
   * @default none
   */
  readonly args?: readonly string[]
  /**
   * Variables of its environment, in addition to those that copylab sets. Placeholders are not
   * filled.
   * @default none
   */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Line that it prints before it reads a record; together with `done`.
   * @default none: its start
   */
  readonly ready?: string
  /**
   * Line that it prints after its last commit; together with `ready`.
   * @default none: its end
   */
  readonly done?: string
  /**
   * Seconds that it may take.
   * @default 600
   */
  readonly timeLimit?: number
  /**
   * SHA-256 of its command and of the files that its arguments name, by their words there: a study
   * fills them in.
   * @default none
   */
  readonly digests?: Readonly<Record<string, string>>
}

/**
 * Returns a level of the factor `loader`, to be spread into its levels. Throws `TypeError` for what
 * is no program, and for the name `copylab`.
 *
 * @example const loader = { copylab: {}, ...program({ name: 'psql', command: 'sh', args:
 * ['load.sh', '{files}'] }) }
 */
export function program({ name, ...given }: LoaderProgram & { readonly name: string }): {
  readonly [level: string]: LoaderProgram
} {
  checkName(name, 'a program')
  return { [name]: checkedLoader(`the loader ${name}`, given) }
}

/** What a program learns of the trial that it loads for. */
export interface LoaderValues {
  readonly workers: number
  readonly batchSize: number
  /** Name of the table as SQL spells it: qualified and quoted. */
  readonly table: string
  /** Absolute paths of the files of records, in their order. */
  readonly files: readonly string[]
  /** Names of the columns that are filled, in the order of the files, without quotes. */
  readonly columns: readonly string[]
}

/** Seconds that a program may take where it states nothing else. */
export const defaultTimeLimit = 600

/** Timers end at 2^31 milliseconds. */
const maxTimeLimit = 1_000_000

const programFields: NamesOf<LoaderProgram> = {
  command: true,
  args: true,
  env: true,
  ready: true,
  done: true,
  timeLimit: true,
  digests: true,
}

/** Placeholders of arguments, each with its text; `files` is an argument of its own. */
const placeholders = {
  workers: ({ workers }: LoaderValues) => String(workers),
  batchSize: ({ batchSize }: LoaderValues) => String(batchSize),
  table: ({ table }: LoaderValues) => table,
} as const
const filesPlaceholder = '{files}'
const knownPlaceholders = [...Object.keys(placeholders).map((name) => `{${name}}`), filesPlaceholder]

/**
 * A word in doubled braces, which stands for itself in single ones, or in single braces; a shell's
 * `${word}` is neither.
 */
const bracedWord = /(?<!\$)(?:\{\{([A-Za-z]+)\}\}|\{([A-Za-z]+)\})/g

/** Variables by which a program finds the study's server: copylab's alone. */
const connectionVariables = [
  'PGHOST',
  'PGHOSTADDR',
  'PGPORT',
  'PGUSER',
  'PGDATABASE',
  'PGPASSFILE',
  'PGSERVICE',
  'PGSERVICEFILE',
  'PGSSLMODE',
]

/**
 * Checks a program and returns it as the plan holds it: without what is at its default, its
 * variables by name, so that equal programs are equal. `level` is its name in messages. Throws
 * `TypeError` that states what is wrong, and `RangeError` for a time limit out of its range.
 */
export function checkedLoader(level: string, given: unknown): LoaderProgram {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(
      `Expected ${level} to be a program, such as { command: 'sh', args: ['load.sh', '{files}'] }, got ${shown(given)}`,
    )
  }
  const stated = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  checkNames(Object.keys(stated), Object.keys(programFields), `${level} to have fields`)
  const { command, args = [], env = {}, ready, done, timeLimit = defaultTimeLimit, digests } = stated
  if (!isText(command) || command.trim() === '') {
    throw new TypeError(
      `Expected \`command\` of ${level} to be the name or path of a program, such as './load.sh', got ${shown(command)}`,
    )
  }
  if (!Array.isArray(args) || !args.every(isText)) {
    throw new TypeError(
      `Expected \`args\` of ${level} to be a list of texts, such as ['--table', '{table}', '{files}'], got ${shown(args)}`,
    )
  }
  for (const text of [command, ...args]) checkNoPassword(level, text)
  checkCommand(level, command)
  for (const arg of args) checkPlaceholders(level, arg)
  const variables = checkedVariables(level, env)
  checkedNumber(`timeLimit of ${level}`, timeLimit, { above: 0, to: maxTimeLimit })
  return {
    command,
    ...(args.length > 0 ? { args: [...args] } : {}),
    ...(variables === null ? {} : { env: variables }),
    ...checkedLines(level, ready, done),
    ...(timeLimit === defaultTimeLimit ? {} : { timeLimit: timeLimit as number }),
    ...checkedDigests(level, digests),
  }
}

/** Throws `TypeError` for a program under the name of copylab's own loader. */
function checkName(name: string, what: string): void {
  if (name !== 'copylab') return
  throw new TypeError(`Expected ${what} not to be named copylab, which is copylab's own loader: give it another name`)
}

/** A value as messages show it, without a password, also where only its beginning is shown. */
export function shown(value: unknown): string {
  return masked(inMessage(Array.isArray(value) ? value.map(maskedText) : maskedText(value)))
}

const masked = passwordMask([])

function maskedText(value: unknown): unknown {
  return typeof value === 'string' ? masked(value) : value
}

/** Whether a value is text that a program can be given. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0')
}

/** Throws `TypeError` for a password in what everybody who reads the plan would see. */
function checkNoPassword(level: string, text: string): void {
  if (passwordsIn(text).length === 0) return
  throw new TypeError(
    `Expected ${level} to hold no password, got ${shown(text)}: it would stand in the study's plan; the program finds the one of its connection by PGPASSFILE`,
  )
}

function checkCommand(level: string, command: string): void {
  const filled = knownPlaceholders.find((name) => command.includes(name))
  if (filled === undefined) return
  throw new TypeError(
    `Expected \`command\` of ${level} without placeholders, got ${filled}: they are filled in \`args\``,
  )
}

function checkPlaceholders(level: string, arg: string): void {
  if (arg === filesPlaceholder) return
  for (const [text, , word] of arg.matchAll(bracedWord)) {
    if (word === undefined || Object.hasOwn(placeholders, word)) continue
    if (text === filesPlaceholder) {
      throw new TypeError(
        `Expected {files} of ${level} to be an argument of its own, which becomes one for each file, got ${shown(arg)}: a list of all files is in COPYLAB_FILES`,
      )
    }
    throw new TypeError(
      `Expected placeholders of ${level} out of ${knownPlaceholders.join(', ')}, got ${text} in ${shown(arg)}: write {${text}} for the text ${text}`,
    )
  }
}

function checkedVariables(level: string, env: unknown): LoaderProgram['env'] | null {
  const entries = typeof env === 'object' && env !== null && !Array.isArray(env) ? Object.entries(env) : null
  if (entries === null) {
    throw new TypeError(
      `Expected \`env\` of ${level} to be variables with their values, such as { LC_ALL: 'C' }, got ${shown(env)}`,
    )
  }
  for (const [name, value] of entries) {
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      throw new TypeError(`Expected \`env\` of ${level} to name variables by letters, digits and _, got ${shown(name)}`)
    }
    if (!isText(value)) {
      throw new TypeError(`Expected \`${name}\` in \`env\` of ${level} to be text, got ${typeof value}`)
    }
    checkVariable(level, name, value)
  }
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return sorted.length > 0 ? Object.fromEntries(sorted as [string, string][]) : null
}

function checkVariable(level: string, name: string, value: string): void {
  if (passwordsOf({ [name]: value }).length > 0) {
    throw new TypeError(
      `Expected \`env\` of ${level} to hold no password, got one in ${name}: it would stand in the study's plan; the program finds the one of its connection by PGPASSFILE`,
    )
  }
  if (connectionVariables.includes(name) || name.startsWith('COPYLAB_')) {
    throw new TypeError(
      `Expected \`env\` of ${level} not to set ${name}: what leads the program to the study's table is copylab's to set`,
    )
  }
  const filled = knownPlaceholders.find((placeholder) => value.includes(placeholder))
  if (filled !== undefined) {
    throw new TypeError(
      `Expected ${name} in \`env\` of ${level} without placeholders, got ${filled}: they are filled in \`args\`, and the program has COPYLAB_WORKERS and the like`,
    )
  }
}

function checkedDigests(level: string, digests: unknown): Pick<LoaderProgram, 'digests'> {
  if (digests === undefined) return {}
  const values = typeof digests === 'object' && digests !== null ? Object.values(digests) : [null]
  if (!values.every((value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value))) {
    throw new TypeError(`Expected \`digests\` of ${level} to be SHA-256 by file, got ${shown(digests)}`)
  }
  return { digests: digests as NonNullable<LoaderProgram['digests']> }
}

function checkedLines(level: string, ready: unknown, done: unknown): Pick<LoaderProgram, 'ready' | 'done'> {
  if (ready === undefined && done === undefined) return {}
  for (const [name, line] of Object.entries({ ready, done })) {
    if (line === undefined) {
      const other = name === 'ready' ? 'done' : 'ready'
      throw new TypeError(
        `Expected ${level} to have both \`ready\` and \`done\`, the lines that it prints before its first record and after its last commit, or neither, got \`${other}\` alone`,
      )
    }
    if (!isText(line) || line === '' || line.trim() !== line || /[\r\n]/.test(line)) {
      throw new TypeError(
        `Expected \`${name}\` of ${level} to be one line without blanks around it, such as '${name}', got ${shown(line)}`,
      )
    }
    checkNoPassword(level, line)
  }
  if (ready === done) {
    throw new TypeError(`Expected \`ready\` and \`done\` of ${level} to differ, got ${shown(ready)} for both`)
  }
  return { ready, done } as Pick<LoaderProgram, 'ready' | 'done'>
}

/** Returns the arguments of a program for a trial, with its placeholders filled. */
export function filledArgs({ args = [] }: LoaderProgram, values: LoaderValues): string[] {
  return args.flatMap((arg) => {
    if (arg === filesPlaceholder) return values.files
    return arg.replace(bracedWord, (_, literal: string | undefined, word: keyof typeof placeholders) =>
      literal === undefined ? placeholders[word](values) : `{${literal}}`,
    )
  })
}

/**
 * Returns the variables of a program for a trial: its own, and COPYLAB_WORKERS, COPYLAB_BATCH_SIZE,
 * COPYLAB_TABLE, COPYLAB_FILES (JSON, a list of paths) and COPYLAB_COLUMNS (JSON, a list of names).
 */
export function loaderEnvironment({ env = {} }: LoaderProgram, values: LoaderValues): Record<string, string> {
  const { workers, batchSize, table, files, columns } = values
  return {
    ...env,
    COPYLAB_WORKERS: String(workers),
    COPYLAB_BATCH_SIZE: String(batchSize),
    COPYLAB_TABLE: table,
    COPYLAB_FILES: JSON.stringify(files),
    COPYLAB_COLUMNS: JSON.stringify(columns),
  }
}

/**
 * Parses a JSON file of loaders, programs by name: `{ "psql": { "command": "sh", "args":
 * ["load.sh", "{files}"] } }`. Throws `TypeError` with the path that states what is wrong, as one
 * under the name `copylab`, and `RangeError` for a time limit out of its range.
 */
export function parseLoaders(text: string, path: string): Readonly<Record<string, LoaderProgram>> {
  const given = parsedJson(text, path)
  const entries = typeof given === 'object' && given !== null && !Array.isArray(given) ? Object.entries(given) : []
  if (entries.length === 0) {
    throw new TypeError(
      `Expected ${path} to hold loaders by name, such as { "psql": { "command": "sh", "args": ["load.sh", "{files}"] } }, got ${shown(given)}`,
    )
  }
  return Object.fromEntries(
    entries.map(([name, program]) => {
      checkName(name, `a program of ${path}`)
      return [name, checkedLoader(`the loader ${name} of ${path}`, program)]
    }),
  )
}

function parsedJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    // Without the text that it quotes, which may hold a password.
    const reason = (error as Error).message.replace(/,? (?:\.\.\.)?".*$/s, '')
    throw new TypeError(`Expected ${path} to be JSON: ${reason}`)
  }
}
