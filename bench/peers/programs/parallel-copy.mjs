/**
 * timescaledb-parallel-copy as a loader of the bench: `--tool PATH --workers N --batch-size B --table T
 * --joined FILE`, where FILE holds all records without a header. Everything that the tool does is between
 * the lines `ready` and `done`.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

const names = ['tool', 'workers', 'batch-size', 'table', 'joined']
const { values } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: 'string' }])) })
const [schema, table] = [...values.table.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
  ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
)

console.log('ready')
const tool = spawn(
  values.tool,
  [
    // The PG* variables tell the rest; what stands here is what the tool would set otherwise.
    `--connection=sslmode=${process.env.PGSSLMODE ?? 'disable'}`,
    `--schema=${schema}`,
    `--table=${table}`,
    `--columns=${JSON.parse(process.env.COPYLAB_COLUMNS).join(',')}`,
    `--file=${values.joined}`,
    `--workers=${values.workers}`,
    `--batch-size=${values['batch-size']}`,
    // A batch ends at so many bytes too; it is to end at its records.
    `--batch-byte-size=${1 << 28}`,
  ],
  { stdio: ['ignore', process.stderr, process.stderr] },
)
process.once('SIGTERM', () => tool.kill('SIGTERM'))
const [code, signal] = await once(tool, 'close')
if (code !== 0) {
  console.error(`timescaledb-parallel-copy ended with ${signal ?? `exit code ${code}`}`)
  process.exit(1)
}
console.log('done')
