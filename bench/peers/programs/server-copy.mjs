/**
 * The server's own limit: N backends read files by COPY … FROM, each the next one as soon as its
 * last one is in. No client sends a record. The server has to be on this machine, may have to read
 * the files as another user, and lets only a superuser do so. Connects by the PG* variables.
 *
 *   node server-copy.mjs --workers N --table T (--parts FOLDER | --csv FOLDER)
 */

import { parseArgs } from 'node:util'
import pg from 'pg'
import { filesOf } from './files.mjs'
import { password } from './password.mjs'

const { values: options } = parseArgs({
  options: {
    workers: { type: 'string' },
    table: { type: 'string' },
    parts: { type: 'string' },
    csv: { type: 'string' },
  },
})
const columns = JSON.parse(process.env.COPYLAB_COLUMNS).map(pg.escapeIdentifier).join(', ')
const files = filesOf(options.csv ?? options.parts)
const format = options.csv ? 'FORMAT csv, HEADER true' : 'FORMAT binary'

try {
  const clients = Array.from({ length: Number(options.workers) }, () => new pg.Client({ password: password() }))
  await Promise.all(clients.map((client) => client.connect()))
  console.log('ready')
  const queue = files.values()
  await Promise.all(
    clients.map(async (client) => {
      for (const file of queue) {
        await client.query(`COPY ${options.table} (${columns}) FROM ${pg.escapeLiteral(file)} (${format})`)
      }
    }),
  )
  console.log('done')
  await Promise.all(clients.map((client) => client.end()))
} catch (error) {
  console.error(String(error).replaceAll('\n', ' '))
  process.exit(1)
}
