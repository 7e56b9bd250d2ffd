import { markdownTable } from '#copylab/analysis/tables/render.js'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import type { LoaderResult, Race, ShapeResult } from '../loading/race.js'
import type { Machine } from '../machine.js'
import type { Importing } from '../parts/import.js'
import type { Memory } from '../parts/memory/memory.js'
import type { Overheads } from '../parts/overheads/overheads.js'
import type { Spellings } from '../parts/spellings.js'
import type { Result } from '../rounds/comparison.js'
import type { Ratio } from '../rounds/ratio.js'
import { spreadText } from '../rounds/spread.js'

/** The results of all parts that the report speaks of, as they stand in bench/results. */
export interface Results {
  readonly loading: Race & {
    readonly machine: Machine
    readonly date: string
    readonly options: { readonly rounds: number; readonly records: number }
  }
  readonly files: Race
  readonly spellings: Spellings
  readonly import: Importing
  readonly memory: Memory
  readonly overheads: Overheads
}

/** One line of the report. */
interface Line {
  readonly what: string
  readonly measured: string
  /** The aim, and whether it is met; null for a line without an aim. */
  readonly aim: { readonly text: string; readonly met: boolean } | null
  /** For what is not met: why, with the measurement that shows it. */
  readonly why?: () => string
}

/**
 * The report as Markdown: a table, and under it a sentence for each aim that is not met. Throws for
 * one that no measurement explains.
 */
export function report(results: Results): string[] {
  const lines = [
    ...raceLines(results.loading, 'in memory', { share: 0.98, ratioTo: () => 0.97 }),
    ...raceLines(results.files, 'CSV files', {
      share: 0.9,
      ratioTo: ({ name }) => (name.startsWith('DuckDB') ? 1.05 : 0.95),
    }),
    ...spellingLines(results),
    ...importLines(results),
    ...memoryLines(results),
    ...overheadLines(results),
  ]
  const missed = lines.filter(({ aim }) => aim && !aim.met)
  const { machine, date, options, server } = results.loading
  return [
    ...markdownTable(
      ['what', 'measured', 'aim', ''],
      lines.map(({ what, measured, aim }) => [
        what,
        measured,
        aim?.text ?? '',
        aim ? (aim.met ? 'met' : 'missed') : '',
      ]),
    ),
    '',
    ...missed.map(({ what, why }) => {
      if (!why) throw new Error(`Expected a measurement that explains why this misses its aim: ${what}`)
      return `- ${what}: ${why()}`
    }),
    ...(missed.length > 0 ? [''] : []),
    ...skippedText([...results.loading.skipped, ...results.files.skipped]),
    `Measured on ${date.slice(0, 10)} on ${machine.cores} cores (${machine.cpu}) with PostgreSQL ${server.version} and Node.js ${machine.node}: ${options.rounds} interleaved rounds of ${thousands(options.records)} records each, medians of the ratios within rounds with signed-rank intervals.`,
  ]
}

/** One sentence for each loader that was not here. */
export function skippedText(skipped: Race['skipped']): string[] {
  const lines = skipped.map(({ name, reason, remedy }) => `- not measured: ${name}, since ${reason} (\`${remedy}\`).`)
  return lines.length > 0 ? [...lines, ''] : []
}

/** Lines of a race: ours against the server's limit, and each peer against ours. */
function raceLines(
  { shapes }: Race,
  place: string,
  { share, ratioTo }: { readonly share: number; readonly ratioTo: (peer: LoaderResult) => number },
): Line[] {
  return shapes.flatMap((shape) => {
    const ours = oursOf(shape)
    return [
      {
        what: `${shape.name}, ${place}: ours, ${workers(ours)}: share of the speed of the server's own \`COPY FROM\` file`,
        measured: ratioWithInterval(ours.shareOfLimit, 3),
        aim: atLeast(ours.shareOfLimit.median, share),
        why: () => whyText(ours, limitOf(shape)),
      },
      ...peersOf(shape).map(
        (peer): Line => ({
          what: `${shape.name}, ${place}: time of ${peer.label}, ${workers(peer)} / ours`,
          measured: ratioWithInterval(peer.toOurs),
          aim: lowerAtLeast(peer.toOurs, ratioTo(peer)),
          why: () => whyText(ours, peer),
        }),
      ),
    ]
  })
}

const limitOf = ({ contestants }: ShapeResult): LoaderResult => contestants.find(({ kind }) => kind === 'limit')!
const oursOf = ({ contestants }: ShapeResult): LoaderResult => contestants.find(({ kind }) => kind === 'copylab')!
const peersOf = ({ contestants }: ShapeResult): LoaderResult[] => contestants.filter(({ kind }) => kind === 'peer')
const msOf = ({ medianMs }: { readonly medianMs: number }): string => `${formatNumber(medianMs, 0)} ms`

type Used = Pick<Result, 'medianMs' | 'cpu'>

/** Why one loader takes no longer than ours: what each of them needs of the cores. */
function whyText(ours: Used, other: Used): string {
  const spent = ({ cpu }: Used): string =>
    cpu === null
      ? 'an unknown CPU time'
      : `${formatNumber(cpu.clientMs.median, 0)} ms of CPU time in the client and ${formatNumber(cpu.backendMs.median, 0)} ms in the backends`
  return `${msOf(other)} with ${spent(other)}, ours ${msOf(ours)} with ${spent(ours)}.`
}

/** The clean files of the spellings, by DuckDB where that was there. */
function spellingLines({ spellings: { contestants, records } }: Results): Line[] {
  const [ours, duckDb] = ['copylab, from files', 'DuckDB read_csv'].map((name) =>
    contestants.find((one) => one.name === `${name}, clean`),
  )
  if (!ours || !duckDb) return []
  return [
    {
      what: `narrow, ${thousands(records)} records of CSV files: time of ${duckDb.label}, ${workers(duckDb)} / ours, ${workers(ours)}`,
      measured: ratioWithInterval(duckDb.toOurs),
      aim: atLeast(duckDb.toOurs.median, 1.1),
      why: () => whyText(ours, duckDb),
    },
  ]
}

function importLines({ import: importing }: Results): Line[] {
  const python = importing.contestants.find(({ kind }) => kind === 'peer')
  if (!python) return []
  return [
    {
      what: `end to end: time of ${python.label}, ${workers(python)} / ours, best arrangement`,
      measured: ratioWithInterval(python.toBest),
      aim: atLeast(python.toBest.median, 3),
      why: () => {
        const best = importing.contestants.find(({ name }) => name === 'copylab, from files')!
        return `it takes ${formatNumber(python.medianMs, 0)} ms, ours ${formatNumber(best.medianMs, 0)} ms, of which the server's own limit on this machine is the larger part.`
      },
    },
    {
      what: 'the same, ours in the arrangement of the note (split, text, event loop)',
      measured: ratioWithInterval(python.toSameArrangement),
      aim: null,
    },
  ]
}

function memoryLines({ memory }: Results): Line[] {
  const threads = memory.loads.filter(({ client }) => client === 'threads')
  const highest = threads.reduce((a, b) => (b.peakBytes.median > a.peakBytes.median ? b : a))
  return [
    ...memory.growths.map(
      (growth): Line => ({
        what: `peak memory of the client at 3,000,000 records / at 717,000: ${growth.client}, ${growth.encoding}`,
        measured: spreadText(growth.ratio, { digits: 2 }),
        aim: atMost(growth.ratio.median, memory.limits.growth),
      }),
    ),
    {
      what: `highest peak memory of the client on ${highest.workers} threads`,
      measured: `${spreadText(highest.peakBytes, { scale: 1e-6 })} MB`,
      aim: {
        text: `≤ ${memory.limits.peakBytes / 1e6} MB`,
        met: highest.peakBytes.median <= memory.limits.peakBytes,
      },
    },
  ]
}

function overheadLines({ overheads: { studies, notebook, start } }: Results): Line[] {
  return [
    ...studies.map(
      (study): Line => ({
        what: `study: share of its time that is on a clock, ${study.arrangement}`,
        measured: `${formatNumber(study.efficiency * 100, 0)} %`,
        aim: { text: '≥ 75 %', met: study.withinLimit },
        why: () => {
          const { verifyMs, resetMs, checkpointMs } = study.medians
          return `a trial has ${formatNumber(study.overheadMs.median, 0)} ms outside its clock, of which verifying takes ${ms(verifyMs)}, making the table anew ${ms(resetMs)} and the checkpoint ${ms(checkpointMs)}.`
        },
      }),
    ),
    {
      what: 'notebook: kernel ready and imports done',
      measured: `${spreadText(notebook.readyMs, { digits: 1, scale: 1e-3 })} s`,
      aim: { text: '< 4 s', met: notebook.readyWithinLimit },
    },
    {
      what: 'notebook: a cell that reads a study from disk, draws and compares',
      measured: `${spreadText(notebook.readMs, { digits: 2, scale: 1e-3 })} s`,
      aim: { text: '< 1 s', met: notebook.readWithinLimit },
    },
    {
      what: '`npm start`: outside the trials',
      measured: `${formatNumber(start.overheadMs / 1000, 0)} s`,
      aim: { text: `< ${start.limitMs / 1000} s`, met: start.withinLimit },
    },
  ]
}

const workers = ({ workers }: { readonly workers: number }): string =>
  workers === 1 ? '1 worker' : `${workers} workers`
const thousands = (count: number): string => count.toLocaleString('en-US')
const ms = (value: number | null): string => (value === null ? 'an unknown time' : `${formatNumber(value, 0)} ms`)
const lowerAtLeast = ({ interval }: Ratio, aim: number) => ({
  text: `lower bound ≥ ${aim}`,
  met: interval !== null && interval.lower >= aim,
})
const atLeast = (value: number, aim: number) => ({ text: `≥ ${aim}`, met: value >= aim })
const atMost = (value: number, aim: number) => ({ text: `≤ ${aim}`, met: value <= aim })

/** The median of the ratios within rounds and its interval: "0.96 [0.94, 0.98]". */
export function ratioWithInterval({ median, interval }: Ratio, digits = 2): string {
  const text = (value: number): string => formatNumber(value, digits)
  return interval ? `${text(median)} [${text(interval.lower)}, ${text(interval.upper)}]` : text(median)
}
