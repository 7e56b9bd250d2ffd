import { checkedOptions } from '../../../check.js'
import type { ServerSeries } from '../../../study/readings.js'
import type { Study } from '../../../study/study.js'
import type { Selection } from '../../../study/treatment.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { drawnTreatments, typicalTrial } from '../drawing/drawn-treatments.js'
import { loadingMs } from './timeline-series.js'

/** Options of `plotResources` and `resourceSeries`. */
export interface ResourcesOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
}

/**
 * One quantity over time: columns of equal length, times in milliseconds since the clock started.
 */
export interface TimeColumn {
  readonly atMs: readonly number[]
  readonly values: readonly number[]
}

/**
 * Resources that one trial used over time. Null where a quantity was not read: `reasons` gives the
 * reason.
 */
export interface ResourceSeries {
  readonly label: string
  readonly trial: number
  readonly block: number
  /**
   * Cores in use on average from each time to the next; the last value is that of the interval
   * before it.
   */
  readonly clientCores: TimeColumn | null
  readonly backendCores: TimeColumn | null
  /**
   * Resident set size of the client process, and proportional set size of all workers' backends.
   */
  readonly clientMiB: TimeColumn | null
  readonly backendMiB: TimeColumn | null
  /** Number of connections to the server, of those that `connectionsOf` says. */
  readonly connections: TimeColumn | null
  /**
   * `workers`: copylab's own connections, which control and observe a trial, and those of others
   * are not among them. `all clients`: all are, where a trial of the study ran before they were
   * told apart.
   */
  readonly connectionsOf: 'workers' | 'all clients'
  /** Maximum numbers of connections that are not among those of the workers; null where unknown. */
  readonly furtherConnections: { readonly own: number; readonly others: number } | null
  /**
   * When indexes and keys were made after the load, in milliseconds since the clock started; null
   * where they were there before. The quantities end with the load.
   */
  readonly indexing: { readonly fromMs: number; readonly toMs: number } | null
  readonly reasons: { readonly [Q in Quantity]?: string }
}

/** A quantity that is drawn over time. */
export type Quantity = 'clientCores' | 'backendCores' | 'clientMiB' | 'backendMiB' | 'connections'

const mib = 2 ** 20

/**
 * Collects the resources of the client and the backends and the number of connections over time, in
 * each treatment's trial of the median total time.
 */
export function resourceSeries(study: Study, options: ResourcesOptions = {}): ResourceSeries[] {
  const { where } = checkedOptions(options, { where: true })
  const drawn = drawnTreatments(study, where).flatMap(({ label, treatment }) => {
    const trial = typicalTrial(study, treatment)
    return trial ? [{ label, trial }] : []
  })
  const apart = drawn.every(({ trial }) => trial.serverSeries === null || tellsApart(trial.serverSeries))
  const connectionsOf = apart ? 'workers' : 'all clients'
  return drawn.map(({ label, trial }) => ({
    label,
    trial: trial.trial,
    block: trial.block,
    indexing: trial.indexMs === null ? null : { fromMs: loadingMs(trial), toMs: trial.totalMs },
    connectionsOf,
    furtherConnections: trial.serverSeries && tellsApart(trial.serverSeries) ? furtherOf(trial.serverSeries) : null,
    ...quantitiesOf(trial, connectionsOf),
  }))
}

const tellsApart = ({ atMs, workerConnections }: ServerSeries): boolean => workerConnections.length === atMs.length

function furtherOf({ connections, workerConnections, ownConnections }: ServerSeries) {
  const others = connections.map((all, k) => all - workerConnections[k]! - ownConnections[k]!)
  return { own: Math.max(0, ...ownConnections), others: Math.max(0, ...others) }
}

function quantitiesOf(
  { clientSeries, serverSeries, totalMs, missing }: CompletedTrial,
  connectionsOf: ResourceSeries['connectionsOf'],
) {
  const gapMs = Math.max(200, totalMs / 60)
  const levels = (atMs: readonly number[] | undefined, values: readonly number[] | undefined, unit: number) =>
    atMs && values && values.length > 0
      ? thinned(
          atMs,
          values.map((value) => value / unit),
          gapMs,
        )
      : null
  const cores = (atMs: readonly number[] | undefined, cpuMs: readonly number[] | undefined) =>
    atMs && cpuMs && cpuMs.length > 1 ? coresInUse(atMs, cpuMs, gapMs) : null
  const found = {
    clientCores: cores(clientSeries?.atMs, clientSeries?.cpuMs),
    backendCores: cores(serverSeries?.atMs, serverSeries?.backendCpuMs),
    clientMiB: levels(clientSeries?.atMs, clientSeries?.rssBytes, mib),
    backendMiB: levels(serverSeries?.atMs, serverSeries?.backendPssBytes, mib),
    connections: levels(
      serverSeries?.atMs,
      connectionsOf === 'workers' ? serverSeries?.workerConnections : serverSeries?.connections,
      1,
    ),
  }
  const ofServer = missing.backends ?? missing.waits
  const reasons: { [Q in Quantity]?: string } = {}
  for (const name of Object.keys(found) as Quantity[]) {
    const reason = name.startsWith('client') ? missing.client : ofServer
    if (!found[name]) reasons[name] = reason ?? 'the trial was too short to be sampled'
  }
  return { ...found, reasons }
}

/** Returns the samples that are at least `gapMs` apart, and the last one. */
function thinned(atMs: readonly number[], values: readonly number[], gapMs: number): TimeColumn {
  const kept = apart(atMs, gapMs)
  return { atMs: kept.map((k) => atMs[k]!), values: kept.map((k) => values[k]!) }
}

/**
 * Computes the cores in use from differences of CPU time over intervals of at least `gapMs`: over
 * shorter ones the resolution of CPU times would make them jagged.
 */
function coresInUse(atMs: readonly number[], cpuMs: readonly number[], gapMs: number): TimeColumn | null {
  const kept = apart(atMs, gapMs)
  const used = kept.slice(1).map((k, n) => (cpuMs[k]! - cpuMs[kept[n]!]!) / (atMs[k]! - atMs[kept[n]!]!))
  return used.length === 0 ? null : { atMs: kept.map((k) => atMs[k]!), values: [...used, used.at(-1)!] }
}

/**
 * Returns the positions of the first time, of those at least `gapMs` after the one before, and of
 * the last; the last interval is no shorter than half a gap.
 */
function apart(atMs: readonly number[], gapMs: number): number[] {
  const kept: number[] = []
  for (const [k, at] of atMs.entries()) if (k === 0 || at - atMs[kept.at(-1)!]! >= gapMs) kept.push(k)
  const last = atMs.length - 1
  if (kept.length > 1 && atMs[last]! - atMs[kept.at(-1)!]! < gapMs / 2) kept.pop()
  if (kept.at(-1) !== last && atMs[last]! > atMs[kept.at(-1) ?? 0]!) kept.push(last)
  return kept
}
