import { type Figure, figure, type JsonObject, rowAxis, rowsHeight } from '../analysis/figures/drawing/figure.js'
import {
  bandShape,
  boundedEnds,
  cutEnds,
  equalityMark,
  forestMarker,
  greyRow,
  type RatioBand,
  ratioAxis,
  ratioRange,
} from '../analysis/figures/drawing/forest.js'
import { byVerdict, type JudgedWord, verdictTraces } from '../analysis/figures/drawing/verdict-styles.js'
import { basisText } from '../analysis/replicates/basis-words.js'
import { peakText } from '../analysis/scaling/scaling-words.js'
import type { Estimate } from '../analysis/statistics/estimate.js'
import { formatNumber, signedNumber } from '../analysis/tables/tables.js'
import { bracketed } from '../analysis/text/sentence.js'
import { metrics } from '../study/metric.js'
import { metricOf, type StatedTest } from './claims.js'
import type { ClaimVerdict, ClaimWord } from './judge-claims.js'

/** One claim as the forest plot draws it. */
export interface ClaimRow {
  /** Id and statement: "C1 2 workers are faster than 4 at 10K". */
  readonly label: string
  readonly verdict: JudgedWord
  /** The verdict, or the result of a claim that is not tested. */
  readonly word: ClaimWord
  readonly blocks: number
  /** Number of sessions of these blocks, whose means are judged; null where blocks are. */
  readonly sessions: number | null
  /** Number of ratios that must hold together; the first of them is `ratio`. */
  readonly estimates: number
  /** The ratio; null where the verdict rests on no ratio. */
  readonly ratio: Estimate | null
  /** The claimed band of the ratio; null where there is none. */
  readonly band: RatioBand | null
  /**
   * Text of the row in place of a ratio: the value that was estimated instead, or the reason that
   * there is none.
   */
  readonly words: string | null
}

/** Collects all claims, in their order. */
export function claimRows(verdicts: readonly ClaimVerdict[]): ClaimRow[] {
  return verdicts.map((one) => {
    const ratio = one.scale === 'ratio' ? one.estimate : null
    return {
      label: `${one.id} ${one.claim}`,
      verdict: one.verdict ?? 'not tested',
      word: one.word,
      blocks: one.blocks,
      sessions: one.sessions,
      estimates: one.estimates,
      ratio,
      band: ratio && one.band ? { lower: one.band.lower, upper: one.band.upper } : null,
      words: ratio ? null : wordsOf(one),
    }
  })
}

function wordsOf({ test, scale, estimate, stated }: ClaimVerdict): string {
  if (test === null) return 'not measured'
  switch (scale) {
    case null:
      return setWords[test] ?? 'best set, no interval'
    case 'workers':
      return estimate ? peakText(estimate) : 'no peak'
    case 'share':
      return estimate
        ? `change of a share: ${points(estimate.value)}${bracketed(estimate, points)} points`
        : 'the share is not known'
    case 'difference':
      return estimate ? differenceText(estimate, stated) : 'the difference is not known'
    case 'ratio':
      return 'no ratio: no block has both values'
    default:
      throw new TypeError(`Unknown scale ${JSON.stringify(scale satisfies never)}`)
  }
}

/**
 * Texts that a figure of claims shows in place of an estimate, by the kind of a test that gives no
 * single one; kinds that are not listed are verdicts about best sets.
 */
const setWords: { readonly [kind in StatedTest['kind']]?: string } = {
  report: 'a setting, not an outcome',
  relief: 'the effect without the symptom',
}

/** Writes a difference in the unit in which its metric is shown. */
function differenceText(estimate: Estimate, stated: ClaimVerdict['stated']): string {
  const { label, unit, scale } = metrics[metricOf(stated)]
  const number = (value: number): string => signedNumber(value / scale, 1)
  return `change of ${label}: ${number(estimate.value)}${bracketed(estimate, number)} ${unit}`
}

/** Writes a difference of shares in percentage points, with its sign. */
function points(share: number): string {
  return signedNumber(share * 100, 1)
}

/** The width of a claim's text, in characters. */
const claimCharacters = 32

/**
 * Plots every claim's ratio with its interval against the claimed band; claims without a ratio are
 * in words on a grey row.
 */
export function plotClaims(verdicts: readonly ClaimVerdict[]): Figure {
  const rows = claimRows(verdicts).map((row, y) => ({ ...row, y }))
  const drawn = rows.flatMap(({ ratio, ...row }) => (ratio ? [{ ...row, estimate: ratio }] : []))
  const worded = rows.filter(({ words }) => words !== null)
  const range = ratioRange(
    drawn.flatMap(({ estimate, band }) => [estimate.value, ...(band ? boundedEnds(band) : [])]),
    drawn.map(({ estimate }) => estimate.interval),
  )
  const labels = rows.map(({ label, ratio, estimates }) =>
    ratio && estimates > 1 ? `${label} (first of ${estimates} ratios)` : label,
  )
  const subtitle =
    rows.length > 0
      ? [
          'Ratio with its interval at the level that the number of claims asks for; shaded: the claim.',
          ...(worded.length > 0 ? ['Grey rows are judged by something other than a ratio, or not at all.'] : []),
        ]
      : ['Nothing to draw: no claims.']
  return figure(
    [...verdictTraces(drawn, range), ...cutEnds(drawn, range), ...wordTraces(worded, drawn)],
    { title: 'Which claims hold?', subtitle, height: 190 + rowsHeight(labels, 46, 0, claimCharacters) },
    {
      showlegend: true,
      margin: { t: 52 + 23 * subtitle.length, r: 150, b: 60, l: 70 },
      shapes: [
        ...drawn.map(({ y }) => equalityMark(y)),
        ...drawn.flatMap(({ band, y }) => (band ? [bandShape(band, y, range)] : [])),
        ...worded.map(({ y }) => greyRow(y)),
      ],
      annotations: [
        ...worded.map(({ words, y }) => ({ ...annotationAt(y), text: words, x: 0.06, xref: 'x2', font: { size: 13 } })),
        ...rows.map((row) => ({
          ...annotationAt(row.y),
          text: answerOf(row),
          x: 1.02,
          xref: 'paper',
          font: { size: 13 },
        })),
      ],
      xaxis: ratioAxis('first as a multiple of second (1 = equal)', range),
      xaxis2: { overlaying: 'x', range: [0, 1], visible: false, fixedrange: true },
      yaxis: rowAxis(labels, [], claimCharacters),
    },
  )
}

function annotationAt(y: number): JsonObject {
  return { y, xanchor: 'left', align: 'left', showarrow: false }
}

/**
 * Writes the ratio in figures, since intervals may be narrower than their mark, the verdict, and
 * its basis: the level of the interval, and blocks.
 */
function answerOf({ ratio, word, blocks, sessions, words }: ClaimRow): string {
  const number = (value: number): string => formatNumber(value, value < 10 ? 2 : 0)
  const level = ratio?.interval ? [`${Number((ratio.interval.level * 100).toPrecision(4))} %`] : []
  const basis = words !== null && blocks === 0 ? [] : [[...level, basisText({ blocks, sessions })].join(', ')]
  return [...(ratio ? [`${number(ratio.value)}${bracketed(ratio, number)}`] : []), `<i>${word}</i>`, ...basis].join(
    '<br>',
  )
}

type PlacedRow = ClaimRow & { readonly y: number }

/**
 * Draws the marks of verdicts that rest on no ratio, on an axis of their own; in the legend where
 * no ratio has the same verdict.
 */
function wordTraces(worded: readonly PlacedRow[], drawn: readonly { readonly verdict: JudgedWord }[]): JsonObject[] {
  return byVerdict(worded).map(({ style, own }) => ({
    type: 'scatter',
    mode: 'markers',
    name: style.name,
    legendgroup: style.name,
    showlegend: !drawn.some(({ verdict }) => verdict === style.name),
    xaxis: 'x2',
    yaxis: 'y',
    x: own.map(() => 0.03),
    y: own.map(({ y }) => y),
    text: own.map(({ words }) => words),
    hovertemplate: `%{text}<extra>${style.name}</extra>`,
    marker: forestMarker(style),
  }))
}
