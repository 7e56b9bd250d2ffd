import type { Study } from '../../../study/study.js'
import { whyEmpty } from '../drawing/drawn-treatments.js'
import {
  axis,
  type Figure,
  figure,
  type JsonObject,
  legendHeight,
  lines,
  plainText,
  seriesStyle,
} from '../drawing/figure.js'
import { type Quantity, type ResourceSeries, type ResourcesOptions, resourceSeries } from './resource-series.js'

interface Panel {
  readonly quantity: Quantity
  readonly name: string
  readonly unit: string
  /**
   * What stands after its name.
   *
   * @default its unit
   */
  readonly of?: string
  /** How Plotly joins the values. */
  readonly shape: 'hv' | 'linear'
}

const panelsOfUse: readonly Panel[] = [
  { quantity: 'clientCores', name: 'client’s CPU', unit: 'cores', shape: 'hv' },
  { quantity: 'backendCores', name: 'backends’ CPU', unit: 'cores', shape: 'hv' },
  { quantity: 'clientMiB', name: 'client’s memory', unit: 'MiB', shape: 'linear' },
  { quantity: 'backendMiB', name: 'backends’ memory', unit: 'MiB', shape: 'linear' },
]

/** The panel of connections: of the workers alone, where the study tells them apart. */
function connectionsPanel(series: readonly ResourceSeries[]): Panel {
  const apart = series.every(({ connectionsOf }) => connectionsOf === 'workers')
  return {
    quantity: 'connections',
    name: apart ? 'workers’ connections' : 'connections',
    unit: 'connections',
    of: apart ? 'number' : 'number, of all clients, copylab’s own too',
    shape: 'hv',
  }
}

/** States how many connections are not among the workers' that are drawn. */
function furtherConnections(series: readonly ResourceSeries[]): string[] {
  const further = series.flatMap((one) => one.furtherConnections ?? [])
  if (further.length === 0 || series.some(({ connectionsOf }) => connectionsOf !== 'workers')) return []
  const most = (whose: 'own' | 'others'): number => Math.max(...further.map((counts) => counts[whose]))
  return lines(
    `Not among the workers’ connections: up to ${most('own')} of copylab’s own, which control and observe the trial, and up to ${most('others')} of others.`,
  )
}

/**
 * Plots CPU, memory and connections over time of each treatment's typical trial, one panel per
 * quantity that was read, and a last one for when indexes were made after the load, all with the
 * same time axis.
 */
export function plotResources(study: Study, options: ResourcesOptions = {}): Figure {
  const series = resourceSeries(study, options)
  const panels = [...panelsOfUse, connectionsPanel(series)]
  const shown = panels.filter(({ quantity }) => series.some((one) => one[quantity]))
  const indexes = shown.length > 0 && series.some(({ indexing }) => indexing)
  const count = shown.length + (indexes ? 1 : 0)
  return figure(
    [
      ...shown.flatMap((panel, place) => series.flatMap((one, index) => trace(one, index, panel, place, panels))),
      ...(indexes ? series.flatMap((one, index) => indexingTrace(one, index, shown.length)) : []),
    ],
    {
      title: 'What do client and server use while they load?',
      subtitle:
        shown.length === 0
          ? whyEmpty(study, options.where, ['client', 'backends', 'waits'])
          : [
              'One trial per treatment: the one of the median total time.',
              ...(indexes ? lines(untilIndexes) : []),
              ...furtherConnections(series),
              ...lacking(series, panels),
            ],
      height: 200 + 128 * Math.max(2, count) + legendHeight(series.map(({ label }) => label)),
    },
    {
      ...Object.fromEntries(shown.map((_, place) => [axisName('yaxis', place), panelAxis(place, count)])),
      ...(indexes && { [axisName('yaxis', shown.length)]: indexingAxis(series.length, shown.length, count) }),
      ...(shown.length === 0 && { yaxis: axis('', { showticklabels: false, ticks: '' }) }),
      annotations: [
        ...shown.map(({ name, unit, of = unit }, place) => heading(name, `(${of})`, place, count)),
        ...(indexes ? [heading('indexes and keys', 'being made, after the load', shown.length, count)] : []),
      ],
      xaxis: axis('time since the clock started (s)', {
        rangemode: 'tozero',
        tickformat: ',',
        anchor: axisName('y', Math.max(0, count - 1)),
      }),
    },
  )
}

function axisName(axis: 'y' | 'yaxis', place: number): string {
  return place === 0 ? axis : `${axis}${place + 1}`
}

/** Share of a panel's height above its axes, which holds its name. */
const headroom = 0.24

/** Returns the axis of a panel; panels are numbered from the top down. */
function panelAxis(place: number, count: number): JsonObject {
  return axis('', { domain: domainOf(place, count), rangemode: 'tozero', tickformat: ',', nticks: 5 })
}

/** Returns the axis of the panel of indexes, with a row for each trial. */
function indexingAxis(rows: number, place: number, count: number): JsonObject {
  return axis('', {
    domain: domainOf(place, count),
    range: [0.6 - rows, 0.6],
    showticklabels: false,
    ticks: '',
    showgrid: false,
  })
}

function domainOf(place: number, count: number): readonly number[] {
  return [1 - (place + 1) / count, 1 - (place + headroom) / count]
}

function heading(name: string, what: string, place: number, count: number): JsonObject {
  return {
    text: `<b>${name}</b> ${what}`,
    x: 0,
    xref: 'paper',
    xanchor: 'left',
    y: 1 - (place + headroom) / count,
    yref: 'paper',
    yanchor: 'bottom',
    showarrow: false,
    font: { size: 13 },
  }
}

function trace(
  one: ResourceSeries,
  index: number,
  { quantity, unit, shape }: Panel,
  place: number,
  panels: readonly Panel[],
): JsonObject[] {
  const column = one[quantity]
  if (!column) return []
  const { color, dash } = seriesStyle(index)
  const name = plainText(one.label)
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name,
      legendgroup: name,
      showlegend: panels.find((panel) => one[panel.quantity])?.quantity === quantity,
      yaxis: axisName('y', place),
      x: column.atMs.map((ms) => Math.round(ms) / 1000),
      y: column.values.map((value) => Number(value.toPrecision(5))),
      hovertemplate: `%{x:.1f} s: %{y:,.3~g} ${unit}<extra>${name}</extra>`,
      line: { color, dash, shape, width: 2 },
    },
  ]
}

const untilIndexes = 'Read until the last COPY is committed; of the indexes that are made then, only the time is known.'

function indexingTrace({ label, indexing }: ResourceSeries, index: number, place: number): JsonObject[] {
  if (!indexing) return []
  const { color } = seriesStyle(index)
  const name = plainText(label)
  const [from, to] = [indexing.fromMs, indexing.toMs].map((ms) => Math.round(ms) / 1000)
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name,
      legendgroup: name,
      showlegend: false,
      yaxis: axisName('y', place),
      x: [from!, to!],
      y: [-index, -index],
      hovertemplate: `making indexes from ${from} to ${to} s<extra>${name}</extra>`,
      line: { color, width: 8 },
    },
  ]
}

/** States what was not read, and why. */
function lacking(series: readonly ResourceSeries[], panels: readonly Panel[]): string[] {
  const byReason = new Map<string, Set<string>>()
  for (const { reasons } of series) {
    for (const { quantity, name } of panels) {
      const reason = reasons[quantity]
      if (reason) byReason.set(reason, (byReason.get(reason) ?? new Set()).add(name))
    }
  }
  return [...byReason].flatMap(([reason, names]) => lines(`Not read everywhere: ${[...names].join(', ')} (${reason}).`))
}
