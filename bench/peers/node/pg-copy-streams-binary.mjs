/**
 * Parses CSV files by csv-parse, a file at a time (a stream takes it longer), encodes records in
 * binary by pg-copy-streams-binary and sends them by pg-copy-streams: N threads, each with one
 * connection, which take the next file from one queue, and one COPY for every batch. Connects by
 * the PG* variables.
 *
 *   node pg-copy-streams-binary.mjs --workers N --batch-size B --table T FOLDER
 *
 * The encoder knows times to the millisecond, and no numeric.
 */

import { readFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { parse } from 'csv-parse/sync'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import binary from 'pg-copy-streams-binary'
import { filesOf } from '../programs/files.mjs'
import { password } from '../programs/password.mjs'

/** How fields become values, by the type's name; the encoder takes a timestamp for a timestamptz. */
const converters = {
  bool: { type: 'bool', of: (text) => text === 't' || text === 'true' },
  float4: { type: 'float4', of: Number },
  float8: { type: 'float8', of: Number },
  int2: { type: 'int2', of: Number },
  int4: { type: 'int4', of: Number },
  int8: { type: 'int8', of: BigInt },
  text: { type: 'text', of: (text) => text },
  timestamp: { type: 'timestamptz', of: (text) => new Date(`${text.replace(' ', 'T')}Z`) },
  timestamptz: { type: 'timestamptz', of: (text) => new Date(text) },
  varchar: { type: 'varchar', of: (text) => text },
}

async function main() {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: { workers: { type: 'string' }, 'batch-size': { type: 'string' }, table: { type: 'string' } },
  })
  const job = {
    files: filesOf(positionals[0]),
    table: options.table,
    columns: JSON.parse(process.env.COPYLAB_COLUMNS),
    batchSize: Number(options['batch-size']),
    following: new Int32Array(new SharedArrayBuffer(4)),
  }
  const workers = Array.from(
    { length: Number(options.workers) },
    () => new Worker(new URL(import.meta.url), { workerData: job }),
  )
  const said = () =>
    Promise.all(
      workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))),
    )
  await said()
  console.log('ready')
  const loaded = said()
  for (const worker of workers) worker.postMessage('begin')
  await loaded
  console.log('done')
}

/** How the empty string may stand in a file; the same within a text only costs time. */
const emptyFields = [',', '\n'].flatMap((before) => [',', '\n', '\r'].map((after) => `${before}""${after}`))

/** An encoder that holds all bytes of a batch. */
const encoderOfBatch = () => binary.rowWriter({ readableHighWaterMark: 2 ** 30, writableHighWaterMark: 2 ** 20 })

async function work({ files, table, columns, batchSize, following }) {
  const client = new pg.Client({ password: password() })
  await client.connect()
  const { rows } = await client.query(
    `SELECT a.attname AS name, t.typname AS type FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
     WHERE a.attrelid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
    [table],
  )
  const types = new Map(rows.map(({ name, type }) => [name, type]))
  const convert = columns.map((name) => {
    const type = types.get(name)
    if (!(type in converters)) throw new TypeError(`column ${name}: no encoder for ${type}`)
    return converters[type]
  })
  const statement = `COPY ${table} (${columns.map(pg.escapeIdentifier).join(', ')}) FROM STDIN (FORMAT binary)`

  const cast = (text, { quoting }) => (text === '' && !quoting ? null : text)
  let encoder = encoderOfBatch()
  let count = 0

  /** One COPY, one message. */
  async function send() {
    encoder.end()
    const bytes = encoder.read()
    await finished(client.query(copyFrom(statement)).end(bytes))
    encoder = encoderOfBatch()
    count = 0
  }

  parentPort.postMessage('ready')
  await new Promise((resolve) => parentPort.once('message', resolve))
  for (let at = Atomics.add(following, 0, 1); at < files.length; at = Atomics.add(following, 0, 1)) {
    const bytes = readFileSync(files[at])
    // An empty field is NULL and "" the empty string; to tell them apart takes csv-parse several times as long.
    const hasEmpty = emptyFields.some((text) => bytes.includes(text))
    const records = parse(bytes, hasEmpty ? { from_line: 2, cast } : { from_line: 2 })
    for (const record of records) {
      encoder.write(
        record.map((text, k) => {
          const { type, of } = convert[k]
          return { type, value: text === null || (text === '' && !hasEmpty) ? null : of(text) }
        }),
      )
      count += 1
      if (count === batchSize) await send()
    }
  }
  if (count > 0) await send()
  await client.end()
  parentPort.postMessage('done')
}

if (isMainThread) {
  try {
    await main()
  } catch (error) {
    console.error(String(error).replaceAll('\n', ' '))
    process.exit(1)
  }
} else {
  await work(workerData)
}
