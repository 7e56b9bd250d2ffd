import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'copylab/executor'
import pg from 'pg'
import type { Trouble } from './trouble.js'

/** Time that a server may take to end the backends of connections that are gone. */
const patienceMs = 60_000

/** Notes schemas and connections of copylab that are still on a server after its studies. */
export async function leftOn({ config }: Connection, trouble: Trouble): Promise<void> {
  const client = new pg.Client(config)
  await client.connect()
  try {
    for (const begun = performance.now(); ; await pause(200)) {
      const { rows } = await client.query<{ name: string }>(`
        SELECT 'schema ' || nspname AS name FROM pg_namespace WHERE starts_with(nspname, 'copylab')
        UNION ALL SELECT 'connection ' || application_name FROM pg_stat_activity
          WHERE starts_with(application_name, 'copylab/') AND backend_type = 'client backend'`)
      if (rows.length === 0) return
      if (performance.now() - begun < patienceMs) continue
      for (const { name } of rows) trouble.note('left', name)
      return
    }
  } finally {
    await client.end()
  }
}
