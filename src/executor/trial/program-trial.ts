import { setTimeout as pause } from 'node:timers/promises'
import type { ClientConfig } from 'pg'
import { defaultTimeLimit, filledArgs, type LoaderProgram, type LoaderValues } from '../../study/factors/loaders.js'
import type { ClientSeries } from '../../study/readings.js'
import type { Treatment } from '../../study/treatment.js'
import { withClient } from '../connect.js'
import { qualifiedTable } from '../footprint/mark.js'
import { checkRoundTrip, roundTripOf } from '../interventions/relay/round-trip.js'
import { checkDigests } from '../load/program/program-digests.js'
import { programEnvironment } from '../load/program/program-environment.js'
import { type ProgramFolder, withPasswordFile } from '../load/program/program-folder.js'
import { type ProgramRun, runProgram } from '../load/program/run-program.js'
import { whyNoPeak } from '../load/program/sample-group.js'
import { observeServer, probeOff, type ServerReadings } from '../probes/observe-server.js'
import { backendsAt } from '../probes/sampling/backend-source.js'
import { watchLoad } from '../probes/standstills/watch-load.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Session } from '../session/session.js'
import { type Build, buildParts } from '../table/built-parts.js'
import type { MadeTable } from '../table/make-table.js'
import { type LoadedTrial, totalOfBackends } from './loaded-trial.js'
import { onControl } from './on-control.js'
import { checkReleased } from './table-holders.js'
import { checkShape, readTableShape } from './table-shape.js'
import { workerPrefix } from './worker-backends.js'

/** The table of a trial, and the share by which the trial is slowed down. */
interface TrialTable {
  readonly slowDownBy: number
  readonly made: MadeTable
}

/**
 * Runs the program of a treatment on the trial's table, and reads what the server and the system
 * tell of it. The content is not verified yet. Indexes and keys that are made after the load belong
 * to it. Throws `ProgramError` for a program that does not end as it should, that is another
 * one than when the study began, that changes the table, or that leaves it locked.
 */
export async function loadByProgram(
  session: Session,
  treatment: Treatment,
  { slowDownBy, made }: TrialTable,
): Promise<LoadedTrial> {
  const { control, schema, signal, onEvent } = session
  const measuredRoundTripMs = await programRoundTrip(session, treatment)
  const checkProgram = (): Promise<void> => checkDigests(treatment.loader, programOf(session, treatment).program)
  await checkProgram()
  const shape = await readTableShape(control, schema)
  const observation = await observeServer(session, backendsAt(shape.relations), treatment)
  try {
    const stopWatching = watchLoad(null)
    const running = runTreatment(session, treatment).finally(onEvent)
    await Promise.allSettled([running])
    const { interruptions } = await stopWatching()
    const run = await running
    await checkProgram()
    const { clockStart, clockEnd } = clockOf(run)
    const slowedMs = slowDownBy * (clockEnd - clockStart)
    if (slowedMs > 0) await pause(slowedMs, null, { signal })
    await onControl(session, () => checkReleased(control, treatment.loader, shape.relations))
    checkShape(treatment.loader, shape, await onControl(session, () => readTableShape(control, schema)))
    const { later } = made
    const build = later.length > 0 ? await onControl(session, () => buildParts(control, later)) : null
    const totalMs = clockEnd - clockStart + slowedMs
    await onControl(session, () =>
      observation.stop({
        clockStart,
        totalMs,
        parts: [],
        programCpuMs: run.cpuMs === null ? null : run.cpuMs + run.keeperCpuMs,
      }),
    )
    signal.throwIfAborted()
    const server = await observation.readings()
    const onClock = interruptions.map((one) => ({ ...one, atMs: Math.max(0, one.atMs - clockStart) }))
    return {
      ...ofWorkersAlone,
      ...timesOf(run, server, totalMs, build),
      ...timesInStatements(server, totalMs),
      ...clientOf(run, session.observers.probes.client),
      measuredRoundTripMs,
      ...server.measurements,
      ...totalOfBackends(server.workers),
      restoreMs: made.existing?.restoreMs ?? null,
      existingBytes: made.existing?.bytes ?? null,
      connections: server.backendsAtOnce ?? 0,
      workerReadings: server.workers.map((own, worker) => ({ worker, backPressureMs: null, ...own })),
      indexSizes: server.indexSizes,
      nodes: server.nodes,
      waits: server.waits,
      serverSeries: server.series,
      interruptions: onClock,
      blockers: null,
      missing: missingOf(server, run, session.observers.probes.client),
    }
  } finally {
    await observation.abandon()
  }
}

/** Runs the program with the values of the treatment. */
function runTreatment(session: Session, treatment: Treatment): Promise<ProgramRun> {
  const { study, schema, table, signal } = session
  const { program, folder } = programOf(session, treatment)
  const config = programConfig(session, treatment)
  const values: LoaderValues = {
    workers: treatment.workers,
    batchSize: treatment.batchSize,
    table: qualifiedTable(schema),
    files: folder.files,
    columns: table.columns.map(({ name }) => name),
  }
  const application = `${workerPrefix(study)}-${treatment.loader}`
  return withPasswordFile(folder, config, ({ path: passwordFile, secrets }) =>
    runProgram({
      name: treatment.loader,
      command: program.command,
      args: filledArgs(program, values),
      env: programEnvironment(program, values, { config, application, passwordFile }),
      folder: process.cwd(),
      ready: program.ready ?? null,
      done: program.done ?? null,
      limitMs: 1000 * (program.timeLimit ?? defaultTimeLimit),
      secrets,
      own: folder.path,
      signal,
    }),
  )
}

/** Where the program connects: to the server, or to the relay that leads there. */
function programConfig({ connection: { config }, relay }: Session, { roundTripMs }: Treatment): ClientConfig {
  return relay && roundTripMs > 0 ? { ...config, host: '127.0.0.1', port: relay.portOf(roundTripMs) } : config
}

/** Times and checks a round trip that the program's will be like; null without a relay. */
async function programRoundTrip(session: Session, treatment: Treatment): Promise<number | null> {
  const { study, connection, relay, signal } = session
  if (relay === null) return null
  const { roundTripMs } = treatment
  const own = ownConfig(connection, `copylab/${study}/round-trip`)
  const config = roundTripMs > 0 ? { ...own, relayPort: relay.portOf(roundTripMs) } : own
  const measuredMs = await withClient(config, roundTripOf, { signal })
  checkRoundTrip(relay, treatment, measuredMs)
  return measuredMs
}

function programOf(
  { meanings, programs }: Session,
  { loader }: Treatment,
): { readonly program: LoaderProgram; readonly folder: ProgramFolder } {
  const program = meanings.loader?.[loader]
  if (!program || !programs) throw new Error(`Expected the loader ${loader} to have a meaning, and files`)
  return { program, folder: programs }
}

/** The clock: the program's own two lines where it prints them, else from its start to its exit. */
function clockOf({ startedAt, exitedAt, readyAt, doneAt, cpuMs, betweenLinesCpuMs }: ProgramRun): {
  readonly clockStart: number
  readonly clockEnd: number
  /** CPU time of the program on the clock. */
  readonly clockCpuMs: number | null
} {
  return readyAt !== null && doneAt !== null
    ? { clockStart: readyAt, clockEnd: doneAt, clockCpuMs: betweenLinesCpuMs }
    : { clockStart: startedAt, clockEnd: exitedAt, clockCpuMs: cpuMs }
}

function timesOf(run: ProgramRun, { firstWriteMs }: ServerReadings, totalMs: number, build: Build | null) {
  const { startedAt, exitedAt, readyAt, doneAt } = run
  return {
    totalMs: totalMs + (build?.ms ?? 0),
    exitMs: exitedAt - startedAt,
    fromCopyMs: firstWriteMs === null ? null : exitedAt - clockOf(run).clockStart - firstWriteMs,
    betweenLinesMs: readyAt !== null && doneAt !== null ? doneAt - readyAt : null,
    indexMs: build?.ms ?? null,
    indexWorkers: build?.workers ?? null,
  }
}

/**
 * Times in statements on the table, by the shares of samples that found one; null without samples.
 */
function timesInStatements({ waits, workers }: ServerReadings, loadingMs: number) {
  const timeline = waits?.timeline
  if (!timeline || workers.length === 0 || timeline.atMs.length === 0) return { insertMs: null, copyMs: null }
  const idle = timeline.events.indexOf('idle')
  const busy = timeline.atMs.map((_, sample) => timeline.workers.filter((own) => own[sample] !== idle).length)
  const share = (value: (backends: number) => number): number =>
    busy.reduce((sum, backends) => sum + value(backends), 0) / busy.length
  return { insertMs: loadingMs * share(Math.sign), copyMs: loadingMs * share((backends) => backends) }
}

/** What only workers of this process could tell. */
const ofWorkersAlone = {
  readMs: null,
  analyseMs: null,
  clientWorkMs: null,
  encodeMs: null,
  idleMs: null,
  connectMs: null,
  prepareMs: null,
  bytes: null,
  badRecords: 0,
  backPressureMs: null,
  parts: [],
  eventLoopUtilisation: null,
  eventLoopDelayP99Ms: null,
  eventLoopDelayMaxMs: null,
  gcMs: null,
  gcPauseMaxMs: null,
} as const

function clientOf(run: ProgramRun, isOn: boolean) {
  const series = isOn && run.samples ? seriesOf(run.samples, run) : null
  return {
    rssPeakBytes: isOn ? run.rssPeakBytes : null,
    clientCpuMs: isOn ? clockOf(run).clockCpuMs : null,
    clientSeries: series,
  }
}

function seriesOf(samples: NonNullable<ProgramRun['samples']>, run: ProgramRun): ClientSeries {
  const { clockStart, clockEnd } = clockOf(run)
  const within = samples
    .map((sample) => ({ ...sample, at: run.startedAt + sample.atMs - clockStart }))
    .filter(({ at }) => at >= 0 && at <= clockEnd - clockStart)
  return {
    atMs: within.map(({ at }) => at),
    rssBytes: within.map(({ rssBytes }) => rssBytes),
    cpuMs: within.map(({ cpuMs }) => cpuMs - (within[0]?.cpuMs ?? 0)),
  }
}

/** Why workers' own measurements are missing. */
const unknown = "a program loaded, and only copylab's own workers tell it"

const noSample = 'no sample found a backend that wrote to the table'

function missingOf(
  { missing, workers, waits }: ServerReadings,
  run: ProgramRun,
  isOn: boolean,
): LoadedTrial['missing'] {
  const names = Object.entries(ofWorkersAlone).flatMap(([name, value]) => (value === null ? [name] : []))
  return {
    ...Object.fromEntries(names.map((name) => [name, unknown])),
    ...missing,
    ...(workers.length === 0 && !missing.waits && { waits: noSample }),
    ...(waits === null && { insertMs: noSample, copyMs: noSample }),
    ...(workers.length === 0 && { fromCopyMs: noSample }),
    ...(!isOn && { client: probeOff }),
    ...(isOn && clockOf(run).clockCpuMs === null && { clientCpuMs: 'the system does not count it' }),
    ...(isOn && run.rssPeakBytes === null && { rssPeakBytes: whyNoPeak(run.samples) }),
    blockers: "who held locks is asked for copylab's own workers alone",
  }
}
