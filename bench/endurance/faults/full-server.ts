import { join } from 'node:path'
import { type Connection, embedded, type Server } from 'copylab/executor'
import pg from 'pg'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'
import { type Relay, withRelay } from './relay.js'
import { leftOn } from './server-left.js'
import { type Skipped, withSmallDisk } from './small-disk.js'
import { placesOfStudy, tryStudy } from './tried-study.js'
import type { FaultOptions } from './try-faults.js'

/** What came of a server's disk that is full. */
export interface FullServers {
  readonly moments: number
  /** Of them, those at which a measured trial was running. */
  readonly inMeasured: number
  readonly studies: number
  /** Calls in which trials failed, and the study went on. */
  readonly failedTrials: number
  /** Calls that ended because the server did. */
  readonly ended: number
  /** Calls that needed no more room than there was. */
  readonly wentOn: number
}

/** A cluster and a few of its WAL segments. */
const diskBytes = 160 << 20
const settings = { min_wal_size: '32MB', max_wal_size: '48MB' }
/** More WAL segments than are kept within `max_wal_size`. */
const segments = 8
const momentsPerStudy = 3
/** Most room that is left at a moment: about what a trial's table takes. */
const freeBytes = 400 << 10

/** Lets the disk of the server be full at drawn moments of studies, and makes room each time. */
export async function tryFullServers(options: FaultOptions): Promise<FullServers | Skipped> {
  const { moments, seed, folder, trouble, progress, signal } = options
  const random = makeRandom(seed)
  let [inMeasured, studies, tried] = [0, 0, 0]
  const counts = { failedTrials: 0, ended: 0, wentOn: 0 }
  return withSmallDisk(join(folder, 'small server'), diskBytes, async (disk) => {
    const own = embedded({ folder: disk.folder, settings })
    let begin: (relay: Relay) => void = () => {}
    let held: { readonly relay: Relay; readonly direct: Connection } | null = null
    const server: Server = {
      describe: () => own.describe(),
      use: (task, use) =>
        own.use(
          (direct) =>
            withRelay(direct, (relay) => {
              held = { relay, direct }
              begin(relay)
              return task(relay.connection).finally(() => {
                held = null
              })
            }),
          use,
        ),
    }
    const study = () => {
      const name = `full-${studies++}`
      const hold = () => held?.relay.stall() ?? (() => {})
      const direct = () => held?.direct ?? null
      return tryStudy({ name, folder: join(folder, 'studies'), server, hold, direct, trouble, signal })
    }
    let first: Relay | null = null
    begin = (relay) => {
      first = relay
    }
    await study().finish()
    const bytesPerTrial = (first as Relay | null)!.passed('worker').bytes / placesOfStudy
    while (tried < moments) {
      const one = study()
      for (let k = 0; k < momentsPerStudy && tried < moments && one.missing() > 0; k++) {
        signal.throwIfAborted()
        const after = Math.floor(random.uniform() * one.missing() * bytesPerTrial)
        const [free, switches] = [random.uniform() * freeBytes, random.uniform() < 0.3]
        let isStruck = false
        begin = (relay) =>
          relay.at({ role: 'worker', counted: 'bytes', after }, () => {
            isStruck = true
            if (one.strike()) inMeasured++
            disk.fill(free)
            if (switches && held) switchWal(held.direct).catch(() => {})
          })
        const { how, said } = await one.call()
        begin = () => {}
        disk.clear()
        if (how === 'hangs') trouble.note('hangs', `${said}`)
        if (!isStruck) continue
        tried++
        if (how === 'failures') counts.failedTrials++
        if (how === 'ended') counts.ended++
        if (how === 'complete') counts.wentOn++
        if (how !== 'complete' && !/No space left|disk.*full|could not extend/i.test(said))
          trouble.note('unclear', `a full disk of the server: ${said}`)
        progress(`server's disk full, ${tried} of ${moments} moments`)
      }
      await one.finish()
    }
    await own.use((direct) => leftOn(direct, trouble))
    return { moments: tried, inMeasured, studies, ...counts }
  })
}

/** Uses up the WAL segments that the server has in store, until it needs one more. */
async function switchWal({ config }: Connection): Promise<void> {
  const client = new pg.Client(config)
  client.on('error', () => {})
  await client.connect()
  try {
    for (let k = 0; k < segments; k++) {
      await client.query("SELECT pg_logical_emit_message(false, 'full', 'x'), pg_switch_wal()")
    }
  } finally {
    await client.end()
  }
}
