/**
 * Streams CSV files by postgres.js, for the server to parse: each connection takes one COPY of its
 * share of the files by size, without their headers. Connects by the PG* variables.
 *
 *   node postgres.mjs --workers N --table T FOLDER
 */

import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { filesOf, sharesOf } from '../programs/files.mjs'
import { password } from '../programs/password.mjs'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string' }, table: { type: 'string' } },
})

/** The bytes of files after their first lines. */
async function* recordsOf(files) {
  for (const file of files) {
    let isHeader = true
    for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 18 })) {
      const end = isHeader ? chunk.indexOf('\n') : -1
      if (!isHeader || end >= 0) yield chunk.subarray(end + 1)
      if (end >= 0) isHeader = false
    }
  }
}

try {
  const shares = sharesOf(filesOf(positionals[0]), Number(options.workers))
  const connections = shares.map(() =>
    postgres({
      max: 1,
      password: password(),
      ssl: process.env.PGSSLMODE === 'require' ? 'require' : false,
      connection: process.env.PGOPTIONS ? { options: process.env.PGOPTIONS } : {},
      fetch_types: false,
    }),
  )
  await Promise.all(connections.map((sql) => sql`select 1`))
  console.log('ready')
  await Promise.all(
    shares.map(async (share, k) => {
      const sql = connections[k]
      const columns = sql(JSON.parse(process.env.COPYLAB_COLUMNS))
      const copy = sql`copy ${sql.unsafe(options.table)} (${columns}) from stdin with (format csv)`
      await pipeline(recordsOf(share), await copy.writable())
    }),
  )
  console.log('done')
  process.exit(0)
} catch (error) {
  console.error(String(error).replaceAll('\n', ' '))
  process.exit(1)
}
