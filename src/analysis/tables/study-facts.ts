import { type Context, coresWords, type MachineFacts, storageWords } from '../../study/context.js'
import { controlWords, plannedControls } from '../../study/controls.js'
import type { Plan } from '../../study/plan.js'
import type { Preregistration } from '../../study/preregistration.js'
import type { Treatment } from '../../study/treatment.js'
import { listText } from '../text/sentence.js'
import { formatNumber } from './tables.js'

/** Facts by name: "shared_buffers" → "128MB". */
export interface StudyFacts {
  readonly [what: string]: string | undefined
}

/**
 * A fact that differs between two sides, with its value on each; null where a side does not have
 * it.
 */
export interface Difference {
  readonly what: string
  readonly a: string | null
  readonly b: string | null
}

/** Returns the facts that two sides do not share. */
export function differing(a: StudyFacts, b: StudyFacts): Difference[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((what) => a[what] !== b[what])
    .map((what) => ({ what, a: a[what] ?? null, b: b[what] ?? null }))
}

/**
 * Returns the facts about a session on which times depend: server and its settings, Node.js,
 * processor, versions.
 */
export function measuringFacts({ server, node, hardware, packages }: Context): StudyFacts {
  return {
    PostgreSQL: server.version,
    ...server.settings,
    'Node.js': node,
    processor: `${hardware.cores} × ${hardware.cpu}`,
    ...packages,
  }
}

/**
 * Returns the facts that are known about the cores, clocks and storage of a session: those of
 * earlier sessions are not.
 */
export function machineFacts({ machine, server }: Context): StudyFacts {
  const { storage } = server
  return {
    ...(machine && factsOf("client's", machine)),
    ...(server.machine && factsOf("server's", server.machine)),
    ...(storage && storage.fileSystem !== null && { "server's storage": storageWords(storage) }),
  }
}

function factsOf(whose: string, machine: MachineFacts): StudyFacts {
  const { topology, clockSource } = machine
  return {
    ...(topology && { [`${whose} cores`]: coresWords(machine) }),
    ...(clockSource !== null && { [`${whose} clock source`]: clockSource }),
  }
}

/** Returns all facts about a session's environment and input, except its time and its port. */
export function contextFacts(context: Context): StudyFacts {
  const { server, hardware, os, input, git } = context
  return {
    server: server.kind,
    host: server.host,
    ...measuringFacts(context),
    ...machineFacts(context),
    memory: `${formatNumber(hardware.memoryBytes / 1024 ** 3, 1)} GiB`,
    system: `${os.platform} ${os.release}, ${os.arch}`,
    input: input.name,
    'input files': formatNumber(input.files, 0),
    records: formatNumber(input.records, 0),
    'bad records': formatNumber(input.badRecords, 0),
    checksum: input.checksum,
    commit: git ? `${git.commit.slice(0, 12)}${git.dirty ? ' with changes' : ''}` : undefined,
  }
}

/** Returns the facts of a plan other than its treatments; `label` puts a treatment into words. */
export function planFacts(plan: Plan, label: (treatment: Treatment) => string): StudyFacts {
  const { blocks, blocksPerSession, warmUpBlocks, seed, probes, input, server, preregistration, meanings, table } = plan
  const on = Object.entries(probes).filter(([, isOn]) => isOn)
  return {
    blocks: String(blocks),
    'blocks per session': blocksPerSession === null ? undefined : String(blocksPerSession),
    'warm-up blocks': String(warmUpBlocks),
    seed: String(seed),
    probes: on.length > 0 ? listText(on.map(([probe]) => probe)) : undefined,
    ...Object.fromEntries(
      plannedControls(plan.controls).map(({ control, treatment, by }) => [
        `${controlWords[control].label} control`,
        by === null ? label(treatment) : `${label(treatment)}, by ${by}`,
      ]),
    ),
    ...flatFacts('input', input),
    ...flatFacts('server', server),
    ...flatFacts('level of', meanings),
    ...flatFacts('table', table),
    ...(preregistration && preregisteredFacts(preregistration, label)),
  }
}

function preregisteredFacts(preregistration: Preregistration, label: (treatment: Treatment) => string): StudyFacts {
  const { a, b, metric, claim } = preregistration.primary
  const primary = `${metric}, ${label(a)} against ${label(b)}, claim ${JSON.stringify(claim)}`
  return flatFacts('preregistered', { ...preregistration, primary })
}

/** Returns the values within an object, "input records" for one, lists as JSON. */
function flatFacts(what: string, value: unknown): StudyFacts {
  if (value === null || value === undefined) return {}
  if (typeof value === 'object' && !Array.isArray(value)) {
    return Object.assign({}, ...Object.entries(value).map(([name, inner]) => flatFacts(`${what} ${name}`, inner)))
  }
  return { [what]: typeof value === 'string' ? value : JSON.stringify(value) }
}
