import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embedded } from 'copylab/executor'
import { type Endurance, type EnduranceOptions, shareOf } from '../endurance.js'
import { type FullJournals, tryFullJournals } from './full-journal.js'
import { type FullServers, tryFullServers } from './full-server.js'
import { type NetworkResult, tryNetwork } from './network.js'
import { tryRestarts } from './restarts.js'
import { withRunningServer } from './running-server.js'
import type { Skipped } from './small-disk.js'
import { noTrouble, type TroubleCounts, troubleLines } from './trouble.js'
import { type FaultOptions, type FaultsTried, shownTried } from './try-faults.js'

/** Moments of a whole run. */
const full = { network: 220, restarts: 110, fullJournals: 40, fullServers: 20 }

/** What came of faults over time; the counts are of what must not come of them. */
export interface Faults extends TroubleCounts {
  readonly network: NetworkResult
  readonly restarts: FaultsTried
  readonly disk: { readonly journal: FullJournals | Skipped; readonly server: FullServers | Skipped }
  readonly examples: readonly string[]
}

async function run(options: EnduranceOptions): Promise<Faults> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-faults-'))
  const trouble = noTrouble()
  const given = (moments: number): FaultOptions => ({
    ...options,
    folder: join(folder, 'studies'),
    trouble,
    moments: shareOf(moments, options),
  })
  try {
    const { network, journal } = await embedded({ folder: join(folder, 'server') }).use(async (direct) => ({
      network: await tryNetwork(direct, { ...given(full.network), lasting: true }),
      journal: await tryFullJournals(direct, given(full.fullJournals)),
    }))
    const restarts = await withRunningServer(join(folder, 'restarted'), (server) =>
      tryRestarts(server, given(full.restarts)),
    )
    const disk = { journal, server: await tryFullServers(given(full.fullServers)) }
    return { network, restarts, disk, ...trouble.counts, examples: trouble.examples }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The network, the server and the disk failing while studies run. */
export const faults: Endurance<Faults> = {
  name: 'faults',
  title: 'The network, the server and the disk failing at random moments',
  run,
  wrong: troubleLines,
  show: ({ network, restarts, disk }) => [
    ...shownTried('network', network),
    `  ${network.interrupted} trials stood still and say so`,
    ...shownTried('restarts', restarts),
    `journal's disk full: ${shownDisk(disk.journal)}`,
    `server's disk full: ${shownDisk(disk.server)}`,
  ],
}

function shownDisk(result: FullJournals | FullServers | Skipped): string {
  return 'skipped' in result
    ? `skipped, ${result.skipped}`
    : `${result.moments} moments, ${result.inMeasured} in measured trials, ${result.studies} studies`
}
