import { type RunTrial, type Treatment, withTrials } from 'copylab/executor'
import { withClient } from '#copylab/executor/connect.js'
import { withRelay } from '#copylab/executor/interventions/relay/relay.js'
import { roundTripOf } from '#copylab/executor/interventions/relay/round-trip.js'
import { ownConfig } from '#copylab/executor/server/reach/own-config.js'
import { onServer, serverOf } from '../loading/contest.js'
import { type ServerUsed, serverUsed } from '../loading/server-used.js'
import type { BenchOptions, Part } from '../part.js'
import { type Ratio, ratioWithinRounds } from '../rounds/ratio.js'
import { seededOrder } from '../rounds/seeded-order.js'
import { type Spread, spreadOf, spreadText } from '../rounds/spread.js'
import { benchTable, ratioText } from '../rounds/text-table.js'
import { shapes, withShape } from '../shapes/shapes.js'
import { costedLoads } from './probe-cost.js'

/** Round trips that a relay was asked for, in milliseconds. */
const askedMs = [0, 5, 20, 50] as const

/** What a relay does to round trips, and what it costs by itself. */
export interface RelayCost {
  readonly server: ServerUsed
  readonly records: number
  /** Without a relay. */
  readonly directMs: Spread
  /** By the relay: medians of five round trips, less the one without a relay of the same round. */
  readonly roundTrips: readonly { readonly askedMs: number; readonly addedMs: Spread }[]
  /** Time by a relay that lengthens nothing, divided by the time without one, within rounds. */
  readonly loads: readonly { readonly treatment: string; readonly directMs: Spread; readonly ratio: Ratio }[]
}

/** How exact a relay's round trips are, and what a relay costs that lengthens nothing. */
export const relayCost: Part<RelayCost> = {
  name: 'relay-cost',
  title: 'Round trips by a relay, and what the relay costs at 0 ms',

  run: (options) =>
    onServer(options, (connection) =>
      withRelay(connection.config, askedMs, async (relay) => {
        const own = ownConfig(connection, 'copylab/relay-cost')
        const timed = [own, ...askedMs.map((ms) => ({ ...own, relayPort: relay.portOf(ms) }))]
        const times = timed.map((): number[] => [])
        for (let round = 1; round <= options.rounds; round++) {
          options.progress(`round trips, round ${round} of ${options.rounds}`)
          for (const index of seededOrder([...timed.keys()], round)) {
            times[index]!.push(await withClient(timed[index]!, roundTripOf, { signal: options.signal }))
          }
        }
        const [direct, ...relayed] = times
        const config = { ...connection.config, host: '127.0.0.1', port: relay.portOf(0) }
        const measured = await compareLoads([connection, { ...connection, config }], options)
        return {
          server: serverUsed(connection),
          records: options.records,
          directMs: spreadOf(direct!),
          roundTrips: askedMs.map((ms, k) => ({
            askedMs: ms,
            addedMs: spreadOf(relayed[k]!.map((found, round) => found - direct![round]!)),
          })),
          loads: measured,
        }
      }),
    ),

  show: ({ directMs, roundTrips, loads: measured }) => [
    `without a relay: ${spreadText(directMs, { digits: 2 })} ms`,
    ...benchTable(
      ['asked, ms', 'added, ms'],
      roundTrips.map((one) => [String(one.askedMs), spreadText(one.addedMs, { digits: 2 })]),
    ),
    '',
    ...benchTable(
      ['load', 'ms without a relay', 'time by a relay at 0 ms / without'],
      measured.map(({ treatment, directMs: ms, ratio }) => [treatment, spreadText(ms), ratioText(ratio)]),
    ),
  ],
}

/** Runs each load by both connections, in interleaved rounds. */
function compareLoads(
  connections: readonly Parameters<typeof serverOf>[0][],
  options: BenchOptions,
): Promise<RelayCost['loads']> {
  const { rounds, progress, signal } = options
  const treatments = Object.values(costedLoads)
  return withShape(shapes[1]!, options, ({ input }) => {
    const session = (k: number) => ({ server: serverOf(connections[k]!), input, treatments, signal })
    return withTrials(session(0), (direct) =>
      withTrials(session(1), async (relayed) => {
        const measured: RelayCost['loads'][number][] = []
        for (const [name, treatment] of Object.entries(costedLoads)) {
          const times = [direct, relayed].map((): number[] => [])
          for (let round = 0; round <= rounds; round++) {
            progress(`${name}: round ${round} of ${rounds}`)
            for (const k of seededOrder([0, 1], round)) {
              const ms = await total([direct, relayed][k]!, treatment)
              if (round > 0) times[k]!.push(ms)
            }
          }
          measured.push({
            treatment: name,
            directMs: spreadOf(times[0]!),
            ratio: ratioWithinRounds(times[1]!, times[0]!),
          })
        }
        return measured
      }),
    )
  })
}

async function total(run: RunTrial, treatment: Partial<Treatment>): Promise<number> {
  const trial = await run({ treatment, probes: false })
  if (trial.state === 'failed') throw new Error(`A trial failed: ${trial.error.message}`)
  return trial.totalMs
}
