import type { Context, Study } from '../executor/types.js'
import { checkStudy } from './check-study.js'
import { comparisonControls } from './controls.js'
import { deviations } from './deviations.js'
import { listText } from './sentence.js'
import { formatNumber } from './tables.js'
import { counted, describeLevel, factors, levelsOf, treatmentsText } from './treatments.js'

/** The kinds of validity that Cook & Campbell (1979) tell apart. */
export type Validity = 'internal' | 'statistical conclusion' | 'construct' | 'external'

/** Something that limits what the studies show. Plain data. */
export interface Threat {
  readonly validity: Validity
  /** Names of the studies. */
  readonly studies: readonly string[]
  readonly sentence: string
}

/** Findings that say how sure an answer is, rather than whether something else than the treatment made it. */
const statistical: ReadonlySet<string> = new Set(['unequal-blocks', 'short-trials'])

/**
 * Where what the studies found stops being valid, each threat written from what the studies hold: doubts that their own trials raise, controls, deviations from
 * the plan, the machine, the server, the input and the levels that were measured. Threats that several studies share are one. Throws `RangeError` without a study.
 */
export function threatsToValidity(studies: readonly Study[]): Threat[] {
  if (studies.length === 0) throw new RangeError('Expected at least one study to find the limits of, got none')
  const found = studies.flatMap((study) =>
    threatsOf(study).map((threat) => ({ ...threat, studies: [study.plan.name] })),
  )
  const threats = new Map<string, Threat>()
  for (const threat of found) {
    const same = threats.get(threat.sentence)
    threats.set(threat.sentence, same ? { ...same, studies: [...same.studies, ...threat.studies] } : threat)
  }
  const order: readonly Validity[] = ['internal', 'statistical conclusion', 'construct', 'external']
  return order.flatMap((validity) => [...threats.values()].filter((threat) => threat.validity === validity))
}

type Found = Pick<Threat, 'validity' | 'sentence'>

function threatsOf(study: Study): Found[] {
  const context = study.contexts.at(-1)
  return [
    ...checkStudy(study).map(
      ({ code, message }): Found => ({
        validity: statistical.has(code) ? 'statistical conclusion' : 'internal',
        sentence: message,
      }),
    ),
    ...controlThreats(study),
    ...deviations(study).deviations.map(
      (text): Found => ({ validity: 'internal', sentence: `Not as planned: ${text}` }),
    ),
    ...(study.plan.registration
      ? []
      : [
          {
            validity: 'statistical conclusion',
            sentence:
              'Nothing was registered beforehand: the study explores, and its verdicts want confirmation on fresh blocks',
          } as const,
        ]),
    ...(context ? [...constructThreats(study, context), ...externalThreats(study, context)] : []),
  ]
}

function controlThreats(study: Study): Found[] {
  const { aa, slowdown } = comparisonControls(study, 'totalMs')
  const threats: Found[] = []
  if (!aa && !slowdown) {
    threats.push({
      validity: 'internal',
      sentence: 'No control ran beside the treatments, so that nothing shows how much identical treatments differ',
    })
  }
  if (aa?.detected)
    threats.push({
      validity: 'internal',
      sentence: 'The two identical treatments were told apart: something else than the treatment makes a difference',
    })
  if (slowdown && !slowdown.detected) {
    threats.push({
      validity: 'statistical conclusion',
      sentence: `A slow-down of ${formatNumber(study.plan.controls.slowdown!.by * 100, 0)} % was not detected: smaller differences may have been missed`,
    })
  }
  return threats
}

function constructThreats({ plan }: Study, { server, hardware, input }: Context): Found[] {
  const isLocal = /^(127\.|localhost$|::1$)/.test(server.host)
  const { fsync, shared_buffers: buffers } = server.settings
  const loaded = plan.treatments.some(({ target }) => target === 'table')
  return [
    ...(isLocal && loaded
      ? [
          {
            validity: 'construct',
            sentence: `Client and server share ${counted(hardware.cores, 'core')}: a worker that waits for a core here might find one where the server has a machine of its own, and no network lies between them`,
          } as const,
        ]
      : []),
    ...(fsync === 'off'
      ? [
          {
            validity: 'construct',
            sentence: 'The server ran with fsync off, so that no commit waited for a disk',
          } as const,
        ]
      : []),
    ...(loaded && buffers !== undefined
      ? [
          {
            validity: 'construct',
            sentence: `Each trial loads ${formatNumber(input.records, 0)} records into an empty table, with shared_buffers ${buffers}: a table that has outgrown memory is another question`,
          } as const,
        ]
      : []),
  ]
}

/** What was not varied, and so cannot be generalised over. */
function externalThreats({ plan, contexts }: Study, { server, hardware, os, input, node }: Context): Found[] {
  const fixed = factors.filter((factor) => levelsOf(plan.treatments, factor).length === 1)
  const others = fixed.map((factor) => describeLevel(factor, plan.treatments[0]!))
  const days = new Set(contexts.map(({ startedAt }) => startedAt.slice(0, 10)))
  return [
    {
      validity: 'external',
      sentence: `One machine (${counted(hardware.cores, 'core')}, ${hardware.cpu}, ${os.platform}), PostgreSQL ${server.version} (${server.kind}), Node.js ${node}, on ${counted(days.size, 'day')}: other machines and versions are other populations`,
    },
    {
      validity: 'external',
      sentence: `One input, ${input.name}: narrow records with other types, or wide ones, cost client and server differently`,
    },
    {
      validity: 'external',
      sentence: `Measured were ${treatmentsText({ plan })}${others.length > 0 ? `, with ${listText(others)}` : ''}: nothing is known beyond these levels`,
    },
  ]
}
