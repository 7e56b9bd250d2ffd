import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { dataFolder, projectRoot } from '#copylab/project.js'
import type { GuidedTarget } from './target.js'

/** The package that holds the fuzzer, which is none of the project's dependencies. */
const packageFolder = join(projectRoot, 'test', 'endurance', 'guided')
const command = join(packageFolder, 'node_modules', '@jazzer.js', 'core', 'dist', 'cli.js')
const inside = new URL('inside.js', import.meta.url).pathname
/** Corpora, and inputs that were found; ignored by git. */
const keptFolder = join(dataFolder, 'out', 'guided')

/** A net for inputs that never come to an end. */
const longestMs = 120_000
/** Lines of an output that are kept for people. */
const linesKept = 40

/**
 * Says why the fuzzer cannot be loaded on this machine, by the versions of the system's libraries
 * that its binary needs where they are the reason; null where it can be.
 */
export function unloadable(): string | null {
  const loaded = spawnSync(process.execPath, ['--eval', "require('@jazzer.js/fuzzer')"], {
    cwd: packageFolder,
    encoding: 'utf8',
  })
  if (loaded.status === 0) return null
  const reason = /^\w*Error: (.+)$/m.exec(loaded.stderr)?.[1] ?? `it ended with ${loaded.status ?? loaded.signal}`
  const binary = /version `GLIBC.*' not found \(required by (.+\.node)\)$/.exec(reason)?.[1]
  return binary === undefined ? reason : `its binary needs ${neededVersions(binary).join(' and ')}`
}

/** The newest versions of the C and C++ libraries that a binary names. */
function neededVersions(binary: string): string[] {
  const named = readFileSync(binary, 'latin1')
  return ['GLIBC', 'GLIBCXX'].flatMap((library) => {
    const versions = [...named.matchAll(new RegExp(`\\b${library}_(\\d[\\d.]*\\d)\\0`, 'g'))].map(([, one]) => one!)
    const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1)
    return newest === undefined ? [] : [`${library}_${newest}`]
  })
}

/** What came of one target. */
export interface GuidedRun {
  /** The fuzzer's last count of its runs, and of the places of the code that they reached. */
  readonly runs: number
  readonly coverage: number
  /** Files with the inputs that came out wrong. */
  readonly found: readonly string[]
  /** What the fuzzer wrote last where it did not end well; null where it did. */
  readonly failure: string | null
}

export interface GuidedOptions {
  readonly seconds: number
  /** Where the target may make files. */
  readonly folder: string
  readonly progress: (line: string) => void
  readonly signal: AbortSignal
}

/**
 * Lets the fuzzer loose on a target, with what it kept of earlier runs to begin with, for so many
 * seconds or until an input comes out wrong. Rejects with the signal's reason when aborted.
 */
export async function runGuided(target: GuidedTarget, options: GuidedOptions): Promise<GuidedRun> {
  const { seconds, folder, progress, signal } = options
  signal.throwIfAborted()
  const [corpus, foundFolder] = ['corpus', 'found'].map((name) => join(keptFolder, target.name, name)) as [
    string,
    string,
  ]
  for (const path of [corpus, foundFolder]) mkdirSync(path, { recursive: true })
  const { seeds, words } = target.open(folder)
  for (const [k, seed] of seeds.entries()) writeFileSync(join(corpus, `seed-${k + 1}`), seed)
  const dictionary = join(folder, 'words')
  writeFileSync(dictionary, words.map((word) => `${quoted(word)}\n`).join(''))
  const before = new Set(readdirSync(foundFolder))
  const own = [
    `-max_total_time=${seconds}`,
    `-artifact_prefix=${foundFolder}/`,
    '-rss_limit_mb=0',
    `-dict=${dictionary}`,
  ]
  const instrumented = ['--includes', join(projectRoot, 'dist', '/'), '--excludes', 'node_modules']
  const child = spawn(
    process.execPath,
    [command, inside, corpus, ...instrumented, '--timeout', String(longestMs), '--', ...own],
    {
      cwd: packageFolder,
      env: { ...process.env, GUIDED_TARGET: target.name, GUIDED_FOLDER: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const end = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', end, { once: true })
  const lines: string[] = []
  let [runs, coverage, isDone] = [0, 0, false]
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      if (lines.length > linesKept) lines.shift()
      const [, run, what, covered] = /^#(\d+)\s+(\w+)\s+cov: (\d+)/.exec(line) ?? []
      if (run === undefined) return
      runs = Number(run)
      coverage = Number(covered)
      isDone ||= what === 'DONE'
      progress(line)
    })
  }
  const [code, ending] = (await once(child, 'close').finally(() => signal.removeEventListener('abort', end))) as [
    number | null,
    NodeJS.Signals | null,
  ]
  signal.throwIfAborted()
  const found = readdirSync(foundFolder).filter((name) => !before.has(name))
  const isWell = code === 0 && isDone && found.length === 0
  const failure = isWell ? null : [...lines, `It ended with ${code ?? ending}`].join('\n')
  return { runs, coverage, found: found.map((name) => join(foundFolder, name)), failure }
}

/** A word as an entry of a dictionary: its bytes in hexadecimal. */
function quoted(word: string): string {
  return `"${[...Buffer.from(word)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`
}
