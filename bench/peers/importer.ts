import { batchesOf10K } from '../loading/loader.js'
import { common, type Peer, script } from './peer.js'
import { python } from './tools.js'

/**
 * The importer of the working note, written out: csv, analysis, batches, one chunk per worker, all
 * awaited. It reads the flights' own files.
 */
export const importer: Peer = {
  name: 'Python importer: asyncio, asyncpg',
  tool: python('asyncpg'),
  line: (tool, { csv, records }) => [
    tool,
    ...[script('python/importer.py'), ...common],
    ...['--batch-size', '{batchSize}', '--limit', String(records), csv],
  ],
  clock: 'from the first record to the last commit; connected before',
  settings: { dispatch: 'split', encoding: 'binary', source: 'pipeline' },
  batches: [batchesOf10K],
}
