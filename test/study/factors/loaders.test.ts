import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../src/project.js'
import {
  checkedLoader,
  filledArgs,
  type LoaderValues,
  loaderEnvironment,
  parseLoaders,
} from '../../../src/study/factors/loaders.js'
import { parseLoader } from '../../../src/study/factors/parse-loader.js'

const values: LoaderValues = {
  workers: 4,
  batchSize: 10_000,
  table: '"copylab_study"."records"',
  files: ['/tmp/a b/records-001.csv', '/tmp/a b/records-002.csv'],
  columns: ['id', 'a "quoted", name'],
}

/** The message of the error that a call throws; empty for none. */
function messageOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('checkedLoader(level, given)', () => {
  it('returns equal programs equally: without defaults, the variables by name', () => {
    const program = { command: 'sh', args: [], env: { B: '2', A: '1' }, timeLimit: 600, ready: undefined }
    expect(JSON.stringify(checkedLoader('the loader', program))).toBe('{"command":"sh","env":{"A":"1","B":"2"}}')
  })

  it('keeps what is stated', () => {
    const program = {
      command: './load',
      args: ['{files}'],
      env: { A: '' },
      ready: 'ready',
      done: 'done',
      timeLimit: 1.5,
    }
    expect(checkedLoader('the loader', program)).toEqual(program)
  })

  it.each<[unknown, string]>([
    [null, 'Expected the loader psql to be a program, such as'],
    ['./load.sh', 'got "./load.sh"'],
    [[], 'to be a program'],
    [{}, 'Expected `command` of the loader psql to be the name or path of a program, such as'],
    [{ command: ' ' }, 'to be the name or path'],
    [{ command: 'a\0b' }, 'to be the name or path'],
    [{ program: 'sh' }, 'Expected the loader psql to have fields out of command, args, env, ready, done, timeLimit'],
    [{ command: 'sh', arg: [] }, 'got `arg`: did you mean `args`?'],
    [{ command: 'sh', args: '{files}' }, 'Expected `args` of the loader psql to be a list of texts'],
    [{ command: 'sh', args: [1] }, 'got [1]'],
    [{ command: 'sh', args: ['a\0'] }, 'to be a list of texts'],
    [{ command: '{table}' }, 'Expected `command` of the loader psql without placeholders, got {table}'],
    [{ command: 'sh', env: ['A=1'] }, 'Expected `env` of the loader psql to be variables with their values'],
    [{ command: 'sh', env: { 'A=B': '' } }, 'to name variables by letters, digits and _, got "A=B"'],
    [{ command: 'sh', env: { A: 1 } }, 'Expected `A` in `env` of the loader psql to be text, got number'],
    [{ command: 'sh', env: { A: '-w {workers}' } }, 'Expected A in `env` of the loader psql without placeholders'],
    [{ command: 'sh', env: { COPYLAB_TABLE: 't' } }, 'not to set COPYLAB_TABLE'],
    [{ command: 'sh', env: { PGHOST: 'elsewhere' } }, "leads the program to the study's table is copylab's to set"],
    [{ command: 'sh', ready: 'ready' }, 'to have both `ready` and `done`'],
    [{ command: 'sh', done: 'done' }, 'or neither, got `done` alone'],
    [{ command: 'sh', ready: ' ready', done: 'done' }, 'Expected `ready` of the loader psql to be one line'],
    [{ command: 'sh', ready: 'a\nb', done: 'done' }, 'to be one line'],
    [{ command: 'sh', ready: 'ready', done: '' }, 'Expected `done` of the loader psql to be one line'],
    [{ command: 'sh', ready: 'x', done: 'x' }, 'to differ, got "x" for both'],
    [{ command: 'sh', timeLimit: 0 }, 'Expected `timeLimit of the loader psql` to be a number'],
    [{ command: 'sh', timeLimit: Number.POSITIVE_INFINITY }, 'to be a number'],
    [{ command: 'sh', timeLimit: '60' }, 'to be a number'],
  ])('refuses %j', (given, message) => {
    expect(() => checkedLoader('the loader psql', given)).toThrow(message)
  })

  it.each<[string, object]>([
    ['the variable PGPASSWORD', { env: { PGPASSWORD: 'hunter22' } }],
    ['a variable of another program', { env: { MY_PASSWD: 'hunter22' } }],
    ['a URL in a variable', { env: { DATABASE_URL: 'postgres://me:hunter22@db/x' } }],
    ['a URL in an argument', { args: ['--to', 'postgres://me:hunter22@db/x'] }],
    ['a named one in an argument', { args: ['host=db password=hunter22'] }],
  ])('refuses a password, %s, with the reason and without showing it', (_, given) => {
    const message = messageOf(() => checkedLoader('the loader psql', { command: 'sh', ...given }))
    expect(message).toMatch(
      /^Expected (?:`env` of )?the loader psql to hold no password, got .+: it would stand in the study's plan; the program finds the one of its connection by PGPASSFILE$/,
    )
    expect(message).not.toContain('hunter22')
  })

  it('refuses even an empty PGPASSWORD', () => {
    expect(() => checkedLoader('the loader', { command: 'sh', env: { PGPASSWORD: '' } })).toThrow(
      'got one in PGPASSWORD',
    )
  })

  it('shows no password in another error, also where only the beginning of a long text is shown', () => {
    const url = `postgres://me:${'hunter22'.repeat(40)}@db/x`
    for (const given of [url, [url], { command: 'sh', args: [url, 1] }, { command: 'sh', args: url }]) {
      const message = messageOf(() => checkedLoader('the loader', given))
      expect(message).toContain('postgres://me:***@db/x')
      expect(message).not.toContain('hunter22')
    }
    expect(messageOf(() => parseLoader(`load '${url}`))).not.toContain('hunter22')
  })
})

describe('placeholders', () => {
  it.each<[string, string]>([
    ['{worker}', 'got {worker} in "{worker}": write {{worker}} for the text {worker}'],
    ['--n={Workers}', 'out of {workers}, {batchSize}, {table}, {files}, got {Workers}'],
    ["awk '{print}'", 'got {print}'],
    ['--files={files}', 'Expected {files} of the loader to be an argument of its own'],
    ['{{{worker}', 'got {worker}'],
    ['{toString}', 'got {toString}'],
  ])('of the argument %s are refused', (arg, message) => {
    expect(() => checkedLoader('the loader', { command: 'sh', args: [arg] })).toThrow(message)
  })

  it.each<[string, string[]]>([
    ['{files}', [...values.files]],
    ['{workers}', ['4']],
    ['-w{workers}x{batchSize}', ['-w4x10000']],
    ['COPY {table} FROM STDIN', ['COPY "copylab_study"."records" FROM STDIN']],
    ['{"a":1,"b":{},"workers":{workers}}', ['{"a":1,"b":{},"workers":4}']],
    ['{{table}} {{files}} {{other}}', ['{table} {files} {other}']],
    ['{ print } {} {1} {a-b}', ['{ print } {} {1} {a-b}']],
    [`$${'{table}'}$`, [`$${'{table}'}$`]],
    ['', ['']],
  ])('of the argument %s are filled by filledArgs(program, values)', (arg, filled) => {
    const program = checkedLoader('the loader', { command: 'sh', args: ['first', arg] })
    expect(filledArgs(program, values)).toEqual(['first', ...filled])
  })

  it('are filled once: what they stand for is not read again', () => {
    const program = checkedLoader('the loader', { command: 'sh', args: ['{table}'] })
    expect(filledArgs(program, { ...values, table: "{workers} $& $1 '{{x}}'" })).toEqual(["{workers} $& $1 '{{x}}'"])
  })

  it('make no argument of no file, and none is there without arguments', () => {
    expect(filledArgs({ command: 'sh', args: ['{files}'] }, { ...values, files: [] })).toEqual([])
    expect(filledArgs({ command: 'sh' }, values)).toEqual([])
  })
})

describe('parseLoader(text)', () => {
  it.each<[string, string, string[]]>([
    ['./load.sh {workers} {table} {files}', './load.sh', ['{workers}', '{table}', '{files}']],
    ['  python3\tload.py\n--n {workers} ', 'python3', ['load.py', '--n', '{workers}']],
    [`sh -c 'psql -c "COPY {table}" | cat' x`, 'sh', ['-c', 'psql -c "COPY {table}" | cat', 'x']],
    [`a "b c"'d "e" \\f'g`, 'a', ['b cd "e" \\fg']],
    [`a "b \\"c\\" \\\\ 'd'"`, 'a', [`b "c" \\ 'd'`]],
    ['a\\ b c\\\\d \\| \\{', 'a b', ['c\\d', '|', '{']],
    [`a '' ""`, 'a', ['', '']],
    ['load --on=2025-01-01T00:00:00+01:00 é😀', 'load', ['--on=2025-01-01T00:00:00+01:00', 'é😀']],
  ])('reads %s', (text, command, args) => {
    expect(parseLoader(text)).toEqual({ command, args })
  })

  it.each([
    ['', 'Expected the loader as a command line, such as \'./load.sh {workers} {table} {files}\', got ""'],
    ['  ', 'Expected the loader as a command line'],
    ["a 'b", "got a quote ' without its end"],
    ['a "b\\"', 'got a quote " without its end'],
    ['a\\', 'got a backslash before nothing'],
    ['cat {files} | psql', 'that needs no shell, got | in'],
    ['load; rm x', 'got ; in'],
    ['load >out', 'got > in'],
    ['load $HOME', 'got $ in'],
    ["''", 'Expected `command` of the loader'],
    ['load {worker}', 'Expected placeholders of the loader out of'],
  ])('refuses %s', (text, message) => {
    expect(() => parseLoader(text)).toThrow(TypeError)
    expect(() => parseLoader(text)).toThrow(message)
  })
})

describe('loaderEnvironment(program, values)', () => {
  it("has the program's own variables and those of the trial", () => {
    const environment = loaderEnvironment({ command: 'sh', env: { LC_ALL: 'C' } }, values)
    expect(environment).toEqual({
      LC_ALL: 'C',
      COPYLAB_WORKERS: '4',
      COPYLAB_BATCH_SIZE: '10000',
      COPYLAB_TABLE: '"copylab_study"."records"',
      COPYLAB_FILES: '["/tmp/a b/records-001.csv","/tmp/a b/records-002.csv"]',
      COPYLAB_COLUMNS: '["id","a \\"quoted\\", name"]',
    })
  })
})

describe('parseLoaders(text, path)', () => {
  it('reads programs by name', () => {
    const loaders = {
      psql: { command: 'sh', args: ['load.sh', '{files}'] },
      note: { command: './note', timeLimit: 600 },
    }
    expect(parseLoaders(`\uFEFF${JSON.stringify(loaders)}`, 'loaders.json')).toEqual({
      psql: loaders.psql,
      note: { command: './note' },
    })
  })

  it('reads the examples, each of which is given the table and all files', () => {
    const path = 'examples/loaders/loaders.json'
    const loaders = parseLoaders(readFileSync(join(projectRoot, path), 'utf8'), path)
    expect(Object.keys(loaders)).toContain('psql')
    for (const program of Object.values(loaders)) {
      expect(filledArgs(program, values)).toEqual(expect.arrayContaining([values.table, ...values.files]))
    }
  })

  it.each([
    ['{', 'Expected loaders.json to be JSON: Expected property name'],
    ['', 'Expected loaders.json to be JSON: Unexpected end of JSON input'],
    ['[]', 'Expected loaders.json to hold loaders by name'],
    ['{}', 'got {}'],
    ['"sh"', 'got "sh"'],
    ['{"psql":"sh"}', 'Expected the loader psql of loaders.json to be a program'],
    ['{"psql":{"command":"sh","args":["{file}"]}}', 'Expected placeholders of the loader psql of loaders.json'],
  ])('refuses %s', (text, message) => {
    expect(() => parseLoaders(text, 'loaders.json')).toThrow(TypeError)
    expect(() => parseLoaders(text, 'loaders.json')).toThrow(message)
  })

  it('shows nothing of a text that is no JSON', () => {
    const message = messageOf(() => parseLoaders('{"a":{"env":{"PGPASSWORD":"hunter22" oops', 'loaders.json'))
    expect(message).toContain('Expected loaders.json to be JSON: ')
    expect(message).not.toMatch(/hunter|oops/)
  })
})
