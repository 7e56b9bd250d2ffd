import type { Context } from '../../study/context.js'
import type { Study } from '../../study/study.js'
import { factorNames, levelsOf } from '../../study/treatment.js'
import { comparisonControls } from '../compare/controls.js'
import { levelPhrase, treatmentsPhrase } from '../text/levels.js'
import { joined, type Phrase, phrase, type QuotedNumber } from '../text/phrase.js'
import { countedThings, quotedCount, wholePercent } from '../text/quoted.js'
import { takenOver } from '../text/taken-over.js'
import { checkStudy } from './check-study.js'
import { deviations } from './deviations.js'

/** The kinds of validity that Cook & Campbell (1979) tell apart. */
export type Validity = 'internal' | 'statistical conclusion' | 'construct' | 'external'

/** Something that limits what the studies show. Plain data. */
export interface Threat {
  readonly validity: Validity
  /** Names of the studies. */
  readonly studies: readonly string[]
  readonly sentence: string
  /** The numbers in the sentence. */
  readonly numbers: readonly QuotedNumber[]
}

/** Findings that say how sure an answer is, rather than whether something else than the treatment made it. */
const statistical: ReadonlySet<string> = new Set(['unequal-blocks', 'short-trials'])

/**
 * Where what the studies found stops being valid, each threat written from what the studies hold: doubts that their own trials raise, controls, deviations from
 * the plan, the machine, the server, the input and the levels that were measured. Threats that several studies share are one. Throws `RangeError` without a study.
 */
export function threatsToValidity(studies: readonly Study[]): Threat[] {
  if (studies.length === 0) throw new RangeError('Expected at least one study to find the limits of, got none')
  const threats = new Map<string, Threat>()
  for (const study of studies) {
    for (const { validity, text, numbers } of threatsOf(study)) {
      const same = threats.get(text)
      const names = [...(same?.studies ?? []), study.plan.name]
      threats.set(text, { validity, studies: names, sentence: text, numbers })
    }
  }
  const order: readonly Validity[] = ['internal', 'statistical conclusion', 'construct', 'external']
  return order.flatMap((validity) => [...threats.values()].filter((threat) => threat.validity === validity))
}

interface Found extends Phrase {
  readonly validity: Validity
}

const internal = (said: Phrase): Found => ({ validity: 'internal', ...said })
const conclusion = (said: Phrase): Found => ({ validity: 'statistical conclusion', ...said })
const construct = (said: Phrase): Found => ({ validity: 'construct', ...said })
const external = (said: Phrase): Found => ({ validity: 'external', ...said })

function threatsOf(study: Study): Found[] {
  const context = study.contexts.at(-1)
  return [
    ...checkStudy(study).map(({ code, message, numbers }) =>
      (statistical.has(code) ? conclusion : internal)({ text: message, numbers }),
    ),
    ...controlThreats(study),
    ...planThreats(study),
    ...(context ? [...constructThreats(study, context), ...externalThreats(study, context)] : []),
  ]
}

function controlThreats(study: Study): Found[] {
  const { aa, slowdown } = comparisonControls(study, 'totalMs')
  const threats: Found[] = []
  if (!aa && !slowdown) {
    threats.push(
      internal(
        phrase`No control ran beside the treatments, so that nothing shows how much identical treatments differ`,
      ),
    )
  }
  if (aa?.detected) {
    threats.push(
      internal(
        phrase`The two identical treatments were told apart: something else than the treatment makes a difference`,
      ),
    )
  }
  if (slowdown && !slowdown.detected) {
    const share = wholePercent('slowDown', study.plan.controls.slowdown!.by, 'slow-down on purpose')
    threats.push(conclusion(phrase`A slow-down of ${share} was not detected: smaller differences may have been missed`))
  }
  return threats
}

function planThreats(study: Study): Found[] {
  const { deviations: found, registered, numbers } = deviations(study)
  return [
    ...found.map((text) => internal({ text: `Not as planned: ${text}`, numbers })),
    ...(registered === null
      ? [
          conclusion(
            phrase`Nothing was registered beforehand: the study explores, and its verdicts want confirmation on fresh blocks`,
          ),
        ]
      : []),
  ]
}

function constructThreats({ plan }: Study, { server, hardware, input }: Context): Found[] {
  if (plan.treatments.every(({ target }) => target === 'nothing')) return []
  const isLocal = /^(127\.|localhost$|::1$)/.test(server.host)
  const { fsync, shared_buffers: buffers } = server.settings
  return [
    ...(isLocal
      ? [
          construct(
            phrase`Client and server share ${countedThings('cores', hardware.cores, 'core')}: a worker that waits for a core here might find one where the server has a machine of its own, and no network lies between them`,
          ),
        ]
      : []),
    ...(fsync === 'off' ? [construct(phrase`The server ran with fsync off, so that no commit waited for a disk`)] : []),
    ...(buffers === undefined
      ? []
      : [
          construct(
            phrase`Each trial loads ${quotedCount('records', input.records, 'records of a trial')} records into an empty table, with shared_buffers ${takenOver('sharedBuffers', buffers, 'shared_buffers')}: a table that has outgrown memory is another question`,
          ),
        ]),
  ]
}

/** What was not varied, and so cannot be generalised over. */
function externalThreats({ plan, contexts }: Study, { server, hardware, os, input, node }: Context): Found[] {
  const fixed = factorNames.filter((factor) => levelsOf(plan.treatments, factor).length === 1)
  const others = fixed.map((factor) => levelPhrase(factor, plan.treatments[0]!))
  const days = new Set(contexts.map(({ startedAt }) => startedAt.slice(0, 10)))
  const cpu = takenOver('cpu', hardware.cpu, 'name of the processor')
  const versions = [
    takenOver('postgresql', server.version, 'version of PostgreSQL'),
    takenOver('node', node, 'version of Node.js'),
  ] as const
  return [
    external(
      phrase`One machine (${countedThings('cores', hardware.cores, 'core')}, ${cpu}, ${os.platform}), PostgreSQL ${versions[0]} (${server.kind}), Node.js ${versions[1]}, on ${countedThings('days', days.size, 'day')}: other machines and versions are other populations`,
    ),
    external(phrase`One input, ${input.name}: other records cost client and server differently`),
    external(
      phrase`Measured were ${treatmentsPhrase({ plan })}${others.length > 0 ? phrase`, with ${joined(others, ', ')}` : ''}: nothing is known beyond these levels`,
    ),
  ]
}
