import { checkedOptions } from '../../../check.js'
import { trialsOf } from '../../../study/selection.js'
import type { Study } from '../../../study/study.js'
import type { Selection, Treatment } from '../../../study/treatment.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { mean } from '../../statistics/numerics/moments.js'
import { drawnTreatments, programsLeftOut, whyEmpty } from '../drawing/drawn-treatments.js'
import { axis, type Figure, figure, ink, type JsonObject, plainText } from '../drawing/figure.js'

/** Options of `plotPhases` and `phaseSeries`. */
export interface PhasesOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
}

/** Parts of the wall time that do not overlap and add up to the total. */
export type Phase = 'inserting' | 'encoding' | 'analysing' | 'reading' | 'other' | 'notInserting' | 'indexing'

/** Division of one treatment's wall time into phases: means over its trials, in seconds. */
export interface PhaseSplit {
  readonly label: string
  readonly treatment: Treatment
  /**
   * Seconds by phase. `notInserting` is the only phase other than `inserting` where the client's
   * work overlaps with COPY and cannot be separated.
   */
  readonly seconds: { readonly [P in Phase]?: number }
  /** Total time of every trial, in seconds. */
  readonly totals: readonly { readonly block: number; readonly seconds: number }[]
}

/**
 * Divides wall time into phases that cannot exceed it. Inserting is the time during which a COPY is
 * open, whatever else happens then. With `split` dispatch the next batch is read and analysed only
 * when no COPY is open, so those are phases of their own; encoding counts for what
 * `encodingAloneMs` finds outside COPY. With `queue` they overlap, and only inserting and the rest
 * are separated.
 */
export function phaseSeries(study: Study, options: PhasesOptions = {}): PhaseSplit[] {
  const { where } = checkedOptions(options, { where: true })
  return drawnTreatments(study, where).flatMap(({ label, treatment }) => {
    const trials = trialsOf(study, treatment).filter(hasPhases)
    if (trials.length === 0) return []
    return [
      {
        label,
        treatment,
        seconds: meanSeconds(trials.map((trial) => split(trial))),
        totals: trials.map(({ block, totalMs }) => ({ block, seconds: totalMs / 1000 })),
      },
    ]
  })
}

/** A trial whose phases are known: not those of a program's. */
type PhasedTrial = CompletedTrial & {
  readonly [M in 'insertMs' | 'readMs' | 'analyseMs' | 'encodeMs']: number
}

const hasPhases = (trial: CompletedTrial): trial is PhasedTrial => trial.readMs !== null

type PhaseTimes = { readonly [P in Phase]?: number }

function split(trial: PhasedTrial): PhaseTimes {
  const { totalMs, insertMs, readMs, analyseMs, indexMs, treatment } = trial
  const notInserting = Math.max(0, totalMs - insertMs - (indexMs ?? 0))
  const indexing = indexMs === null ? {} : { indexing: indexMs }
  if (treatment.dispatch === 'queue' || readMs + analyseMs > notInserting)
    return { inserting: insertMs, notInserting, ...indexing }
  const encoding = Math.min(encodingAloneMs(trial), notInserting - readMs - analyseMs)
  const other = notInserting - readMs - analyseMs - encoding
  return { inserting: insertMs, encoding, analysing: analyseMs, reading: readMs, other, ...indexing }
}

/**
 * Computes the encoding time during which no COPY was open, in milliseconds. A part is encoded just
 * before its COPY starts, on the one thread there is, so a part that starts while another's COPY is
 * open was encoded inside it; each part's time is its share of the records.
 */
export function encodingAloneMs({ encodeMs, parts }: Pick<PhasedTrial, 'encodeMs' | 'parts'>): number {
  const records = parts.reduce((sum, part) => sum + part.records, 0)
  if (records === 0) return 0
  let openUntil = Number.NEGATIVE_INFINITY
  let alone = 0
  for (const part of [...parts].sort((a, b) => a.startMs - b.startMs)) {
    const partMs = (encodeMs * part.records) / records
    alone += Math.min(partMs, Math.max(0, part.startMs - openUntil))
    openUntil = Math.max(openUntil, part.startMs + part.copyMs)
  }
  return alone
}

/**
 * Computes the means of the phases: means add up as the phases do, which medians would not. A
 * treatment has only the phases that all of its trials have.
 */
function meanSeconds(trials: readonly PhaseTimes[]): PhaseTimes {
  const hasRest = trials.some((phases) => phases.notInserting !== undefined)
  const phases = hasRest ? trials.map(joined) : trials
  return Object.fromEntries(
    Object.keys(phases[0]!).map((phase) => [phase, mean(phases.map((one) => one[phase as Phase] ?? 0)) / 1000]),
  )
}

function joined({ inserting = 0, indexing, ...rest }: PhaseTimes): PhaseTimes {
  const notInserting = Object.values(rest).reduce((sum, ms) => sum + ms, 0)
  return { inserting, notInserting, ...(indexing === undefined ? {} : { indexing }) }
}

/** Neighbours differ in lightness and in pattern, so that grey print keeps them distinct. */
const phaseStyles: readonly {
  readonly phase: Phase
  readonly name: string
  readonly color: string
  readonly pattern: string
}[] = [
  { phase: 'inserting', name: 'COPY open', color: '#0072B2', pattern: '' },
  { phase: 'encoding', name: 'encoding', color: '#E69F00', pattern: '/' },
  { phase: 'analysing', name: 'analysing', color: '#009E73', pattern: '' },
  { phase: 'reading', name: 'reading', color: '#F0E442', pattern: '' },
  { phase: 'other', name: 'waiting, scheduling', color: '#bbbbbb', pattern: '.' },
  { phase: 'notInserting', name: 'no COPY open', color: '#dddddd', pattern: 'x' },
  { phase: 'indexing', name: 'making indexes', color: '#56789A', pattern: '/' },
]

/**
 * Plots total time by treatment, divided into phases that add up to it, with every trial's total
 * over the bar.
 */
export function plotPhases(study: Study, options: PhasesOptions = {}): Figure {
  const splits = phaseSeries(study, options)
  const labels = splits.map(({ label }) => plainText(label))
  const bars: JsonObject[] = phaseStyles
    .filter(({ phase }) => splits.some(({ seconds }) => seconds[phase] !== undefined))
    .map(({ phase, name, color, pattern }) => ({
      type: 'bar',
      orientation: 'h',
      name,
      y: labels,
      x: splits.map(({ seconds }) => seconds[phase] ?? 0),
      hovertemplate: `%{x:,.4~g} s<extra>${name}</extra>`,
      marker: {
        color,
        line: { color: '#ffffff', width: 1 },
        ...(pattern && { pattern: { shape: pattern, bgcolor: color, fgcolor: ink, size: 6, solidity: 0.15 } }),
      },
    }))
  return figure(
    [
      ...bars,
      {
        type: 'scatter',
        mode: 'markers',
        name: 'total of one trial',
        y: splits.flatMap(({ totals }, k) => totals.map(() => labels[k]!)),
        x: splits.flatMap(({ totals }) => totals.map(({ seconds }) => seconds)),
        text: splits.flatMap(({ totals }) => totals.map(({ block }) => `block ${block}`)),
        hovertemplate: '%{text}: %{x:,.4~g} s<extra></extra>',
        marker: { color: ink, symbol: 'line-ns-open', size: 9, opacity: 0.6 },
      },
    ],
    {
      title: 'Where does the time go?',
      subtitle:
        splits.length > 0
          ? [
              'Mean wall time. Whatever the client does while a COPY is open',
              'counts as “COPY open”.',
              ...programsLeftOut(study, options.where),
            ]
          : whyEmpty(study, options.where, []),
      height: 250 + 34 * Math.max(3, splits.length),
    },
    {
      barmode: 'stack',
      bargap: 0.35,
      xaxis: axis('wall time (s)', { rangemode: 'tozero', tickformat: ',' }),
      yaxis: axis('', { autorange: 'reversed', showgrid: false, ticks: '' }),
    },
  )
}
