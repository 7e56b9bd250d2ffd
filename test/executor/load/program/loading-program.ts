import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { LoaderProgram } from '../../../../src/study/factors/loaders.js'

const modules = createRequire(import.meta.url)

/**
 * A program that loads as a study's programs do: its files, one connection for each worker, found
 * by PG* and its password file. `what` is what it does wrong, if anything.
 */
const source = `
import { appendFileSync, createReadStream, readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream/promises'
import { createRequire } from 'node:module'
const require = createRequire(${JSON.stringify(modules.resolve('pg'))})
const pg = require('pg')
const { from } = createRequire(${JSON.stringify(modules.resolve('pg-copy-streams'))})('pg-copy-streams')
const [what, workers, given, ...named] = process.argv.slice(2)
const isLog = (name) => name.endsWith('.log')
const files = named.filter((name) => !isLog(name))
const password = readFileSync(process.env.PGPASSFILE, 'utf8').trim().split(':').at(-1)
const table = what === 'elsewhere' ? 'public.elsewhere' : given
async function load(mine) {
  const client = new pg.Client({ password })
  await client.connect()
  for (const file of mine) await pipeline(createReadStream(file), client.query(from('COPY ' + table + ' FROM STDIN (FORMAT csv, HEADER)')))
  if (what === 'insert') await client.query('INSERT INTO ' + table + ' SELECT * FROM ' + table + ' WHERE false')
  await client.end()
}
if (what === 'lines') { console.log('reading now'); await new Promise((then) => setTimeout(then, 100)) }
if (what === 'password') console.log('connecting with ' + password)
if (what === 'hangs') setInterval(() => {}, 1000)
if (what === 'forks') spawn('sleep', ['60'], { stdio: 'ignore' }).unref()
const chosen = what === 'nothing' ? [] : what === 'little' ? files.slice(1) : what === 'twice' ? [...files, ...files] : files
await Promise.all(Array.from({ length: Number(workers) }, (_, k) => load(chosen.filter((_, n) => n % workers === k))))
const statements = {
  keyless: 'ALTER TABLE ' + table + ' DROP CONSTRAINT records_pkey',
  unlogged: 'ALTER TABLE ' + table + ' SET UNLOGGED',
  drops: 'DROP TABLE ' + table,
  prepares: 'BEGIN; LOCK TABLE ' + table + " IN ROW EXCLUSIVE MODE; PREPARE TRANSACTION 'it''s left'",
}
if (what in statements) {
  const client = new pg.Client({ password })
  await client.connect()
  await client.query(statements[what])
  await client.end()
}
for (const log of named.filter(isLog)) appendFileSync(log, 'loaded\\n')
if (what === 'edits') appendFileSync(process.argv[1], '\\n// edited\\n')
if (what === 'lines') console.log('all is in')
if (what === 'leaves') {
  // A process of its own session that does not carry the mark of the run.
  const { COPYLAB_RUN, ...env } = process.env
  const lock = "const client = new pg.Client({ password: process.argv[1] }); await client.connect(); await client.query('BEGIN; LOCK TABLE ' + process.argv[2] + ' IN ROW EXCLUSIVE MODE'); console.log('locked'); client.on('error', () => process.exit()); setTimeout(() => process.exit(), 30000)"
  const source = "import { createRequire } from 'node:module'; const pg = createRequire(process.argv[3])('pg'); " + lock
  const args = ['--input-type=module', '-e', source, password, table, ${JSON.stringify(modules.resolve('pg'))}]
  const child = spawn(process.execPath, args, { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  await new Promise((locked) => child.stdout.once('data', locked))
  child.unref()
  child.stdout.destroy()
}
if (what === 'fails') { console.error('no more'); process.exitCode = 3 }
`

/** Writes that program into a folder, and returns it as a level of the factor `loader`. */
export function loadingProgram(folder: string, what = 'right', more: Partial<LoaderProgram> = {}): LoaderProgram {
  const path = join(folder, 'load.mjs')
  writeFileSync(path, source)
  return { command: process.execPath, args: [path, what, '{workers}', '{table}', '{files}'], ...more }
}
