import { explain } from 'copylab/analysis'
import { readStudy } from 'copylab/executor'
import { markdownTable } from '#copylab/analysis/tables/render.js'
import { signedNumber } from '#copylab/analysis/tables/tables.js'
import { foundCause, knownCauseStudy, knownCauses } from '../parts/known-causes.js'

/** What `explain` finds of losses whose cause is known. */
export function knownCausesText(): string[] {
  const ms = (value: number | null | undefined): string =>
    value == null ? 'not known' : `${signedNumber(value, 0)} ms`
  return markdownTable(
    [
      'what makes the loss, and what takes it away',
      'PostgreSQL',
      'the loss',
      'largest cause',
      'next',
      'state',
      'what is left',
    ],
    knownCauses.map((known) => {
      const study = readStudy(knownCauseStudy(known.cause))
      const { made, changeMs, measures, state, afterMs } = foundCause(
        known,
        explain(study, { from: known.from, to: known.to }),
      )
      const [largest, next] = measures.map(({ label, perWorkerMs }) => `${label} ${ms(perWorkerMs)}`)
      const { version } = study.contexts[0]!.server
      return [made, version, ms(changeMs?.value), largest!, next!, state, ms(afterMs?.value)]
    }),
  )
}
