import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { formatNumber } from './tables.js'

/** One fact about the machine, server, client, input or plan. */
export interface ContextRow {
  readonly what: string
  readonly value: string
}

/**
 * Gives where and with what a study's last session ran, one row for each fact: machine, server,
 * client, input, plan. Empty for a study that ran nowhere, such as a simulated one.
 *
 * @example
 * showTable(contextRows(study), { caption: 'Where this was measured' })
 */
export function contextRows(study: Study): ContextRow[] {
  checkedStudy(study)
  const { plan, journal, trials } = study
  const context = study.contexts.at(-1)
  if (!context) return []
  const { server, hardware, os, input, git, packages, findings } = context
  const memory = hardware.memoryBytes / 1024 ** 3
  const settings = ['shared_buffers', 'max_wal_size', 'synchronous_commit', 'fsync', 'wal_level']
    .filter((name) => server.settings[name] !== undefined)
    .map((name) => `${name} ${server.settings[name]}`)
  const blocks = plan.warmUpBlocks === 1 ? 'block' : 'blocks'
  return [
    { what: 'measured', value: `${context.startedAt.slice(0, 10)} ${context.startedAt.slice(11, 16)} UTC` },
    {
      what: 'processor',
      value: `${hardware.cores} × ${hardware.cpu}, ${formatNumber(memory, 1)} GiB of memory`,
    },
    { what: 'system', value: `${os.platform} ${os.release}, ${os.arch}` },
    { what: 'PostgreSQL', value: `${server.version} (${server.kind}); ${settings.join(', ')}` },
    {
      what: 'client',
      value: `Node.js ${context.node}, pg ${packages.pg ?? 'absent'}, pg-copy-streams ${packages['pg-copy-streams'] ?? 'absent'}`,
    },
    {
      what: 'copylab',
      value: `${packages.copylab ?? 'absent'}${git ? `, commit ${git.commit.slice(0, 12)}${git.dirty ? ' with changes' : ''}` : ''}`,
    },
    {
      what: 'input',
      value: `${input.name}: ${formatNumber(input.records, 0)} records in ${input.files} ${input.files === 1 ? 'file' : 'files'}, checksum ${input.checksum}`,
    },
    {
      what: 'plan',
      value: `${plan.hash}: ${plan.treatments.length} treatments × ${plan.blocks} blocks, seed ${plan.seed}, ${plan.warmUpBlocks} warm-up ${blocks}; ${trials.length} trials in ${journal}`,
    },
    ...findings.map(({ message }) => ({ what: 'to bear in mind', value: message })),
  ]
}
