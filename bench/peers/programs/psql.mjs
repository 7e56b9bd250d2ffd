/**
 * PostgreSQL's own client: N processes of psql that are connected before the clock. Parts go by
 * \copy, the next one to the next free psql; CSV files as one stream for each psql, its share of
 * them by size. Connects by the PG* variables.
 *
 *   node psql.mjs --workers N --table T (--parts FOLDER | --csv FOLDER)
 */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { filesOf, sharesOf } from './files.mjs'

const { values: options } = parseArgs({
  options: {
    workers: { type: 'string' },
    table: { type: 'string' },
    parts: { type: 'string' },
    csv: { type: 'string' },
  },
})
const workers = Number(options.workers)
const columns = JSON.parse(process.env.COPYLAB_COLUMNS)
  .map((name) => `"${name.replaceAll('"', '""')}"`)
  .join(', ')

/** For psql as for SQL. */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`
const quotedForShell = (text) => `'${text.replaceAll("'", `'\\''`)}'`
const copy = (source, format) => `\\copy ${options.table} (${columns}) from ${source} with (format ${format})`

/** One command a part: whoever is free takes the next one. */
function commandsOfParts() {
  const queue = filesOf(options.parts)
    .map((part) => copy(quoted(part), 'binary'))
    .values()
  return Array(workers).fill(queue)
}

/** One command a psql: the lines of its files but the headers. */
function commandsOfFiles() {
  return sharesOf(filesOf(options.csv), workers).map((files) => {
    const lines = `tail -q -n +2 -- ${files.map(quotedForShell).join(' ')}`
    return [copy(`program ${quoted(lines)}`, 'csv')].values()
  })
}

/** A psql that is told to do one thing after another; `tell` waits until it has done it. */
function startPsql() {
  const child = spawn('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1'], { stdio: ['pipe', 'inherit', 'pipe'] })
  child.once('error', fail)
  child.stdin.on('error', () => {})
  const complaints = []
  let answered = () => {}
  createInterface(child.stderr).on('line', (line) => {
    if (line === 'done') answered()
    else complaints.push(line)
  })
  child.once('close', (code) => {
    if (code !== 0) fail(complaints.join(' ') || `psql ended with exit code ${code}`)
  })
  return {
    child,
    tell: (command) =>
      new Promise((done) => {
        answered = done
        child.stdin.write(`${command}\n\\warn done\n`)
      }),
  }
}

function fail(reason) {
  console.error(String(reason))
  end()
}

function end() {
  for (const { child } of sessions) child.kill()
  process.exit(1)
}

const sessions = Array.from({ length: workers }, startPsql)
process.once('SIGTERM', end)
await Promise.all(sessions.map(({ tell }) => tell('')))
const queues = options.csv ? commandsOfFiles() : commandsOfParts()
console.log('ready')
await Promise.all(
  sessions.map(async ({ tell }, k) => {
    for (const command of queues[k] ?? []) await tell(command)
  }),
)
console.log('done')
for (const { child } of sessions) child.stdin.end()
