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
  /** How Plotly joins the values. */
  readonly shape: 'hv' | 'linear'
}

const panels: readonly Panel[] = [
  { quantity: 'clientCores', name: 'client’s CPU', unit: 'cores', shape: 'hv' },
  { quantity: 'backendCores', name: 'backends’ CPU', unit: 'cores', shape: 'hv' },
  { quantity: 'clientMiB', name: 'client’s memory', unit: 'MiB', shape: 'linear' },
  { quantity: 'backendMiB', name: 'backends’ memory', unit: 'MiB', shape: 'linear' },
  { quantity: 'connections', name: 'connections', unit: 'number of clients', shape: 'hv' },
]

/**
 * Plots CPU, memory and connections over time of each treatment's typical trial, one panel per
 * quantity that was read, all with the same time axis.
 */
export function plotResources(study: Study, options: ResourcesOptions = {}): Figure {
  const series = resourceSeries(study, options)
  const shown = panels.filter(({ quantity }) => series.some((one) => one[quantity]))
  return figure(
    shown.flatMap((panel, place) => series.flatMap((one, index) => trace(one, index, panel, place))),
    {
      title: 'What do client and server use while they load?',
      subtitle:
        shown.length === 0
          ? whyEmpty(study, options.where, ['client', 'backends', 'waits'])
          : ['One trial per treatment: the one of the median total time.', ...lacking(series)],
      height: 200 + 128 * Math.max(2, shown.length) + legendHeight(series.map(({ label }) => label)),
    },
    {
      ...Object.fromEntries(shown.map((_, place) => [axisName('yaxis', place), panelAxis(place, shown.length)])),
      ...(shown.length === 0 && { yaxis: axis('', { showticklabels: false, ticks: '' }) }),
      annotations: shown.map((panel, place) => heading(panel, place, shown.length)),
      xaxis: axis('time since the clock started (s)', {
        rangemode: 'tozero',
        tickformat: ',',
        anchor: axisName('y', Math.max(0, shown.length - 1)),
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
  const domain = [1 - (place + 1) / count, 1 - (place + headroom) / count]
  return axis('', { domain, rangemode: 'tozero', tickformat: ',', nticks: 5 })
}

function heading({ name, unit }: Panel, place: number, count: number): JsonObject {
  return {
    text: `<b>${name}</b> (${unit})`,
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

function trace(one: ResourceSeries, index: number, { quantity, unit, shape }: Panel, place: number): JsonObject[] {
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

/** States what was not read, and why. */
function lacking(series: readonly ResourceSeries[]): string[] {
  const byReason = new Map<string, Set<string>>()
  for (const { reasons } of series) {
    for (const { quantity, name } of panels) {
      const reason = reasons[quantity]
      if (reason) byReason.set(reason, (byReason.get(reason) ?? new Set()).add(name))
    }
  }
  return [...byReason].flatMap(([reason, names]) => lines(`Not read everywhere: ${[...names].join(', ')} (${reason}).`))
}
