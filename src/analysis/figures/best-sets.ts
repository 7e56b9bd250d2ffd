import { metrics } from '../../study/metric.js'
import type { BestSet } from '../compare/best-set.js'
import { tooFewBlocks } from '../compare/best-set-words.js'
import type { Estimate } from '../statistics/estimate.js'
import { counted } from '../text/levels.js'
import { type Figure, figure, plainText, rowAxis } from './drawing/figure.js'
import {
  cutEnds,
  equalityMark,
  type ForestStyle,
  forestTrace,
  greyRow,
  ratioAxis,
  ratioRange,
} from './drawing/forest.js'
import { resultsOf } from './drawing/results.js'

/** One candidate of a best set as the figure draws it. */
export interface BestSetRow {
  /** The level in words: "2 workers". */
  readonly label: string
  /** The ratio to the best other, with Hsu's constrained interval. */
  readonly toBestOther: Estimate
  /** Whether the level may be the best; null where there are too few blocks. */
  readonly isBest: boolean | null
}

/** One set of candidates with its heading. */
export interface BestSetGroup {
  /** The levels that distinguish the set from the other sets: "at 10K"; empty for a single set. */
  readonly heading: string
  /** The blocks, the level and which direction is better, or the reason that there is no set. */
  readonly note: string
  readonly rows: readonly BestSetRow[]
}

/** Collects the sets in their order, each with its candidates in the order of the plan. */
export function bestSetGroups(sets: readonly BestSet[]): BestSetGroup[] {
  const several = (of: (set: BestSet) => string): boolean => new Set(sets.map(of)).size > 1
  return sets.map((set) => {
    const { study, at, metric, blocks, level, best, candidates } = set
    const { label, goal } = metrics[metric]
    return {
      heading: [
        several((one) => one.study) ? study : '',
        at && `at ${at}`,
        several((one) => one.metric) ? `${label}: ${goal === 'min' ? 'less' : 'more'} is better` : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
      note: best
        ? `${counted(blocks, 'block')}, ${Number((level * 100).toPrecision(4))} % sure of all at once`
        : tooFewBlocks(set).text,
      rows: candidates.map((one) => ({
        label: one.label,
        toBestOther: one.toBestOther,
        isBest: best && one.isBest,
      })),
    }
  })
}

/** Filled and open symbols distinguish the set from the others without colour. */
const setStyles: readonly (ForestStyle & Pick<BestSetRow, 'isBest'>)[] = [
  { isBest: true, name: 'may be the best', color: '#0072B2', symbol: 'circle' },
  { isBest: false, name: 'shown to be worse than the best', color: '#B34700', symbol: 'circle-open' },
  { isBest: null, name: 'too few blocks to tell', color: '#000000', symbol: 'diamond-open' },
]

/**
 * Plots every candidate's ratio to the best other with Hsu's constrained interval, grouped by
 * setting; those that may be the best are filled.
 *
 * @example
 * show(plotBestSets(bestWorkers(study)))
 */
export function plotBestSets(given: BestSet | readonly BestSet[]): Figure {
  const sets = resultsOf('best-set', given, 'bestWorkers')
  const groups = bestSetGroups(sets)
  const places = groups.flatMap(({ heading, note, rows }) => [
    { label: heading, note, row: null },
    ...rows.map((row) => ({ label: row.label, note: null, row })),
  ])
  const drawn = places.flatMap(({ row }, y) => (row ? [{ y, estimate: row.toBestOther, isBest: row.isBest }] : []))
  const range = ratioRange(
    drawn.map(({ estimate }) => estimate.value),
    drawn.map(({ estimate }) => estimate.interval),
  )
  const headings = places.flatMap(({ note, label }, y) =>
    note === null ? [] : [{ text: headingText(label, note), y }],
  )
  return figure(
    [
      ...setStyles
        .map((style) => ({ style: style, own: drawn.filter(({ isBest }) => isBest === style.isBest) }))
        .filter(({ own }) => own.length > 0)
        .map(({ style, own }) => forestTrace(own, style, range)),
      ...cutEnds(drawn, range),
    ],
    {
      title: titleOf(sets),
      subtitle:
        drawn.length > 0
          ? ['Ratio to the best of the others, with intervals that end at 1 where that much is known (Hsu 1984).']
          : ['Nothing to draw: no set has two complete blocks.'],
      height: 220 + 34 * Math.max(3, places.length),
    },
    {
      showlegend: true,
      shapes: [...drawn.map(({ y }) => equalityMark(y)), ...headings.map(({ y }) => greyRow(y))],
      annotations: headings.map(({ text, y }) => ({
        text,
        align: 'left',
        x: 0.01,
        xref: 'paper',
        xanchor: 'left',
        y,
        showarrow: false,
        font: { size: 13 },
      })),
      xaxis: ratioAxis(xTitle(sets), range),
      yaxis: rowAxis(places.map(({ label, row }) => (row ? label : ''))),
    },
  )
}

/** Joins a heading in bold and its note, on two lines where one would not hold them. */
function headingText(heading: string, note: string): string {
  if (heading === '') return plainText(note)
  return `<b>${plainText(heading)}</b>${heading.length + note.length > 60 ? '<br>' : ', '}${plainText(note)}`
}

function titleOf(sets: readonly BestSet[]): string {
  const over = new Set(sets.map((set) => set.over))
  const [only] = over
  if (over.size === 1 && only === 'workers') return 'Which worker counts may be the best?'
  return over.size === 1 && only === 'batchSize'
    ? 'Which batch sizes may be the best?'
    : 'Which levels may be the best?'
}

function xTitle(sets: readonly BestSet[]): string {
  const [metric, ...others] = new Set(sets.map((set) => set.metric))
  if (metric === undefined || others.length > 0) return 'multiple of the best other (1 = equal)'
  const { label, goal } = metrics[metric]
  return `${label} as a multiple of the best other (${goal === 'min' ? 'less' : 'more'} is better)`
}
