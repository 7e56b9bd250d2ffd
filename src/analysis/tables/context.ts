import { plannedSessions } from '../../study/blocks/schedule.js'
import { type Context, coresWords, type MachineFacts, storageWords, syncWords } from '../../study/context.js'
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
  const warmUp = `${plan.warmUpBlocks} warm-up ${plan.warmUpBlocks === 1 ? 'block' : 'blocks'}`
  const sessions =
    plan.blocksPerSession === null
      ? `, seed ${plan.seed}, ${warmUp}`
      : ` in ${plannedSessions(plan)} sessions, each with ${warmUp}, seed ${plan.seed}`
  return [
    { what: 'measured', value: `${context.startedAt.slice(0, 10)} ${context.startedAt.slice(11, 16)} UTC` },
    {
      what: 'processor',
      value: `${hardware.cores} × ${hardware.cpu}, ${formatNumber(memory, 1)} GiB of memory`,
    },
    { what: 'system', value: `${os.platform} ${os.release}, ${os.arch}` },
    ...machineRows(context),
    { what: 'PostgreSQL', value: `${server.version} (${server.kind}); ${settings.join(', ')}` },
    ...storageRows(context),
    ...levelRows(context),
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
      value: `${plan.hash}: ${plan.treatments.length} treatments × ${plan.blocks} blocks${sessions}; ${trials.length} trials in ${journal}`,
    },
    ...findings.map(({ message }) => ({ what: 'to bear in mind', value: message })),
  ]
}

/**
 * Rows of the machines of client and server, one where the two are alike; none for a session that
 * was written before they were read.
 */
function machineRows({ machine: client, server: { machine: server } }: Context): ContextRow[] {
  const alike = server === null || (client !== null && machineWords(client) === machineWords(server))
  return [
    ...(client === null ? [] : [{ what: alike ? 'cores' : 'cores of the client', value: machineWords(client) }]),
    ...(server === null || alike ? [] : [{ what: "cores of the server's host", value: machineWords(server) }]),
  ]
}

function machineWords(machine: MachineFacts): string {
  const { topology, clockSource, missing } = machine
  if (topology === null && clockSource === null && missing.topology === missing.clockSource) {
    return `not known, nor the clock source: ${missing.topology}`
  }
  return `${coresWords(machine)}; clock source ${clockSource ?? `not known: ${missing.clockSource}`}`
}

/** Rows of the server's storage; none for a session that was written before it was read. */
function storageRows({ server: { storage }, syncTime, syncMissing }: Context): ContextRow[] {
  const sync = syncTime === null ? syncMissing && `not known: ${syncMissing}` : syncWords(syncTime)
  return [
    ...(storage === null ? [] : [{ what: "server's storage", value: storageWords(storage) }]),
    ...(sync === null ? [] : [{ what: 'time of a sync', value: sync }]),
  ]
}

/** A row for each named set of settings of the whole server, as the server writes them. */
function levelRows({ serverLevels }: Context): ContextRow[] {
  return Object.entries(serverLevels ?? {}).map(([level, settings]) => ({
    what: `settings ${level}`,
    value: Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  }))
}
