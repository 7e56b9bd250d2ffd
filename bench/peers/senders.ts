import { join } from 'node:path'
import { batchesOf10K } from '../loading/loader.js'
import { type Arena, common, type Peer, script } from './peer.js'
import { built, node, psql, python } from './tools.js'

const sending = ({ parts }: Arena): string[] => [...common, '--parts', join(parts!, '{batchSize}')]

const blocks = 'from the first COPY to the last commit; connected and blocks in memory before'

/** The server's own limit: it reads the same parts from files, so that no socket takes part. */
export const limit: Peer = {
  name: 'limit: COPY FROM file',
  kind: 'limit',
  tool: node(),
  line: (tool, arena) => [tool, script('programs/server-copy.mjs'), ...sending(arena)],
  clock: 'from the first statement to the last answer; connected before',
  settings: { encoding: 'binary' },
}

/** Programs that send records which are in memory. */
export const senders: readonly Peer[] = [
  {
    name: 'pgx, ready-made blocks',
    tool: built('bin/pgx-blocks', {
      library: 'pgx',
      lock: 'go/go.mod',
      version: /jackc\/pgx\/v5 v(\S+)/,
      remedy: 'go -C bench/peers/go build -o ../bin/pgx-blocks .',
    }),
    line: (tool, arena) => [tool, ...sending(arena)],
    clock: blocks,
    settings: { encoding: 'binary', workersAre: 'goroutines' },
  },
  {
    name: 'tokio-postgres, ready-made blocks',
    tool: built('rust/target/release/postgres-blocks', {
      library: 'tokio-postgres',
      lock: 'rust/Cargo.lock',
      version: /name = "tokio-postgres"\nversion = "([^"]+)"/,
      remedy: 'cargo build --release --locked --manifest-path bench/peers/rust/Cargo.toml',
    }),
    line: (tool, arena) => [tool, ...sending(arena)],
    clock: blocks,
    settings: { encoding: 'binary', workersAre: 'tasks' },
  },
  {
    name: 'psycopg, ready-made blocks',
    tool: python('psycopg', 'psycopg-binary'),
    line: (tool, arena) => [tool, script('python/psycopg_blocks.py'), ...sending(arena)],
    clock: blocks,
    settings: { encoding: 'binary', workersAre: 'threads' },
  },
  {
    name: 'psql \\copy, binary',
    tool: psql,
    line: (_, arena) => [process.execPath, script('programs/psql.mjs'), ...sending(arena)],
    clock: 'from the first command to the last answer; processes started and connected before, parts in files',
    settings: { encoding: 'binary', workersAre: 'processes' },
  },
  {
    name: 'asyncpg copy_records_to_table',
    tool: python('asyncpg', 'uvloop', 'pyarrow'),
    line: (tool) => [tool, script('python/asyncpg_records.py'), ...common, '--batch-size', '{batchSize}', '{files}'],
    clock: 'from the first COPY to the last commit, encoding included; connected and tuples in memory before',
    settings: { encoding: 'binary', loop: 'uvloop', workersAre: 'connections on one event loop' },
    workers: [1, 2, 4],
    batches: [batchesOf10K],
  },
]
