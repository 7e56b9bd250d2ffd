import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Connection, embedded, type Treatment } from 'copylab/executor'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { connectionString } from '../../../parts/connection-string.js'
import { runNode } from '../../../run-node.js'
import { type EnduranceOptions, shareOf } from '../../endurance.js'
import { builtScript } from '../built-script.js'
import type { Loaded, LoadTask } from './load-child.js'

/**
 * Flights by both clients in one process, and ever more synthetic records, each in a process of its
 * own.
 */
export interface ManyRecords {
  readonly flights: { readonly records: number } & Loaded
  readonly synthetic: readonly SyntheticLoads[]
}

/** Loads of one client. */
export interface SyntheticLoads {
  readonly client: Treatment['client']
  readonly loads: readonly ({ readonly records: number } & Loaded)[]
  /**
   * The peak of the most records as a multiple of that of the fewest; null where there are too few
   * records for the peak to be reached, and where the system tells none.
   */
  readonly ratio: number | null
}

const clients = ['event-loop', 'threads'] as const
const common = { workers: 2, dispatch: 'queue', encoding: 'binary', batchSize: 10_000 } as const
const [flightRecords, syntheticRecords] = [3_000_000, [3_000_000, 10_000_000, 30_000_000]] as const
/** The peak at 30 million records is at most this multiple of that at 3 million. */
const ratioAllowed = 1.15
/** Fewest records after which a process has the buffers that it will have. */
const enoughRecords = 1_000_000

const child = new URL('./load-child.js', import.meta.url)

/** Loads them on an embedded server of their own, which is removed afterwards. */
export function loadManyRecords(options: EnduranceOptions): Promise<ManyRecords> {
  const { progress, signal } = options
  const folder = mkdtempSync(join(tmpdir(), 'copylab-records-'))
  const run = async ({ config }: Connection): Promise<ManyRecords> => {
    const env = { DATABASE_URL: connectionString(config) }
    const load = async (task: LoadTask): Promise<{ readonly records: number } & Loaded> => {
      const own = task.treatments.map(({ client }) => client).join(', ')
      progress(`${formatNumber(task.records, 0)} records of ${task.input}, ${own}`)
      const printed = await runNode(builtScript(child), { arguments: [JSON.stringify(task)], env, signal })
      return { records: task.records, ...(JSON.parse(printed) as Loaded) }
    }
    const flights = await load({
      input: 'flights',
      records: shareOf(flightRecords, options),
      treatments: clients.map((client) => ({ ...common, client })),
    })
    const synthetic: SyntheticLoads[] = []
    for (const client of clients) {
      const loads: SyntheticLoads['loads'][number][] = []
      for (const records of syntheticRecords) {
        // Without WAL 30 million rows take 2 GB of the disk.
        const treatments = [{ ...common, client, persistence: 'unlogged' as const }]
        loads.push(await load({ input: 'synthetic', records: shareOf(records, options), treatments }))
      }
      synthetic.push({ client, loads, ratio: ratioOf(loads) })
    }
    return { flights, synthetic }
  }
  return embedded({ folder })
    .use(run, { signal, onStep: progress })
    .finally(() => rmSync(folder, { recursive: true, force: true }))
}

function ratioOf(loads: SyntheticLoads['loads']): number | null {
  const [fewest, most] = [loads[0]!, loads.at(-1)!]
  if (fewest.records < enoughRecords || fewest.peakBytes === null || most.peakBytes === null) return null
  return most.peakBytes / fewest.peakBytes
}

/** What was not loaded as it is, and memory that grew. */
export function wrongRecords({ flights, synthetic }: ManyRecords): string[] {
  const all = [flights, ...synthetic.flatMap(({ loads }) => loads)]
  return [
    ...all.flatMap(({ records, trials }) =>
      trials
        .filter(({ verified }) => verified !== records)
        .map(
          ({ client, verified, error }) => `${client}: ${verified ?? 0} of ${records} records (${error ?? 'verified'})`,
        ),
    ),
    ...synthetic
      .filter(({ ratio }) => ratio !== null && ratio > ratioAllowed)
      .map(
        ({ client, ratio }) =>
          `${client}: the peak of memory grew to ${ratio!.toFixed(2)} times that of the fewest records`,
      ),
  ]
}

/** One line for each process. */
export function showRecords({ flights, synthetic }: ManyRecords): string[] {
  const text = ({ records, trials, peakBytes }: { readonly records: number } & Loaded): string =>
    `${formatNumber(records, 0)} records, ${trials.map(({ client, totalMs }) => `${client} ${totalMs === null ? 'failed' : `${(totalMs / 1000).toFixed(1)} s`}`).join(', ')}; peak ${peakBytes === null ? 'unknown' : `${formatNumber(peakBytes / 2 ** 20, 0)} MiB`}`
  return [
    `flights: ${text(flights)}`,
    ...synthetic.flatMap(({ loads, ratio }) => [
      ...loads.map((load) => `synthetic: ${text(load)}`),
      `peak of the most by that of the fewest: ${ratio === null ? 'not judged' : `${ratio.toFixed(2)}, at most ${ratioAllowed}`}`,
    ]),
  ]
}
