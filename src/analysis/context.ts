import type { Study } from '../executor/types.js'
import { formatNumber } from './tables.js'

/** One thing that was measured on or with, and what it was. */
export interface ContextRow {
  readonly what: string
  readonly value: string
}

const gib = (bytes: number): string => `${formatNumber(bytes / 1024 ** 3, 1)} GiB`

/** Where and with what a study's last session ran, one row a thing: machine, server, client, input, plan. */
export function contextRows(study: Study): ContextRow[] {
  const { plan, journal, trials } = study
  const context = study.contexts.at(-1)
  if (!context) return []
  const { server, hardware, os, input, git, packages, findings } = context
  const row = (what: string, value: string): ContextRow => ({ what, value })
  const settings = ['shared_buffers', 'max_wal_size', 'synchronous_commit', 'fsync', 'wal_level']
    .filter((name) => server.settings[name] !== undefined)
    .map((name) => `${name} ${server.settings[name]}`)
  return [
    row('measured', `${context.startedAt.slice(0, 16).replace('T', ' ')} UTC`),
    row('processor', `${hardware.cores} × ${hardware.cpu}, ${gib(hardware.memoryBytes)} of memory`),
    row('system', `${os.platform} ${os.release}, ${os.arch}`),
    row('PostgreSQL', `${server.version} (${server.kind}); ${settings.join(', ')}`),
    row('client', `Node.js ${context.node}, pg ${packages.pg}, pg-copy-streams ${packages['pg-copy-streams']}`),
    row(
      'copylab',
      `${packages.copylab}${git ? `, commit ${git.commit.slice(0, 12)}${git.dirty ? ' with changes' : ''}` : ''}`,
    ),
    row(
      'input',
      `${input.name}: ${formatNumber(input.records, 0)} records in ${input.files} files, checksum ${input.checksum}`,
    ),
    row(
      'plan',
      `${plan.hash}: ${plan.treatments.length} treatments × ${plan.blocks} blocks, seed ${plan.seed}, ${plan.warmUpBlocks} warm-up ${plan.warmUpBlocks === 1 ? 'block' : 'blocks'}; ${trials.length} trials in ${journal}`,
    ),
    ...findings.map((finding) => row('to bear in mind', finding.message)),
  ]
}
