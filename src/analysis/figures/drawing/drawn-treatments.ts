import type { Probe } from '../../../study/readings.js'
import { selectTreatments, trialsOf } from '../../../study/selection.js'
import type { Study } from '../../../study/study.js'
import type { Treatment } from '../../../study/treatment.js'
import { type Selection, varyingFactors } from '../../../study/treatment.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { describeTreatment } from '../../text/levels.js'
import { lines } from './figure.js'

/** A treatment with its name in a figure. */
export interface DrawnTreatment {
  /** The levels that distinguish it from the other treatments drawn: "4 workers, 10K". */
  readonly label: string
  readonly treatment: Treatment
}

/**
 * Returns the selected treatments in the order of the plan, named by the factors that vary among
 * them.
 */
export function drawnTreatments(study: Study, where: Selection = {}): DrawnTreatment[] {
  const treatments = selectTreatments(study, where)
  const varying = varyingFactors(treatments)
  return treatments.map((treatment) => ({
    label: describeTreatment(treatment, varying.length > 0 ? varying : ['workers', 'batchSize']),
    treatment,
  }))
}

/**
 * Returns a treatment's trial of the median total time; of an even number of trials the faster of
 * the two in the middle. Null without a completed trial.
 */
export function typicalTrial(study: Study, treatment: Treatment): CompletedTrial | null {
  const ordered = [...trialsOf(study, treatment)].sort((a, b) => a.totalMs - b.totalMs)
  return ordered[Math.floor((ordered.length - 1) / 2)] ?? null
}

/**
 * Returns the reason that a figure is empty, as its subtitle: no completed trial, or the trials'
 * reasons for the missing readings.
 */
export function whyEmpty(study: Study, where: Selection | undefined, needs: readonly Probe[]): string[] {
  const trials = selectTreatments(study, where).flatMap((treatment) => trialsOf(study, treatment))
  const reasons = new Set(trials.flatMap(({ missing }) => needs.flatMap((probe) => missing[probe] ?? [])))
  const why = [...reasons].join('; ') || 'the trials carry no such readings'
  return lines(`Nothing to draw: ${trials.length === 0 ? 'no trial of these treatments was completed' : why}.`)
}
