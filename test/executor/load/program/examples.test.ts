import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'
import { loadersOf } from '../../../../src/cli/options/loader-options.js'
import { csv, ddl, runStudy, runTrial, synthetic } from '../../../../src/entries/executor.js'
import type { LoaderProgram } from '../../../../src/study/factors/loaders.js'
import type { Trial } from '../../../../src/study/trial.js'
import { useRunningServer } from '../../running-server.js'
import { scratchEmbedded } from '../../scratch-embedded.js'

const { server } = useRunningServer(scratchEmbedded)
const { loader } = loadersOf({ loaders: 'examples/loaders/loaders.json' })
const programs = Object.entries(loader as Readonly<Record<string, LoaderProgram>>)

const table = ddl(`CREATE TABLE {table} (id int PRIMARY KEY, text_1 text, "text 2" text, amount numeric(12,2),
  big bigint, day date, at timestamp, instant timestamptz, is_right bool)`)
const header = 'id,text_1,text 2,amount,big,day,at,instant,is_right'
/** Records without their ids. */
const hardValues = [
  ',,,,,,,',
  '"","",0.00,0,1970-01-01,1970-01-01 00:00:00,1970-01-01 00:00:00+00,false',
  '"a ""quoted"" word","""",-0.01,-1,1969-12-31,1969-12-31 23:59:59.999999,,true',
  '"one, two",",",9999999999.99,9223372036854775807,2000-02-29,2024-02-29 12:00:00.5,,true',
  '"two\nlines","\r\n\n",-9999999999.99,-9223372036854775808,,,2024-10-27 02:30:00+02,',
  '"a quote, ""\nand a line","id,text_1",6.50,,9999-12-30,,2024-10-27 02:30:00+01,false',
  '"Füße, ÄÖÜ ß",日本 😀,,42,0001-01-02,0001-01-02 00:00:00,,',
  '"  blanks  ","\ttab\t",1.10,7,,2001-09-09 01:46:40.123456,,true',
  '\\N,a\\nb\\,100,,,,,',
  'NULL,"null",0.1,,,,,',
]
const files = 3
const recordsOfFile = 20 * hardValues.length
const batchSize = 7

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-examples-'))
  mkdirSync(join(folder, 'input'))
  for (let file = 0; file < files; file++) {
    const records = Array.from(
      { length: recordsOfFile },
      (_, k) => `${file * recordsOfFile + k},${hardValues[k % hardValues.length]}`,
    )
    writeFileSync(join(folder, 'input', `part-${file}.csv`), [header, ...records, ''].join('\n'))
  }
  mkdirSync(join(folder, 'bin'))
  for (const name of ['sh', 'dirname']) {
    const path = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
    symlinkSync(path, join(folder, 'bin', name))
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Nothing is fetched, and nothing is written next to what Python imports. */
const env = { GOPROXY: 'off', GOTOOLCHAIN: 'local', PYTHONDONTWRITEBYTECODE: '1' }

const missingTool = / ended with exit code 77; its last lines:\n.* is missing: /s

const failureOf = (trial: Trial): string | null => (trial.state === 'failed' ? trial.error.message : null)

function skipWithout({ command }: LoaderProgram, context: TestContext): void {
  context.skip(spawnSync(command, ['-c', '']).error !== undefined, `${command} was not found`)
}

it.for(programs)(
  'the example %s loads hard values as they are, with 1 and 3 workers',
  async ([name, program], context) => {
    skipWithout(program, context)
    const { trials } = await runStudy({
      // Its schema has capitals, and the database is not named as its user.
      name: `Hard-values-${name}`,
      server,
      input: csv(join(folder, 'input'), { null: '' }),
      table,
      factors: { workers: [1, 3], batchSize, loader: { [name]: { ...program, env } } },
      blocks: 1,
      warmUpBlocks: 0,
      folder,
      onFound: () => {},
    })
    const failures = trials.map(failureOf).filter((failure) => failure !== null)
    context.skip(
      failures.some((failure) => missingTool.test(failure)),
      failures[0],
    )
    expect(failures).toEqual([])
    const loaded = { state: 'completed', records: files * recordsOfFile, betweenLinesMs: expect.any(Number) }
    expect(trials).toMatchObject([loaded, loaded])
  },
)

/** A program where nothing is installed but what starts it. */
function bare(program: LoaderProgram): LoaderProgram {
  // Without its site, Python has no packages.
  if (program.command === 'python3') return { ...program, args: ['-S', ...program.args!], env }
  return { ...program, env: { ...env, PATH: join(folder, 'bin') } }
}

it.for(programs)('the example %s names what to install, by exit code 77', async ([name, program], context) => {
  skipWithout(program, context)
  const input = synthetic({ records: 10, width: 8 })
  const failure = failureOf(await runTrial({ server, input, treatment: { loader: { [name]: bare(program) } } }))
  expect(failure).toMatch(missingTool)
  expect(failure).toMatch(/ is missing: .*install/)
})

it('the example note fails by its content where asyncpg stores the last day as infinity', async (context) => {
  const program = { ...Object.fromEntries(programs).note!, env }
  skipWithout(program, context)
  const path = join(folder, 'end-of-time.csv')
  writeFileSync(path, `${header}\n1,,,,,9999-12-31,,,\n`)
  const treatment = { workers: 1, batchSize, loader: { note: program } }
  const failure = failureOf(await runTrial({ server, input: csv(path, { null: '' }), table, treatment }))
  context.skip(missingTool.test(failure ?? ''), failure ?? '')
  expect(failure).toMatch(/^The table holds 1 records with checksum -?\d+, the input 1 with -?\d+$/)
})
