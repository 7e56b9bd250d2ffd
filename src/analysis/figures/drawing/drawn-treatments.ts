import type { Probe } from '../../../study/readings.js'
import { selectTreatments, trialsOf } from '../../../study/selection.js'
import type { Study } from '../../../study/study.js'
import { isByProgram, type Selection, type Treatment, varyingFactors } from '../../../study/treatment.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { describeTreatment } from '../../text/levels.js'
import { listed } from '../../text/phrase.js'
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
  const byPrograms = trials.length > 0 && trials.every(({ treatment }) => isByProgram(treatment))
  const why = [...reasons].join('; ') || (byPrograms ? toldByWorkers : 'the trials carry no such readings')
  return lines(`Nothing to draw: ${trials.length === 0 ? 'no trial of these treatments was completed' : why}.`)
}

/** Why a figure lacks the trials in which a program loaded. */
const toldByWorkers = "a program loaded, and only copylab's own workers tell it"

/**
 * Names the programs that a figure of what copylab's own workers tell leaves out, as lines of its
 * subtitle; none where no program loads.
 */
export function programsLeftOut(study: Study, where: Selection = {}): string[] {
  const programs = new Set(
    selectTreatments(study, where)
      .filter(isByProgram)
      .map(({ loader }) => `loader ${loader}`),
  )
  return programs.size === 0 ? [] : lines(`Not drawn: ${listed([...programs]).text} (${toldByWorkers}).`)
}
