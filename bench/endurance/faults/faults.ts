import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embedded } from 'copylab/executor'
import { type Endurance, type EnduranceOptions, shareOf } from '../endurance.js'
import { type FaultOptions, type NetworkResult, tryNetwork } from './network.js'
import { noTrouble, type TroubleCounts, troubleKinds } from './trouble.js'

/** Numbers of a whole run. */
const full = { network: 200 }

/** What came of faults over time; the counts are of what must not come of them. */
export interface Faults extends TroubleCounts {
  readonly network: NetworkResult
  readonly examples: readonly string[]
}

async function run(options: EnduranceOptions): Promise<Faults> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab faults '))
  const trouble = noTrouble()
  const given = (moments: number): FaultOptions => ({
    ...options,
    folder: join(folder, 'studies'),
    trouble,
    moments: shareOf(moments, options),
  })
  try {
    const network = await embedded({ folder: join(folder, 'servers') }).use((direct) =>
      tryNetwork(direct, given(full.network)),
    )
    return { network, ...trouble.counts, examples: trouble.examples }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The network, the server and the disk failing while studies run. */
export const faults: Endurance<Faults> = {
  name: 'faults',
  title: 'The network, the server and the disk failing at random moments',
  run,
  wrong: (result) => [
    ...troubleKinds.filter((kind) => result[kind] > 0).map((kind) => `${kind}: ${result[kind]}`),
    ...result.examples,
  ],
  show: ({ network }) => [JSON.stringify(network)],
}
