import { synthetic } from 'copylab/executor'
import { makeRandom, type Random } from '#copylab/analysis/statistics/numerics/random.js'
import { survey } from '#copylab/executor/verify/survey.js'
import type { EnduranceOptions } from '../endurance.js'
import { type Ended, runClient } from './client.js'
import {
  type Event,
  events,
  type Moment,
  moments,
  type Point,
  type Strike,
  type Target,
  targets,
} from './inside/point.js'
import { type Fault, type FaultKind, faultKinds, judgeRun, judgeTrials, type Truth } from './judge.js'
import { leftovers } from './leftovers.js'
import { endAll, type Place, untilQuiet, withPlace } from './place.js'
import { readRaw } from './raw-journal.js'
import { drawPoint, type KilledStudy, nextTarget, recordsPerTrial, studyAt } from './studies.js'

/** How many kills are wanted. */
export interface Asked {
  readonly points: number
  readonly inMeasured: number
  readonly ofEachTarget: number
}

/**
 * What a campaign of kills is given; lanes share its target, so that their order is not repeated.
 */
export interface CampaignOptions extends Pick<EnduranceOptions, 'seed' | 'progress' | 'signal'> {
  readonly asked: Asked
  /** Blocks of each study, of four trials. */
  readonly blocks: number
  /** Studies at a time, each in a project of its own. */
  readonly lanes: number
}

type Counts<Name extends string> = Record<Name, number>

/** What was killed, and what was wrong afterwards. A point that was not reached does not count. */
export interface Kills extends Counts<FaultKind> {
  asked: Asked
  points: number
  /** Points between a measured trial's first COPY and the line of the verified trial. */
  inMeasured: number
  studies: number
  /** Runs of the client, those that reached no point included. */
  runs: number
  byTarget: Counts<Target>
  byClient: Counts<'before the first trial' | 'event-loop' | 'threads'>
  byEvent: Counts<Event>
  byMoment: Counts<Moment>
  /** The first that were wrong, with the command and the point. */
  examples: string[]
}

const zeros = <Name extends string>(names: readonly Name[]): Counts<Name> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Counts<Name>

const examplesKept = 20
/** Runs for each point that is asked for, at most: some reach none. */
const runsPerPoint = 4

/** Kills clients, servers, guardians and backends until there are as many points as asked for. */
export async function killAtPoints(options: CampaignOptions): Promise<Kills> {
  const result: Kills = {
    asked: options.asked,
    points: 0,
    inMeasured: 0,
    ...zeros(faultKinds),
    studies: 0,
    runs: 0,
    byTarget: zeros(targets),
    byClient: zeros(['before the first trial', 'event-loop', 'threads']),
    byEvent: zeros(events),
    byMoment: zeros(moments),
    examples: [],
  }
  const truth = await truthOf()
  let next = 1
  const lane = (place: Place, random: Random) => async (): Promise<void> => {
    while (!isEnough(result)) {
      const study = studyAt(next++, options.blocks, options.seed)
      await killStudy({ place, random, study, truth, result, ...options })
    }
  }
  const running = Array.from({ length: options.lanes }, (_, k) =>
    withPlace((place) => lane(place, makeRandom(options.seed * 1_000 + k))()),
  )
  // All end before the first error is thrown.
  for (const outcome of await Promise.allSettled(running)) if (outcome.status === 'rejected') throw outcome.reason
  return result
}

function isEnough({ asked, points, inMeasured, byTarget, runs }: Kills): boolean {
  if (runs >= asked.points * runsPerPoint) return true
  return (
    points >= asked.points &&
    inMeasured >= asked.inMeasured &&
    targets.every((target) => byTarget[target] >= asked.ofEachTarget)
  )
}

interface Killing extends CampaignOptions {
  readonly place: Place
  readonly random: Random
  readonly study: KilledStudy
  readonly truth: Truth
  readonly result: Kills
}

/** Kills and resumes a study until it is finished, and judges after each run. */
async function killStudy(killing: Killing): Promise<void> {
  const { place, random, study, truth, result, signal, progress } = killing
  const seen = new Set<string>()
  const record = (faults: readonly Fault[], point: Point | null): void => {
    for (const { kind, text } of faults) {
      // What is wrong in a journal stays there, and is counted once.
      const stays = kind === 'doubled' || kind === 'unreadable' || kind === 'false'
      if (stays && seen.size === seen.add(text).size) continue
      result[kind]++
      const where = point ? `after ${JSON.stringify(point)}` : 'at the end'
      const example = `${kind}: ${text}; ${where} of copylab ${study.args.join(' ')}`.replaceAll(place.folder, '.')
      if (result.examples.length < examplesKept) result.examples.push(example)
    }
  }
  let last: Ended | null = null
  for (let finished = false; !finished; ) {
    const before = readRaw(place.studies, study.name)
    const done = new Set(before?.trials.filter(isDone).map(({ block, position }) => `${block}/${position}`)).size
    const target = nextTarget(random, result.byTarget)
    const point = isEnough(result) ? null : drawPoint(random, target, study.warmUp, study.places - done)
    const ended = await runClient(place, study.args, point, signal)
    const after = readRaw(place.studies, study.name)
    result.runs++
    if (ended.strike) count(result, ended.strike)
    finished = ended.code === 0
    last = ended
    const faults = [...judgeRun(ended, before, after), ...judgeTrials(after, study, truth, finished)]
    // A client that was killed is followed at once, or when its server has ended.
    const waits = ended.strike?.target !== 'client' || random.uniform() < 0.5
    if (waits && !(await untilQuiet(place.folder))) {
      faults.push({ kind: 'left', text: `processes remain after ${JSON.stringify(point)}` })
      await endAll(place.folder)
    }
    record(faults, point)
    progress(`${result.points} of ${result.asked.points} kills, ${result.inMeasured} inside measured trials`)
    if (!finished && ended.strike === null) {
      record([{ kind: 'silent', text: `nothing was killed, and it failed: ${tail(ended)}` }], point)
      break
    }
  }
  record(await leftovers(place, study, last!, signal), null)
  result.studies++
}

const isDone = ({ block, state }: { readonly block: number; readonly state: string }): boolean =>
  block > 0 && state === 'completed'

const tail = ({ stderr, stdout }: Ended): string => JSON.stringify(`${stdout}${stderr}`.trimEnd().slice(-300))

function count(result: Kills, { target, event, moment, client, inMeasured }: Strike): void {
  result.points++
  if (inMeasured) result.inMeasured++
  result.byTarget[target]++
  result.byEvent[event]++
  result.byMoment[moment]++
  result.byClient[client ?? 'before the first trial']++
}

/** The input's records and checksum as this process reckons them, without a server. */
async function truthOf(): Promise<Truth> {
  const input = synthetic({ records: recordsPerTrial })
  const { facts } = await survey(input, input.fits, await input.files())
  return { records: facts.records, checksum: facts.checksum }
}
