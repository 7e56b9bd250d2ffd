import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Connection, embedded } from 'copylab/executor'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { withClient } from '#copylab/executor/connect.js'
import { connectionString } from '../../../parts/connection-string.js'
import type { EnduranceOptions } from '../../endurance.js'
import { builtScript } from '../built-script.js'
import { type Growth, growthOf, type Quantity } from './growth.js'
import type { LeakName } from './leaks.js'
import type { LengthTask, Told } from './length-child.js'
import { runPausing } from './paused-child.js'
import { type ProcessFigures, residentBytes } from './process-figures.js'
import { type ServerFigures, serverFigures, vacuumCatalogs } from './server-figures.js'

/** Figures of one place: of the process and of the server. */
type Figures = ProcessFigures & ServerFigures & { readonly rss: number | null }

/** A figure that differs after a long study from what it was after a short one. */
export interface Left {
  readonly name: string
  readonly before: number
  readonly after: number
}

/** Many trials in one process. */
export interface Length {
  readonly trials: number
  readonly blocks: number
  /** Blocks at the beginning whose figures are not judged. */
  readonly warmUpBlocks: number
  readonly failed: number
  /** Heap that a study's results take, for each trial: what its end lets go. */
  readonly resultBytes: number
  /** Resident memory and heap without the study's results. */
  readonly quantities: readonly Growth[]
  /** Figures of no slope that a long study must leave as a short one did. */
  readonly left: readonly Left[]
  /** Most WAL segments at any time, and the number that the server's own settings allow. */
  readonly walFiles: { readonly most: number; readonly allowed: number }
}

/** How long and how wide, and what is left behind on purpose. */
export interface LengthOptions extends Pick<EnduranceOptions, 'seed' | 'progress' | 'signal'> {
  /** Blocks that are judged. */
  readonly blocks: number
  /** Blocks before them. */
  readonly warmUpBlocks?: number
  readonly workers?: readonly number[]
  readonly records?: number
  readonly leaks?: readonly LeakName[]
}

/**
 * Trials of a block with the usual numbers of workers: five of those, two clients, two encodings.
 */
export const trialsPerBlock = 20

/** Blocks after which the allocators of a process and its threads have the room that they keep. */
const usualWarmUpBlocks = 20
const megabyte = 2 ** 20
/**
 * A trial's results here are some 20 kB in the heap: parts of five batches and the probes'
 * readings.
 */
const resultBytesAllowed = 100_000

/** Quantities that must not grow; a trial that leaves one thing behind adds 500 of it. */
const quantities: Readonly<Partial<Record<keyof Figures, Quantity>>> = {
  rss: { name: 'resident memory', unit: 'bytes', bound: 8 * megabyte },
  heapUsed: { name: "JavaScript's heap", unit: 'bytes', bound: 2 * megabyte },
  external: { name: "memory of JavaScript's objects outside its heap", unit: 'bytes', bound: 2 * megabyte },
  arrayBuffers: { name: 'array buffers', unit: 'bytes', bound: 2 * megabyte },
  descriptors: { name: 'open descriptors', unit: 'count', bound: 2 },
  threads: { name: 'threads', unit: 'count', bound: 2 },
  connections: { name: 'connections', unit: 'count', bound: 2 },
  schemas: { name: 'schemas', unit: 'count', bound: 1 },
  relations: { name: 'relations of the server', unit: 'count', bound: 2 },
  types: { name: 'types of the server', unit: 'count', bound: 2 },
  dependencies: { name: 'dependencies in the server', unit: 'count', bound: 2 },
  catalogBytes: { name: 'system catalogs on disk', unit: 'bytes', bound: megabyte },
  dataBytes: { name: 'databases on disk', unit: 'bytes', bound: 8 * megabyte },
  processBytes: { name: "memory of the server's processes of their own", unit: 'bytes', bound: 8 * megabyte },
}

/** Figures that are equal after every study, whatever it was. */
const restored = ['descriptors', 'threads', 'connections', 'schemas', 'relations', 'types', 'dependencies'] as const

const collecting = new URL('./collecting.js', import.meta.url)
const child = new URL('./length-child.js', import.meta.url)

/**
 * Runs studies in one process on an embedded server, reads after every trial what process and
 * server hold, and tests each quantity for growth. Between blocks the catalogs are vacuumed, so
 * that their size is that of what is live and of the most that one block leaves, whenever the
 * server's own autovacuum runs.
 */
export function measureLength(options: LengthOptions): Promise<Length> {
  const {
    warmUpBlocks = usualWarmUpBlocks,
    workers = [1, 2, 4, 6, 8],
    records = 5_000,
    leaks = [],
    seed,
    progress,
    signal,
  } = options
  const blocks = warmUpBlocks + options.blocks
  const folder = mkdtempSync(join(tmpdir(), 'copylab-soak-'))
  const task: LengthTask = { records, workers, blocks, seed, folder, leaks }
  const found: Found[] = []
  const run = ({ config }: Connection): Promise<Length> =>
    withClient({ ...config, application_name: 'soak' }, async (control) => {
      const allowed = await walSegmentsAllowed(control)
      const onPause = async (text: string, pid: number): Promise<void> => {
        const told = JSON.parse(text) as Told
        const last = found.at(-1)?.told
        if (last?.at !== told.at) await vacuumCatalogs(control)
        // The study's control connection and its observer's are there while it lasts.
        const expected = typeof told.at === 'string' ? 0 : 2
        const server = await serverFigures(control, { expected })
        found.push({ told, figures: { ...told.figures, ...server, rss: await residentBytes(pid) } })
        progress(`trial ${found.filter(isTrial).length} of ${(blocks + 1) * workers.length * 4}`)
      }
      const env = {
        DATABASE_URL: connectionString(config),
        NODE_OPTIONS: `--import=${pathToFileURL(builtScript(collecting)).href}`,
      }
      await runPausing({ script: builtScript(child), arguments: [JSON.stringify(task)], env, onPause, signal })
      return judged(found, warmUpBlocks, allowed)
    })
  return embedded({ folder: join(folder, 'servers') })
    .use(run, { signal, onStep: progress })
    .finally(() => rmSync(folder, { recursive: true, force: true }))
}

interface Found {
  readonly told: Told
  readonly figures: Figures
}

type Control = Parameters<typeof serverFigures>[0]

async function walSegmentsAllowed(control: Control): Promise<number> {
  const { rows } = await control.query<{ segments: number }>(
    `SELECT (pg_size_bytes(current_setting('max_wal_size')) / pg_size_bytes(current_setting('wal_segment_size')))::int AS segments`,
  )
  return rows[0]!.segments
}

const isTrial = ({ told }: Found): boolean => typeof told.at === 'number'

function judged(found: readonly Found[], warmUpBlocks: number, allowed: number): Length {
  const [short, long] = found.filter(({ told }) => told.at === 'let go').map(({ figures }) => figures)
  const held = found.filter(({ told }) => told.at === 'held').at(-1)!.figures
  const trials = found.filter(isTrial)
  const ofLong = trials.filter(({ told }) => told.study === 'soak')
  const resultBytes = (held.heapUsed - long!.heapUsed) / ofLong.length
  const counted = ofLong.map(({ told, figures }, k) => ({
    told,
    figures: withoutResults(figures, resultBytes * (k + 1)),
  }))
  const blocks = Math.max(...ofLong.map(({ told }) => told.at as number))
  const judgedBlocks = Array.from({ length: blocks }, (_, k) =>
    counted.filter(({ told }) => told.at === k + 1).map(({ figures }) => figures),
  ).slice(warmUpBlocks)
  const growths = Object.entries(quantities).flatMap(([name, quantity]) => {
    const values = judgedBlocks.map((own) => own.map((figures) => figures[name as keyof Figures]))
    return values.length === 0 || values.flat().includes(null) ? [] : [growthOf(quantity, values as number[][])]
  })
  return {
    trials: trials.length,
    blocks,
    warmUpBlocks,
    failed: trials.filter(({ told }) => told.state === 'failed').length,
    resultBytes,
    quantities: growths,
    left: restored.flatMap((name) => {
      const [before, after] = [short![name], long![name]]
      return before === after ? [] : [{ name: quantities[name]!.name, before: before ?? 0, after: after ?? 0 }]
    }),
    walFiles: { most: Math.max(...found.map(({ figures }) => figures.walFiles)), allowed },
  }
}

/** The figures without the results that a running study holds in the heap of its process. */
function withoutResults(figures: Figures, bytes: number): Figures {
  return { ...figures, rss: figures.rss && figures.rss - bytes, heapUsed: figures.heapUsed - bytes }
}

/** What grew, failed or was left behind. */
export function wrongLength({ failed, resultBytes, quantities: own, left, walFiles }: Length): string[] {
  return [
    ...(failed > 0 ? [`${failed} trials failed`] : []),
    ...own
      .filter(({ held }) => !held)
      .map((growth) => `${growth.growth === 'shown' ? 'growth' : 'no decision'}: ${growthText(growth)}`),
    ...(resultBytes > resultBytesAllowed ? [`a trial takes ${formatNumber(resultBytes, 0)} bytes of its study`] : []),
    ...left.map(({ name, before, after }) => `after a long study ${after} ${name}, after a short one ${before}`),
    ...(walFiles.most > walFiles.allowed ? [`${walFiles.most} WAL segments, ${walFiles.allowed} allowed`] : []),
  ]
}

/**
 * One line for a quantity: "resident memory: 1.2 MB in 500 trials, at most 3.4 MB (bound 8 MB)".
 */
export function growthText({ name, unit, growthOver500, atMostOver500, bound, means }: Growth): string {
  const text = (value: number | null): string =>
    value === null ? 'unknown' : unit === 'bytes' ? `${formatNumber(value / megabyte, 2)} MiB` : formatNumber(value, 2)
  return `${name}: ${text(growthOver500)} in 500 trials, at most ${text(atMostOver500)} (bound ${text(bound)}); from ${text(means[0]!)} to ${text(means.at(-1)!)}`
}
