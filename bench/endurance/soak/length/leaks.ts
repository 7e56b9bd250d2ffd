import { openSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import pg from 'pg'

/** Things that a leak leaves behind each time. */
export const leakNames = ['descriptor', 'memory', 'buffer', 'connection', 'thread', 'table'] as const

export type LeakName = (typeof leakNames)[number]

const kept: unknown[] = []

/**
 * Leaves something behind for good, as a mistake in a trial would: an open file, 10,000 numbers,
 * 100 kB outside of the heap, a connection, a thread, or a table in a schema of copylab's name.
 */
export function leakOf(name: LeakName): void {
  switch (name) {
    case 'descriptor':
      openSync(process.execPath, 'r')
      return
    case 'memory':
      kept.push(Array.from({ length: 10_000 }, (_, k) => k + 0.5))
      return
    case 'buffer':
      kept.push(Buffer.alloc(100_000, 1))
      return
    case 'connection':
      kept.push(connect())
      return
    case 'thread':
      kept.push(new Worker('setInterval(() => {}, 1e9)', { eval: true }))
      return
    case 'table':
      kept.push(leaveTable(kept.length))
      return
    default:
      throw new TypeError(`Unknown leak ${name satisfies never}`)
  }
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await client.connect()
  return client
}

async function leaveTable(number: number): Promise<void> {
  const client = await connect()
  await client.query(
    `CREATE SCHEMA copylab_leak_${number}; CREATE TABLE copylab_leak_${number}.records (id int PRIMARY KEY)`,
  )
  await client.end()
}
