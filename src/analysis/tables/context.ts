import type { Study } from '../../study/study.js'
import { joined, type Phrase, phrase, type QuotedNumber } from '../text/phrase.js'
import { quoted, quotedCount, quotedPlace } from '../text/quoted.js'
import { takenOver } from '../text/taken-over.js'
import { formatNumber } from './tables.js'

/** One thing that was measured on or with, and what it was. */
export interface ContextRow {
  readonly what: string
  readonly value: string
  /** The numbers in `value`. */
  readonly numbers: readonly QuotedNumber[]
}

/** Where and with what a study's last session ran, one row a thing: machine, server, client, input, plan. */
export function contextRows(study: Study): ContextRow[] {
  const { plan, journal, trials } = study
  const context = study.contexts.at(-1)
  if (!context) return []
  const { server, hardware, os, input, git, packages, findings } = context
  const row = (what: string, value: Phrase): ContextRow => ({ what, value: value.text, numbers: value.numbers })
  const memory = hardware.memoryBytes / 1024 ** 3
  const settings = ['shared_buffers', 'max_wal_size', 'synchronous_commit', 'fsync', 'wal_level']
    .filter((name) => server.settings[name] !== undefined)
    .map((name) => `${name} ${server.settings[name]}`)
  return [
    row('measured', phrase`${datePhrase(context.startedAt)} ${context.startedAt.slice(11, 16)} UTC`),
    row(
      'processor',
      phrase`${quotedPlace('cores', hardware.cores, 'cores')} × ${takenOver('cpu', hardware.cpu, 'cpu')}, ${quoted('memory', memory, formatNumber(memory, 1), 'GiB of memory')} GiB of memory`,
    ),
    row('system', phrase`${os.platform} ${takenOver('kernel', os.release, 'kernel')}, ${os.arch}`),
    row(
      'PostgreSQL',
      phrase`${takenOver('version', server.version, 'version')} (${server.kind}); ${takenOver('settings', settings.join(', '), 'settings')}`,
    ),
    row(
      'client',
      phrase`Node.js ${context.node}, pg ${packages.pg ?? 'absent'}, pg-copy-streams ${packages['pg-copy-streams'] ?? 'absent'}`,
    ),
    row(
      'copylab',
      phrase`${packages.copylab ?? 'absent'}${git ? `, commit ${git.commit.slice(0, 12)}${git.dirty ? ' with changes' : ''}` : ''}`,
    ),
    row(
      'input',
      phrase`${input.name}: ${quotedCount('records', input.records, 'records in a trial')} records in ${quotedPlace('files', input.files, 'files of the input')} files, checksum ${input.checksum}`,
    ),
    row(
      'plan',
      phrase`${plan.hash}: ${quotedPlace('treatments', plan.treatments.length, 'treatments')} treatments × ${quotedPlace('blocks', plan.blocks, 'planned blocks')} blocks, seed ${quotedPlace('seed', plan.seed, 'seed of the order')}, ${quotedPlace('warmUpBlocks', plan.warmUpBlocks, 'warm-up blocks')} warm-up ${plan.warmUpBlocks === 1 ? 'block' : 'blocks'}; ${quotedPlace('trials', trials.length, 'trials, all phases')} trials in ${journal}`,
    ),
    ...findings.map((finding) => row('to bear in mind', phrase`${finding.message}`)),
  ]
}

/** The day of a moment: "2026-11-26". */
function datePhrase(moment: string): Phrase {
  const parts = (['year', 'month', 'day'] as const).map((name, k) => {
    const text = moment.slice(0, 10).split('-')[k]!
    return quoted(name, Number(text), text, `${name} of the measurement`)
  })
  return joined(parts, '-')
}
