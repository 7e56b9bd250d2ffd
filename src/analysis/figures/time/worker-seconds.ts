import { checkedOptions } from '../../../check.js'
import { trialsOf } from '../../../study/selection.js'
import type { Study } from '../../../study/study.js'
import { checkedStudy } from '../../../study/study.js'
import type { Treatment } from '../../../study/treatment.js'
import { defaultLevel } from '../../defaults.js'
import { type Activity, activityNames } from '../../explain/activities.js'
import { type WorkerTime, workerTime } from '../../explain/worker-time.js'
import { replicateMeans } from '../../replicates/replicates.js'
import type { Estimate } from '../../statistics/estimate.js'
import { mean } from '../../statistics/numerics/moments.js'
import { tInterval } from '../../statistics/t-interval.js'
import { counted } from '../../text/levels.js'
import { activityStyles, activityTitle, barMarker, visibleActivities } from '../drawing/activity-styles.js'
import { drawnTreatments, whyEmpty } from '../drawing/drawn-treatments.js'
import { axis, errorBars, type Figure, figure, ink, type JsonObject, rowAxis, rowsHeight } from '../drawing/figure.js'
import type { FigureOptions } from '../workers-series.js'

/** Division of the workers' time with one treatment: means over its trials, in worker-seconds. */
export interface WorkerSecondsBar {
  readonly label: string
  readonly treatment: Treatment
  readonly seconds: { readonly [A in Activity]: number }
  /**
   * Mean over the trials of the sum of all activities, with Student's t interval, in a study in
   * sessions of the means of sessions.
   */
  readonly sum: Estimate
  /** Wall time of every trial: workers × total time. */
  readonly walls: readonly { readonly trial: number; readonly block: number; readonly seconds: number }[]
  /** False where CPU queueing could not be distinguished from running. */
  readonly cpuKnown: boolean
}

/**
 * Computes the worker time of every selected treatment whose waits were read, in the order of the
 * plan.
 */
export function workerSecondsSeries(study: Study, options: FigureOptions = {}): WorkerSecondsBar[] {
  checkedStudy(study)
  const { where, level = defaultLevel } = checkedOptions(options, { where: true, level: true })
  return drawnTreatments(study, where).flatMap(({ label, treatment }) => {
    const times = trialsOf(study, treatment).flatMap((trial) => workerTime(trial) ?? [])
    if (times.length === 0) return []
    return [
      {
        label,
        treatment,
        seconds: meanSeconds(study, times),
        sum: tInterval(
          replicateMeans(study, times, ({ ms }) => activityNames.reduce((sum, name) => sum + ms[name], 0) / 1000),
          { level },
        ),
        walls: times.map(({ trial, block, wallMs }) => ({ trial, block, seconds: wallMs / 1000 })),
        cpuKnown: times.every(({ cpuKnown }) => cpuKnown),
      },
    ]
  })
}

function meanSeconds(study: Study, times: readonly WorkerTime[]): WorkerSecondsBar['seconds'] {
  const means = activityNames.map((name) => [name, mean(replicateMeans(study, times, ({ ms }) => ms[name])) / 1000])
  return Object.fromEntries(means) as { [A in Activity]: number }
}

/**
 * Plots worker-seconds (seconds times workers) by treatment, stacked by activity, with the interval
 * of their sum and every trial's wall time.
 *
 * @throws `RangeError` for `where` that leaves no treatment.
 * @example
 * show(plotWorkerSeconds(study, { where: { batchSize: 10_000 } }))
 */
export function plotWorkerSeconds(study: Study, options: FigureOptions = {}): Figure {
  const { where, level = defaultLevel } = options
  const bars = workerSecondsSeries(study, options)
  const cpuKnown = bars.every((bar) => bar.cpuKnown)
  const rows = bars.map((_, row) => row)
  const labels = bars.map(({ label }) => label)
  const stacks: JsonObject[] = visibleActivities(bars.map(({ seconds }) => seconds)).map((activity) => {
    const name = activityTitle(activity, cpuKnown)
    return {
      type: 'bar',
      orientation: 'h',
      name,
      y: rows,
      x: bars.map(({ seconds }) => seconds[activity]),
      width: 0.5,
      hovertemplate: `%{x:,.4~g} worker-s<extra>${name}</extra>`,
      marker: barMarker(activityStyles[activity]),
    }
  })
  const over: JsonObject[] = [
    {
      type: 'scatter',
      mode: 'markers',
      name: `sum of the activities, ${level * 100} % interval`,
      y: rows.map((row) => row + 0.37),
      x: bars.map(({ sum }) => sum.value),
      error_x: errorBars(
        bars.map(({ sum }) => sum),
        { color: ink },
      ),
      hovertemplate: '%{x:,.4~g} worker-s<extra>sum of the activities</extra>',
      marker: { color: ink, symbol: 'diamond', size: 7, line: { color: '#ffffff', width: 1 } },
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: 'workers × total time of one trial',
      y: bars.flatMap(({ walls }, row) => walls.map(() => row - 0.37)),
      x: bars.flatMap(({ walls }) => walls.map(({ seconds }) => seconds)),
      text: bars.flatMap(({ walls }) => walls.map(({ trial, block }) => `trial ${trial}, block ${block}`)),
      hovertemplate: '%{text}: %{x:,.4~g} worker-s<extra></extra>',
      marker: { color: ink, symbol: 'line-ns-open', size: 8 },
    },
  ]
  return figure(
    bars.length > 0 ? [...stacks, ...over] : [],
    {
      title: 'What do the workers spend their time on?',
      subtitle: subtitleOf(study, bars, where),
      height: 300 + rowsHeight(labels, 52),
    },
    {
      barmode: 'stack',
      xaxis: axis('worker-seconds (workers × wall time)', { range: [0, greatest(bars) * 1.04], tickformat: ',' }),
      yaxis: rowAxis(labels),
    },
  )
}

/**
 * Returns the greatest value that the axis must hold; intervals of few blocks may run off its end,
 * so that they do not squeeze the bars.
 */
function greatest(bars: readonly WorkerSecondsBar[]): number {
  const drawn = Math.max(0, ...bars.flatMap(({ sum, walls }) => [sum.value, ...walls.map(({ seconds }) => seconds)]))
  const upper = Math.max(0, ...bars.map(({ sum }) => sum.interval?.upper ?? 0))
  return Math.max(drawn, Math.min(upper, drawn * 1.3)) || 1
}

function subtitleOf(study: Study, bars: readonly WorkerSecondsBar[], where: FigureOptions['where']): string[] {
  if (bars.length === 0) return whyEmpty(study, where, ['waits'])
  const without = drawnTreatments(study, where).length - bars.length
  return [
    'Mean time of all workers together, by what their backends were found doing.',
    ...(without > 0
      ? [`Left out: ${counted(without, 'treatment')} without a completed trial whose waits were read.`]
      : []),
  ]
}
