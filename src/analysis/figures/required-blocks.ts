import { metrics } from '../../study/metric.js'
import type { Comparison } from '../compare/compare.js'
import { defaultPower } from '../defaults.js'
import { requiredBlocks } from '../statistics/required-blocks.js'
import { formatNumber } from '../tables/tables.js'
import { counted } from '../text/levels.js'
import {
  axis,
  type Figure,
  faintInk,
  figure,
  type JsonObject,
  legendHeight,
  plainText,
  seriesStyle,
} from './drawing/figure.js'
import { logTicks } from './drawing/log-ticks.js'

/** Number of blocks that one comparison needs, by the true difference. */
export interface RequiredBlocksSeries {
  readonly label: string
  /** Standard deviation of the log ratio of a block, in a study in sessions of the mean of one. */
  readonly sd: number
  /** Number of blocks measured. */
  readonly blocks: number
  /** The least difference that the claim names, as a share, or the margin where it names none. */
  readonly least: number
  readonly minIs: 'claim' | 'margin'
  /**
   * Number of blocks needed at `least`, and at each difference from 1 % to 20 %; null where a
   * million would not be enough.
   */
  readonly atLeast: number | null
  readonly points: readonly { readonly effect: number; readonly blocks: number | null }[]
}

const [smallest, largest] = [0.01, 0.2]
const steps = 48
const effects = Array.from({ length: steps + 1 }, (_, k) => smallest * (largest / smallest) ** (k / steps))

/**
 * Computes the series of the comparisons whose spread is known, in their order; no fewer blocks
 * than a verdict needs. In a study in sessions they are those of whole sessions, each of as many
 * blocks as were measured in one.
 */
export function requiredBlocksSeries(comparisons: readonly Comparison[]): RequiredBlocksSeries[] {
  const several = new Set(comparisons.map(({ metric }) => metric)).size > 1
  return comparisons.flatMap(({ contrast, metric, sd, blocks, sessions, claim, margin, level, minBlocks }) => {
    if (sd === null) return []
    const blocksEach = sessions === null ? 1 : blocks / sessions
    const needed = (effect: number): number | null => {
      const found = blocksFor(sd, effect, level)
      return found === null ? null : Math.round(Math.max(minBlocks, found) * blocksEach)
    }
    const least = claim.least > 0 ? claim.least : margin
    return [
      {
        label: several ? `${contrast}, ${metrics[metric].label}` : contrast,
        sd,
        blocks,
        least,
        minIs: claim.least > 0 ? ('claim' as const) : ('margin' as const),
        atLeast: needed(least),
        points: effects.map((effect) => ({ effect, blocks: needed(effect) })),
      },
    ]
  })
}

function blocksFor(sd: number, effect: number, level: number): number | null {
  try {
    return requiredBlocks({ sd, effect, level })
  } catch {
    return null
  }
}

/**
 * Plots the blocks needed for the spread of each comparison against the true difference, together
 * with the blocks measured and the least difference of each claim.
 */
export function plotRequiredBlocks(comparisons: readonly Comparison[]): Figure {
  const series = requiredBlocksSeries(comparisons)
  const names = series.map(({ label, sd }) => `${label} (SD ${formatNumber(sd * 100, 1)} %)`)
  const needed = series.flatMap(({ points }) => points.flatMap(({ blocks }) => blocks ?? []))
  const counts = different(series, ({ blocks }) => blocks)
  const range = [Math.min(5, ...counts) / 1.3, Math.max(10, ...counts, ...needed) * 1.3] as const
  const unknown = comparisons.length - series.length
  const subtitle =
    series.length > 0
      ? [
          `Blocks with which a true difference is detected with a power of ${defaultPower * 100} %; mark: the least that matters.`,
          ...(comparisons.some(({ sessions }) => sessions !== null)
            ? ['Of a study in sessions: the blocks of whole sessions, as many in each as were measured.']
            : []),
          ...(unknown > 0 ? [`Left out: ${counted(unknown, 'comparison')} with fewer than 2 blocks.`] : []),
        ]
      : ['Nothing to draw: no comparison has 2 blocks, so that no spread is known.']
  return figure(
    series.flatMap((one, index) => tracesOf(one, names[index]!, index)),
    {
      title: 'How many blocks does an answer need?',
      subtitle,
      height: 480 + legendHeight(names),
    },
    {
      showlegend: true,
      shapes: [...counts.map(acrossAt), ...minOnes(series).map(uprightAt)],
      margin: { t: 90 + 23 * (subtitle.length - 1), r: 90, b: 60, l: 70 },
      annotations: [
        ...apart(counts, range).map((blocks) => ({
          text: counted(blocks, 'block'),
          x: 1.01,
          xref: 'paper',
          xanchor: 'left',
          y: Math.log10(blocks),
          showarrow: false,
          font: { size: 13 },
        })),
        ...minOnes(series).map((least, k) => ({
          text: `${[...new Set(series.filter((one) => one.least === least).map(({ minIs }) => minIs))].join(', ')} ${percentOf(least)}`,
          x: Math.log10(least),
          y: 1,
          yref: 'paper',
          yanchor: 'bottom',
          // Names of neighbouring lines are one above the other.
          yshift: 15 * (k % 2),
          showarrow: false,
          font: { size: 13 },
        })),
      ],
      xaxis: axis('true difference', {
        type: 'log',
        range: [Math.log10(smallest / 1.05), Math.log10(largest * 1.05)],
        tickmode: 'array',
        tickvals: effectTicks,
        ticktext: effectTicks.map(percentOf),
        showgrid: false,
      }),
      yaxis: axis('blocks needed', { type: 'log', range: range.map(Math.log10), ...logTicks(...range) }),
    },
  )
}

const effectTicks = [0.01, 0.02, 0.03, 0.05, 0.1, 0.2]

function percentOf(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`
}

/** Returns the different values of a property of the series, in ascending order. */
function different(series: readonly RequiredBlocksSeries[], of: (one: RequiredBlocksSeries) => number): number[] {
  return [...new Set(series.map(of))].sort((a, b) => a - b)
}

/**
 * Returns those of ascending counts whose names do not run into the one before on a logarithmic
 * axis.
 */
function apart(counts: readonly number[], [least, most]: readonly [number, number]): number[] {
  const room = 0.06 * Math.log(most / least)
  const shown: number[] = []
  for (const count of counts) if (Math.log(count / (shown.at(-1) ?? 0)) > room) shown.push(count)
  return shown
}

/** Returns the least differences that the axis reaches. */
function minOnes(series: readonly RequiredBlocksSeries[]): number[] {
  return different(series, ({ least }) => least).filter((least) => least >= smallest && least <= largest)
}

function tracesOf({ points, least, atLeast }: RequiredBlocksSeries, name: string, index: number): JsonObject[] {
  const { color, symbol, dash } = seriesStyle(index)
  const shared = {
    type: 'scatter',
    legendgroup: name,
    hovertemplate: '%{x:.1%}: %{y:,} blocks<extra>%{fullData.name}</extra>',
  }
  return [
    {
      ...shared,
      mode: 'lines',
      name: plainText(name),
      x: points.map(({ effect }) => effect),
      y: points.map(({ blocks }) => blocks),
      line: { color, dash, width: 2 },
    },
    {
      ...shared,
      mode: 'markers',
      name: plainText(name),
      x: [least],
      y: [atLeast],
      marker: { color, symbol, size: 11, line: { color: '#ffffff', width: 1 } },
      showlegend: false,
    },
  ]
}

const line = { type: 'line', layer: 'below', line: { color: faintInk, width: 1.5, dash: 'dash' } } as const

function acrossAt(blocks: number): JsonObject {
  return { ...line, xref: 'paper', yref: 'y', x0: 0, x1: 1, y0: blocks, y1: blocks }
}

function uprightAt(least: number): JsonObject {
  return { ...line, xref: 'x', yref: 'paper', x0: least, x1: least, y0: 0, y1: 1 }
}
