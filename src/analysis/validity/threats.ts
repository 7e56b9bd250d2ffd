import type { Context } from '../../study/context.js'
import type { Study } from '../../study/study.js'
import { comparisonControls } from '../compare/controls.js'
import { checkStudy } from './check-study.js'
import { deviations } from './deviations.js'
import type { Limit, Threat, Validity } from './threat.js'
import { limitWords } from './threat-words.js'

/**
 * Codes of findings about how sure an answer is, rather than whether something other than the
 * treatment caused it.
 */
const statistical: ReadonlySet<string> = new Set(['unequal-blocks', 'short-trials'])

/**
 * Lists the limits of the validity of the studies' results, each taken from the studies themselves:
 * findings about their trials, controls, deviations from the plan, the machine, the server, the
 * input and the levels that were measured. Limits with the same words for several studies are one.
 * Throws `RangeError` without a study.
 */
export function threatsToValidity(studies: readonly Study[]): Threat[] {
  if (studies.length === 0) throw new RangeError('Expected at least one study to find the limits of, got none')
  const threats = new Map<string, Threat>()
  for (const study of studies) {
    for (const { validity, limit } of threatsOf(study)) {
      const { text } = limitWords(limit)
      const names = [...(threats.get(text)?.studies ?? []), study.plan.name]
      const everywhere = new Set(names).size === new Set(studies.map(({ plan }) => plan.name)).size
      threats.set(text, { result: 'threat', validity, studies: names, everywhere, limit })
    }
  }
  const order: readonly Validity[] = ['internal', 'statistical conclusion', 'construct', 'external']
  return order.flatMap((validity) => [...threats.values()].filter((threat) => threat.validity === validity))
}

type Found = Pick<Threat, 'validity' | 'limit'>

const internal = (limit: Limit): Found => ({ validity: 'internal', limit })
const conclusion = (limit: Limit): Found => ({ validity: 'statistical conclusion', limit })
const construct = (limit: Limit): Found => ({ validity: 'construct', limit })
const external = (limit: Limit): Found => ({ validity: 'external', limit })

function threatsOf(study: Study): Found[] {
  const context = study.contexts.at(-1)
  return [
    ...checkStudy(study).map((finding) =>
      (statistical.has(finding.code) ? conclusion : internal)({ kind: 'finding', finding }),
    ),
    ...controlThreats(study),
    ...planThreats(study),
    ...(context ? [...constructThreats(study, context), ...externalThreats(study, context)] : []),
  ]
}

function controlThreats(study: Study): Found[] {
  const { aa, slowdown, work, unprobed } = comparisonControls(study, 'totalMs')
  return [
    ...(!aa && !slowdown && !work ? [internal({ kind: 'no-control' })] : []),
    ...(aa?.detected ? [internal({ kind: 'told-apart' })] : []),
    ...(slowdown && !slowdown.detected
      ? [conclusion({ kind: 'slowdown-missed', by: study.plan.controls.slowdown!.by })]
      : []),
    ...(work && !work.detected ? [conclusion({ kind: 'work-missed', by: study.plan.controls.work!.by })] : []),
    ...(unprobed?.detected ? [construct({ kind: 'probes-cost' })] : []),
  ]
}

function planThreats(study: Study): Found[] {
  const { deviations: found, preregistered } = deviations(study)
  return [
    ...found.map((deviation) => internal({ kind: 'deviation', deviation })),
    ...(preregistered === null ? [conclusion({ kind: 'notPreregistered' })] : []),
  ]
}

function constructThreats({ plan }: Study, { server, hardware, input }: Context): Found[] {
  if (plan.treatments.every(({ target }) => target === 'nothing')) return []
  const isLocal = /^(127\.|localhost$|::1$)/.test(server.host)
  const { fsync, shared_buffers: sharedBuffers } = server.settings
  return [
    ...(isLocal ? [construct({ kind: 'shared-machine', cores: hardware.cores })] : []),
    ...(fsync === 'off' ? [construct({ kind: 'fsync-off' })] : []),
    ...(sharedBuffers === undefined ? [] : [construct({ kind: 'empty-table', records: input.records, sharedBuffers })]),
  ]
}

/** Lists what was not varied, so that results cannot be generalised over it. */
function externalThreats({ plan, contexts }: Study, { server, hardware, os, input, node }: Context): Found[] {
  return [
    external({
      kind: 'one-machine',
      cores: hardware.cores,
      cpu: hardware.cpu,
      platform: os.platform,
      postgresql: server.version,
      server: server.kind,
      node,
      days: new Set(contexts.map(({ startedAt }) => startedAt.slice(0, 10))).size,
    }),
    external({ kind: 'one-input', input: input.name }),
    external({ kind: 'levels', treatments: plan.treatments }),
  ]
}
