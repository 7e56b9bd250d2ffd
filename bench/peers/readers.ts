import { join } from 'node:path'
import { batchesOf10K, batchForms } from '../loading/loader.js'
import { peersFolder } from '../places.js'
import { type Arena, common, type Peer, script } from './peer.js'
import { installed, node, psql, python } from './tools.js'

const connected = 'from reading the first record to the last commit; connected before'
const whole = 'the whole command: start, connecting, reading, the last commit'

const reading = ({ csv, spelling = [] }: Arena): string[] => [...common, ...spelling, csv]

/** Peers whose batches are their own affair. */
const ownBatches = batchForms.slice(-1)

/** The server's own limit: it reads the CSV files itself. */
export const limitOfFiles: Peer = {
  name: 'limit: COPY FROM file',
  kind: 'limit',
  tool: node(),
  line: (tool, { csv }) => [tool, script('programs/server-copy.mjs'), ...common, '--csv', csv],
  clock: 'from the first statement to the last answer; connected before',
  settings: { format: 'csv', batches: 'one file each' },
  batches: ownBatches,
}

/** DuckDB's reader on all cores, and COPY by its postgres extension. */
export const duckDb: Peer = {
  name: 'DuckDB read_csv',
  tool: python('duckdb', 'duckdb-extension-postgres-scanner'),
  line: (tool, arena) => [tool, script('python/duckdb_csv.py'), ...reading(arena)],
  clock: connected,
  settings: { workersAre: 'instances in threads, each with its share of the files' },
  workers: [1, 2, 4],
  batches: ownBatches,
}

/** Programs that read CSV files. */
export const readers: readonly Peer[] = [
  duckDb,
  {
    name: 'Arrow and ADBC',
    tool: python('pyarrow', 'adbc-driver-postgresql'),
    line: (tool, arena) => [tool, script('python/adbc_csv.py'), ...reading(arena)],
    clock: connected,
    settings: { batches: 'one file each', workersAre: 'processes' },
    batches: ownBatches,
  },
  {
    name: 'psql \\copy, streams',
    tool: psql,
    line: (_, { csv }) => [process.execPath, script('programs/psql.mjs'), ...common, '--csv', csv],
    clock: 'from the first command to the last answer; processes started and connected before',
    settings: { format: 'csv', workersAre: 'processes, each with one COPY of its share of the files' },
    batches: ownBatches,
  },
  {
    name: 'timescaledb-parallel-copy',
    tool: installed(
      'timescaledb-parallel-copy',
      [join(peersFolder, 'bin', 'timescaledb-parallel-copy'), 'timescaledb-parallel-copy'],
      'GOBIN="$PWD/bench/peers/bin" go install github.com/timescale/timescaledb-parallel-copy/cmd/timescaledb-parallel-copy@v0.13.0',
    ),
    line: (tool, { joined }) => [
      process.execPath,
      ...[script('programs/parallel-copy.mjs'), ...common],
      ...['--batch-size', '{batchSize}', '--tool', tool, '--joined', joined!],
    ],
    clock: whole,
    settings: { format: 'csv', input: 'one file' },
  },
  {
    name: 'postgres.js, streams',
    tool: node('postgres'),
    line: (tool, arena) => [tool, script('node/postgres.mjs'), ...reading(arena)],
    clock: connected,
    settings: { format: 'csv', workersAre: 'connections, each with one COPY of its share of the files' },
    batches: ownBatches,
  },
  {
    name: 'pg-copy-streams-binary',
    tool: node('pg', 'pg-copy-streams', 'pg-copy-streams-binary', 'csv-parse'),
    line: (tool, arena) => [
      tool,
      script('node/pg-copy-streams-binary.mjs'),
      ...reading(arena),
      '--batch-size',
      '{batchSize}',
    ],
    clock: connected,
    settings: { encoding: 'binary', workersAre: 'connections on one event loop' },
    workers: [2],
    batches: [batchesOf10K],
  },
  {
    name: 'pgloader',
    tool: installed('pgloader', ['pgloader'], 'install it (Debian: apt-get install pgloader)'),
    line: () => ['sh', 'examples/loaders/pgloader/load.sh', '{workers}', '{batchSize}', '{table}', '{files}'],
    clock: whole,
    settings: { format: 'csv, in one stream from awk', workersAre: 'writers and one reader' },
    workers: [2],
    batches: [batchesOf10K],
  },
]
