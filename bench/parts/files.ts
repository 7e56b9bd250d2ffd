import { type RunTrial, type Server, withTrials } from 'copylab/executor'
import { inputOf, type WrittenForm, withCsvForms } from '../loading/csv-forms.js'
import { limit } from '../loading/limit.js'
import { batchSize } from '../loading/payload.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import { type Arrangement, best, contestantOf, treatmentsOf } from '../loading/trials.js'
import { withWorkbench } from '../loading/workbench.js'
import type { BenchOptions, Part } from '../part.js'
import { findParallelCopyOfFiles } from '../peers/parallel-copy.js'
import { type FilesArena, findPeers, type SkippedPeer, skippedLines } from '../peers/peer.js'
import { withPrograms } from '../peers/programs.js'
import { findPsqlOfFiles } from '../peers/psql.js'
import { findAdbc, findDuckDb } from '../peers/python-loader.js'
import { type Comparison, compareContestants, type Result } from '../rounds/comparison.js'
import type { Contestant } from '../rounds/contestant.js'
import { type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { benchTable, ratioText } from '../rounds/text-table.js'

/** One loader's result for files of one form. */
export interface FilesResult extends Omit<Result, 'toBaseline'> {
  /** The form of its files. */
  readonly form: string
  /** This one's time divided by that of copylab with clean files, within rounds. */
  readonly toOurs: Ratio
  /** This one's time divided by that of the same loader with clean files; null for clean ones. */
  readonly toClean: Ratio | null
}

/** How fast CSV files come into a table of five columns. */
export interface Files extends Omit<Comparison, 'contestants'> {
  readonly server: ServerUsed
  readonly versions: Readonly<Record<string, string>>
  readonly batchSize: number
  readonly records: number
  readonly contestants: readonly FilesResult[]
  readonly skipped: readonly SkippedPeer[]
}

const finders = [findPsqlOfFiles, findDuckDb, findAdbc, findParallelCopyOfFiles]

/** Loaders whose name begins so are compared in the other forms too. */
const inAllForms = ['copylab', 'DuckDB']

export const files: Part<Files> = {
  name: 'files',
  title: 'CSV files of five columns into a plain table: copylab and other readers of CSV, in several spellings',

  run: (options) => withCsvForms(options, (forms) => compare(forms, options)),

  show({ contestants, records, skipped }) {
    const rows = contestants.map(({ label, workers, medianMs, toOurs, toClean }) => [
      label,
      String(workers),
      medianMs.toFixed(0),
      Math.round((records / medianMs) * 1000).toLocaleString('en-US'),
      ratioText(toOurs),
      toClean ? ratioText(toClean) : '',
    ])
    const header = ['', 'workers', 'median ms', 'records per second', 'time / ours, clean', 'time / own, clean']
    return [...benchTable(header, rows), ...skippedLines(skipped)]
  },
}

async function compare(forms: readonly WrittenForm[], options: BenchOptions): Promise<Files> {
  const { signal } = options
  const [clean] = forms
  const peers = await findPeers<FilesArena>(finders, options.peers)
  return withWorkbench(
    options,
    async (bench) => {
      const own = forms.map((form) => ({ form, arrangement: ofForm(form) }))
      const compared = await withRuns(bench.server, own, signal, (runs) =>
        withPrograms(bench.connection.config, signal, (programs) => {
          const ours = own.map(({ form, arrangement }, k) => ({ form, one: contestantOf(arrangement, runs[k]!) }))
          const others = peers.found.flatMap((peer) =>
            forms
              .filter((form) => form === clean || inAllForms.some((start) => peer.name.startsWith(start)))
              .map((form) => ({ form, one: peer.contestant({ bench, form, programs }) })),
          )
          const ceiling = { form: clean!, one: limit(bench, clean!.files, signal, 'FORMAT csv, HEADER true') }
          return compareForms([ceiling, ...ours, ...others], options, ours[0]!.one.name)
        }),
      )
      return {
        server: serverUsed(bench.connection),
        versions: peers.versions,
        batchSize,
        records: options.records,
        skipped: peers.skipped,
        ...compared,
      }
    },
    await inputOf(clean!),
  )
}

/**
 * copylab's best arrangement for files of a form; those that are not clean are tried with few
 * workers.
 */
function ofForm({ name }: WrittenForm): Arrangement {
  return { ...best, name: `copylab, ${name}`, ...(name === 'clean' ? {} : { workers: [2, 3] }) }
}

async function compareForms(
  entered: readonly { readonly form: WrittenForm; readonly one: Contestant }[],
  options: BenchOptions,
  ours: string,
): Promise<Pick<Files, 'contestants' | 'pilot' | 'seed'>> {
  const { contestants, ...comparison } = await compareContestants(
    entered.map(({ one }) => one),
    options,
    ours,
  )
  const cleanOf = ({ name }: Result): Result | undefined =>
    contestants.find((other) => other.name === name.replace(/, [^,]*$/, ', clean'))
  return {
    ...comparison,
    contestants: contestants.map(({ toBaseline, ...result }, k) => {
      const form = entered[k]!.form.name
      const base = form === 'clean' ? undefined : cleanOf({ toBaseline, ...result })
      return {
        ...result,
        form,
        toOurs: toBaseline,
        toClean: base ? ratioWithinRounds(result.timesMs, base.timesMs) : null,
      }
    }),
  }
}

/**
 * Opens a session of trials for each form, one within the other, and calls `task` with all of them.
 */
async function withRuns<T>(
  server: Server,
  own: readonly { readonly form: WrittenForm; readonly arrangement: Arrangement }[],
  signal: AbortSignal,
  task: (runs: readonly RunTrial[]) => Promise<T>,
  runs: readonly RunTrial[] = [],
): Promise<T> {
  const next = own[runs.length]
  if (!next) return task(runs)
  const input = await inputOf(next.form)
  return withTrials({ server, input, signal, treatments: treatmentsOf(next.arrangement) }, (run) =>
    withRuns(server, own, signal, task, [...runs, run]),
  )
}
