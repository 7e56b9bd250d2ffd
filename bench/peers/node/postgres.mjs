/**
 * Streams CSV files by postgres.js, for the server to parse: each connection takes one COPY of its
 * share of the files by size, without their headers. Connects by the PG* variables.
 *
 *   node postgres.mjs --workers N --batch-size B --table T FILES…   (the batch size changes nothing)
 */

import { createReadStream, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import { password } from '../programs/password.mjs'

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string' }, 'batch-size': { type: 'string' }, table: { type: 'string' } },
})

/** The files in as many lists, balanced by size; no list is empty. */
function sharesOf(files, workers) {
  const shares = Array.from({ length: Math.min(workers, files.length) }, () => ({ bytes: 0, files: [] }))
  const sized = files.map((file) => ({ file, bytes: statSync(file).size })).sort((a, b) => b.bytes - a.bytes)
  for (const { file, bytes } of sized) {
    const smallest = shares.reduce((a, b) => (b.bytes < a.bytes ? b : a))
    smallest.files.push(file)
    smallest.bytes += bytes
  }
  return shares.map((share) => share.files)
}

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
  const shares = sharesOf(files, Number(options.workers))
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
