/**
 * `npm run test:guided`: lets a coverage-guided fuzzer, Jazzer.js, loose on the readers of bytes.
 * An input that comes out wrong is kept below data/out/guided, and tried again with `--input`.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { checkNames, integerOf } from '#copylab/check.js'
import { projectRoot } from '#copylab/project.js'
import { showProgress } from '../../../show-progress.js'
import { runGuided, unloadable } from './jazzer.js'
import type { GuidedTarget } from './target.js'
import { targets } from './targets.js'

const names = targets.map(({ name }) => name)
const usage = `npm run test:guided -- [--seconds 60] [--only ${names.join(',')}] [--input file]

--seconds  how long each reader is tried
--only     the readers to try, all by default
--input    tries one file on the readers chosen, without the fuzzer`

interface Flags {
  readonly help: boolean
  readonly seconds: number
  readonly chosen: readonly GuidedTarget[]
  /** The file to try; null for the fuzzer's own. */
  readonly input: string | null
}

function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '60' },
      only: { type: 'string', default: names.join(',') },
      input: { type: 'string' },
    },
  })
  const only = values.only.split(',').map((name) => name.trim())
  checkNames(only, names, '`--only` to name readers')
  return {
    help: values.help,
    seconds: integerOf('--seconds', values.seconds, { from: 1, to: 1_000_000 }),
    chosen: targets.filter(({ name }) => only.includes(name)),
    // npm changes to the project's folder.
    input: values.input === undefined ? null : resolve(process.env.INIT_CWD ?? '.', values.input),
  }
}

/** Calls a task with a folder for the files of a target, which is removed however that ends. */
async function withFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-guided-'))
  try {
    return await task(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Tries a target for its time, tells what came of it, and returns whether all was well. */
async function tried(target: GuidedTarget, seconds: number, signal: AbortSignal): Promise<boolean> {
  const progress = (line: string): void => showProgress(`${target.name}: ${line}`)
  const { runs, coverage, found, failure } = await withFolder((folder) =>
    runGuided(target, { seconds, folder, progress, signal }),
  ).finally(() => showProgress(''))
  console.log(`${target.title}: ${formatNumber(runs, 0)} runs, coverage ${formatNumber(coverage, 0)}`)
  if (failure === null) return true
  console.log(failure)
  for (const path of found) {
    const file = relative(projectRoot, path)
    console.log(`WRONG: kept as ${file}; again: npm run test:guided -- --only ${target.name} --input ${file}`)
  }
  if (found.length === 0) console.log('WRONG: the fuzzer did not run to its end')
  return false
}

async function main(): Promise<void> {
  const { help, seconds, chosen, input } = readFlags(process.argv.slice(2))
  if (help) {
    console.log(usage)
    return
  }
  if (input !== null) {
    const bytes = readFileSync(input)
    for (const { title, open } of chosen)
      console.log(`${title}: ${await withFolder((folder) => open(folder).outcome(bytes))}`)
    return
  }
  const reason = unloadable()
  if (reason !== null) {
    const skipped = chosen.map(({ title }) => title).join(', ')
    console.log(`Skipped, nothing was tried (${skipped}): Jazzer.js cannot be loaded here: ${reason}`)
    return
  }
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('Stopped by Ctrl-C')))
  process.once('SIGTERM', () => stop.abort(new Error('Stopped by SIGTERM')))
  try {
    for (const target of chosen) if (!(await tried(target, seconds, stop.signal))) process.exitCode = 1
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error((stop.signal.reason as Error).message)
    process.exitCode = 130
  }
}

main().catch((error: Error) => {
  console.error(error.stack ?? error.message)
  process.exitCode = 1
})
