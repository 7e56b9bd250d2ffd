import type { Study } from '../../../study/study.js'
import { type Activity, activityNames } from '../../explain/activities.js'
import { type ActivityStyle, activityStyles, activityTitle, barMarker } from '../drawing/activity-styles.js'
import { whyEmpty } from '../drawing/drawn-treatments.js'
import { axis, type Figure, figure, type JsonObject, lines, wrapped } from '../drawing/figure.js'
import { type TimelineOptions, type TrialTimeline, timelineSeries, type WorkerSegment } from './timeline-series.js'

type Kind = WorkerSegment | Activity

/** A worker's own steps are grey, so that colour is left to what it waits for. */
const steps: { readonly [P in 'encode' | 'copy' | 'commit']: ActivityStyle & { readonly title: string } } = {
  encode: { title: 'encoding', color: '#ffffff', pattern: '/' },
  copy: { title: 'COPY: sending', color: '#A6A6A6', pattern: '' },
  commit: { title: 'COPY: all sent, until committed', color: '#4D4D4D', pattern: '' },
}
const stepNames = Object.keys(steps) as readonly (keyof typeof steps)[]

/**
 * Kinds in the order of the legend: a worker's own steps, the activities that it waits for, then
 * the states of its backend.
 */
const kinds: readonly Kind[] = [
  ...stepNames,
  'barrier',
  'client',
  ...activityNames.filter((name) => name !== 'barrier' && name !== 'client'),
]

/** A bar at a height of the figure, where rows count from the top. */
interface PlacedBar {
  readonly kind: Kind
  readonly fromMs: number
  readonly forMs: number
  readonly y: number
  readonly thickness: number
}

interface PlacedTimeline extends TrialTimeline {
  readonly heading: string
  readonly headingY: number
  readonly workerYs: readonly number[]
}

/**
 * Plots every worker's encoding, COPYs, commits and waits, batch by batch, and under each worker
 * the states of its backend, in one trial per treatment; after the load, the making of indexes.
 *
 * @throws `RangeError` for `where` that leaves no treatment, and for times that are no numbers of
 * milliseconds.
 * @example
 * show(plotTimeline(study, { where: { workers: 2, batchSize: 10_000 } }))
 */
export function plotTimeline(study: Study, options: TimelineOptions = {}): Figure {
  const timelines = placed(timelineSeries(study, options))
  const placedWorkers = timelines.flatMap(({ workerYs, workers }) =>
    workers.map(({ worker }, k) => ({ worker, y: workerYs[k]! })),
  )
  const bars = timelines.flatMap(barsOf)
  const forMs = timelines.reduce((most, { fromMs, toMs }) => Math.max(most, toMs - fromMs), 0) || 1
  const rows = (placedWorkers.at(-1)?.y ?? 1) + 0.7
  return figure(
    kinds.flatMap((kind) => traceOf(kind, bars)),
    {
      title: 'What do the workers do, batch by batch?',
      subtitle: subtitleOf(study, options, timelines),
      height: 230 + Math.round(38 * rows),
    },
    {
      barmode: 'overlay',
      annotations: timelines.map(headingAt),
      xaxis: axis('time since the window began (ms)', { range: [0, forMs], tickformat: ',', showgrid: false }),
      yaxis: axis('', {
        tickmode: 'array',
        tickvals: placedWorkers.map(({ y }) => y + 0.05),
        ticktext: placedWorkers.map(({ worker }) => `worker ${worker}`),
        range: [rows, -0.5],
        showgrid: false,
        ticks: '',
      }),
    },
  )
}

function subtitleOf(study: Study, { where }: TimelineOptions, timelines: readonly TrialTimeline[]): string[] {
  if (timelines.length === 0) return whyEmpty(study, where, [])
  const reasons = new Set(timelines.flatMap(({ noSamples }) => noSamples ?? []))
  return [
    'Thick: the worker, by its own clock. Thin: what its backend was found in, sample by sample; blank: idle.',
    ...(reasons.size > 0 ? lines(`Not sampled everywhere: ${[...reasons].join('; ')}.`) : []),
  ]
}

/** Places trials below each other, each under a heading. */
function placed(timelines: readonly TrialTimeline[]): PlacedTimeline[] {
  let y = 0
  return timelines.map((timeline) => {
    const heading = headingOf(timeline)
    const high = heading.split('<br>').length
    const headingY = y + 0.25 * (high - 1)
    const workerYs = timeline.workers.map((_, k) => y + 0.25 + 0.5 * high + k)
    y = workerYs.at(-1)! + 1.1
    return { ...timeline, heading, headingY, workerYs: workerYs }
  })
}

/** Number of characters of a heading that fit in the width of a page. */
const headingCharacters = 95

function headingOf({ label, trial, block, fromMs }: TrialTimeline): string {
  const when = `(trial ${trial}, block ${block}, from ${(fromMs / 1000).toFixed(2)} s)`
  const between = label.length + when.length < headingCharacters ? ' ' : '<br>'
  return `<b>${wrapped(label, headingCharacters)}</b>${between}${when}`
}

function headingAt({ heading, headingY }: PlacedTimeline): JsonObject {
  return {
    text: heading,
    align: 'left',
    x: 0,
    xref: 'paper',
    xanchor: 'left',
    y: headingY,
    yanchor: 'middle',
    showarrow: false,
    font: { size: 13 },
  }
}

function barsOf({ workers, workerYs, fromMs }: PlacedTimeline): PlacedBar[] {
  return workers.flatMap(({ segments, found }, k) => {
    const at = (y: number, thickness: number) => (one: (typeof segments)[number] | (typeof found)[number]) => ({
      kind: one.kind,
      fromMs: one.fromMs - fromMs,
      forMs: one.toMs - one.fromMs,
      y: workerYs[k]! + y,
      thickness,
    })
    return [...segments.map(at(-0.1, 0.5)), ...found.map(at(0.3, 0.22))]
  })
}

/** Rounds to hundredths of a millisecond, which keeps the figure small. */
const hundredths = (ms: number): number => Math.round(ms * 100) / 100

function traceOf(kind: Kind, bars: readonly PlacedBar[]): JsonObject[] {
  const own = bars.filter((bar) => bar.kind === kind)
  if (own.length === 0) return []
  const step = stepNames.find((one) => one === kind)
  const name = step ? steps[step].title : activityTitle(kind as Activity, false)
  return [
    {
      type: 'bar',
      orientation: 'h',
      name,
      y: own.map(({ y }) => hundredths(y)),
      base: own.map(({ fromMs }) => hundredths(fromMs)),
      x: own.map(({ forMs }) => hundredths(forMs)),
      width: own.map(({ thickness }) => thickness),
      hovertemplate: `%{x:,.1f} ms<extra>${name}</extra>`,
      marker: barMarker(step ? steps[step] : activityStyles[kind as Activity], 4),
    },
  ]
}
