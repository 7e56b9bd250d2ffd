import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { embedded } from 'copylab/executor'
import pg from 'pg'
import { type Ended, runClient } from './client.js'
import type { Fault } from './judge.js'
import { type Place, untilQuiet } from './place.js'
import type { KilledStudy } from './studies.js'

/** What belongs into the folder of a server that does not run. */
const belongs = /^(server\.log|postgresql-[\w.-]+)$/

/**
 * Looks for what a study has left after its last run: processes, locks, files, schemas; and whether
 * it is read back without a word of damage.
 */
export async function leftovers(
  place: Place,
  study: KilledStudy,
  { stdout, strike }: Ended,
  signal: AbortSignal,
): Promise<Fault[]> {
  const faults: Fault[] = []
  const left = (text: string): void => void faults.push({ kind: 'left', text })
  const read = await runClient(place, ['trials', study.name], null, signal)
  if (read.code !== 0 || read.stderr !== '') {
    faults.push({ kind: 'unreadable', text: `copylab trials said ${JSON.stringify(read.stderr)}` })
  }
  if (!(await untilQuiet(place.folder))) left('processes remain')
  for (const file of namesIn(join(place.studies, study.name))) {
    if (!/^[0-9a-f]{12}\.jsonl$/.test(file)) left(`the file ${file} beside the journal`)
  }
  // A study that has all its trials is read from disk: what a kill at its very end has left on the
  // server is for `copylab clean`.
  if (strike !== null || /^Read /m.test(stdout)) {
    const cleaned = await runClient(place, ['clean', '--yes'], null, signal)
    if (cleaned.code !== 0) left(`copylab clean said ${JSON.stringify(cleaned.stderr)}`)
  }
  const schemas = await schemasIn(place, signal)
  if (schemas.length > 0) left(`the schemas ${schemas.join(', ')}`)
  for (const slot of namesIn(place.servers)) {
    for (const file of namesIn(join(place.servers, slot))) {
      if (slot !== 'slot-1' || !belongs.test(file)) left(`${file} in ${slot}`)
    }
  }
  return faults
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : [])

function schemasIn({ servers }: Place, signal: AbortSignal): Promise<string[]> {
  return embedded({ folder: servers }).use(
    async ({ config }) => {
      const client = new pg.Client(config)
      await client.connect()
      try {
        const { rows } = await client.query<{ nspname: string }>(
          "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'copylab%'",
        )
        return rows.map(({ nspname }) => nspname)
      } finally {
        await client.end()
      }
    },
    { signal },
  )
}
