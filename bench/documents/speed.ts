import { markdownTable } from '#copylab/analysis/tables/render.js'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import type { Machine } from '../machine.js'
import type { CpuTime } from '../parts/cpu-time.js'
import type { Importing } from '../parts/import.js'
import type { Loading } from '../parts/loading.js'
import type { Memory } from '../parts/memory.js'
import type { Overheads } from '../parts/overheads.js'
import type { Ratio } from '../rounds/ratio.js'
import { type Spread, spreadText } from '../rounds/spread.js'

/** The results of all parts that the report speaks of, as they stand in bench/results. */
export interface Results {
  readonly loading: Loading & {
    readonly machine: Machine
    readonly date: string
    readonly options: { readonly rounds: number; readonly records: number }
  }
  readonly import: Importing
  readonly 'cpu-time': CpuTime
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
  const lines = [...loadingLines(results), ...importLines(results), ...memoryLines(results), ...overheadLines(results)]
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
    ...results.loading.skipped.map(
      ({ name, reason, remedy }) => `- not measured: ${name}, since ${reason} (\`${remedy}\`).`,
    ),
    ...(results.loading.skipped.length > 0 ? [''] : []),
    `Measured on ${date.slice(0, 10)} on ${machine.cores} cores (${machine.cpu}) with PostgreSQL ${server.version} and Node.js ${machine.node}: ${options.rounds} interleaved rounds of ${thousands(options.records)} records each, medians of the ratios within rounds with signed-rank intervals.`,
  ]
}

function loadingLines({ loading, 'cpu-time': cpuTime }: Results): Line[] {
  const contestant = (start: string) => loading.contestants.find(({ name }) => name.startsWith(start))!
  const prepared = contestant('copylab, prepared binary')
  const pipeline = contestant('copylab, pipeline binary, threads')
  const eventLoop = contestant('copylab, pipeline binary, event-loop')
  const peers = loading.contestants.filter(({ kind }) => kind === 'peer')
  return [
    {
      what: `prepared payloads, ${workers(prepared)}: share of the speed of the server's own \`COPY FROM\` file`,
      measured: ratioWithInterval(prepared.shareOfLimit, 3),
      aim: atLeast(prepared.shareOfLimit.median, 0.95),
      why: () => cpuText(cpuTime, 'prepared, event-loop'),
    },
    {
      what: `from CSV files on threads, ${workers(pipeline)}: the same share`,
      measured: ratioWithInterval(pipeline.shareOfLimit, 3),
      aim: atLeast(pipeline.shareOfLimit.median, 0.85),
      why: () => cpuText(cpuTime, 'pipeline, threads'),
    },
    {
      what: `from CSV files on one event loop, ${workers(eventLoop)}: the same share`,
      measured: ratioWithInterval(eventLoop.shareOfLimit, 3),
      aim: null,
    },
    ...peers.map(
      (peer): Line => ({
        what: `time of ${peer.label}, ${workers(peer)} / ours (prepared)`,
        measured: ratioWithInterval(peer.toBest),
        aim: atLeast(peer.toBest.median, 1),
        why: () =>
          `it takes ${formatNumber(peer.medianMs, 0)} ms, ours ${formatNumber(prepared.medianMs, 0)} ms; ${cpuText(cpuTime, 'prepared, event-loop')}`,
      }),
    ),
  ]
}

/** How the cores were used in one of the arrangements, next to the server's own load. */
function cpuText(
  { arrangements, cores, limit }: CpuTime,
  name: CpuTime['arrangements'][number]['arrangement'],
): string {
  const own = arrangements.find(({ arrangement }) => arrangement === name)!
  const cpuMs = (spread: Spread): string => `${formatNumber(spread.median, 0)} ms`
  const used = `client and server share ${cores} cores, and use ${formatNumber(own.coresUsed.median * 100, 0)} % of them (the limit ${formatNumber(limit.coresUsed.median * 100, 0)} %)`
  return `${used}: for each load the client takes ${cpuMs(own.clientCpuMs)} of CPU time, and the backends, which receive from sockets, ${cpuMs(own.backendCpuMs)} where from files they take ${cpuMs(limit.backendCpuMs)}.`
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
        const best = importing.contestants.find(({ name }) => name.startsWith('copylab, best'))!
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
const atLeast = (value: number, aim: number) => ({ text: `≥ ${aim}`, met: value >= aim })
const atMost = (value: number, aim: number) => ({ text: `≤ ${aim}`, met: value <= aim })

/** The median of the ratios within rounds and its interval: "0.96 [0.94, 0.98]". */
export function ratioWithInterval({ median, interval }: Ratio, digits = 2): string {
  const text = (value: number): string => formatNumber(value, digits)
  return interval ? `${text(median)} [${text(interval.lower)}, ${text(interval.upper)}]` : text(median)
}
