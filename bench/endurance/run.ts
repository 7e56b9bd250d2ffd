/**
 * `npm run test:endurance`: tries the chosen classes one after the other. Whole runs are kept in
 * bench/results/endurance.json, each class with the commit that it was tried at.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { checkedNumber, checkNames, integerOf } from '#copylab/check.js'
import { projectRoot } from '#copylab/project.js'
import { machine } from '../machine.js'
import { resultsFolder } from '../places.js'
import { showProgress } from '../show-progress.js'
import { classes } from './classes.js'
import type { Endurance, EnduranceOptions } from './endurance.js'

const usage = `npm run test:endurance -- [--only ${classes.map(({ name }) => name).join(',')}] [--share 1] [--seed 1]

--only   the classes to try, all by default
--share  share of the full numbers, such as 0.02; only whole runs (1) are kept in bench/results/endurance.json
--seed   seed of everything that is drawn`

const path = join(resultsFolder, 'endurance.json')

interface Flags {
  readonly help: boolean
  readonly only: readonly string[]
  readonly share: number
  readonly seed: number
}

function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      only: { type: 'string' },
      share: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
    },
  })
  const names = classes.map(({ name }) => name)
  const only = values.only === undefined ? names : values.only.split(',').map((name) => name.trim())
  checkNames(only, names, '`--only` to name classes')
  const share = checkedNumber('--share', Number(values.share), { above: 0, to: 1 })
  return { help: values.help, only, share, seed: integerOf('--seed', values.seed, { from: 1, to: 2 ** 31 - 1 }) }
}

/** The commit of this checkout. Throws where what is tried is not what was committed. */
function commitTried(): string {
  const git = (...given: string[]): string => execFileSync('git', given, { cwd: projectRoot, encoding: 'utf8' }).trim()
  const changed = git('status', '--porcelain', '--untracked-files=all', '--', 'src', 'bench', 'package-lock.json')
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(relative(projectRoot, path)))
  if (changed.length > 0) {
    throw new Error(
      `Results name the commit that was tried: commit first, or try a --share of it\n${changed.join('\n')}`,
    )
  }
  return git('rev-parse', 'HEAD')
}

/** Puts a class's result beside those of the others, which may be of earlier commits. */
function keep({ name }: Endurance, commit: string, options: object, result: object): void {
  const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : {}
  const own = { commit, date: new Date().toISOString(), machine: machine(), ...options, ...result }
  writeFileSync(path, `${JSON.stringify({ ...kept, commit, [name]: own }, null, 1)}\n`)
}

async function main(): Promise<void> {
  const { help, only, share, seed } = readFlags(process.argv.slice(2))
  if (help) {
    console.log(usage)
    return
  }
  const commit = share === 1 ? commitTried() : null
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort(new Error('Stopped by Ctrl-C')))
  process.once('SIGTERM', () => stop.abort(new Error('Stopped by SIGTERM')))
  try {
    for (const one of classes.filter(({ name }) => only.includes(name))) {
      const progress = (message: string): void => showProgress(`${one.name}: ${message}`)
      const options: EnduranceOptions = { share, seed, progress, signal: stop.signal }
      const begin = Date.now()
      const result = await one.run(options).finally(() => showProgress(''))
      const seconds = Math.round((Date.now() - begin) / 1_000)
      const wrong = one.wrong(result)
      console.log([one.title, ...one.show(result), ...wrong.map((line) => `WRONG: ${line}`), ''].join('\n'))
      if (commit !== null) keep(one, commit, { seed, seconds }, result)
      if (wrong.length > 0) process.exitCode = 1
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error
    console.error((stop.signal.reason as Error).message)
    process.exitCode = 130
  }
}

main()
  .catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
  // Node 20 may wait for ever, at its own end, for a socket that a fault reset amid a write.
  .finally(() => process.exit())
