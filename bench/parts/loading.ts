import { prepared } from '../loading/copylab.js'
import { batchForms, workerCounts } from '../loading/loader.js'
import { writeParts } from '../loading/parts.js'
import { race } from '../loading/race.js'
import { limit, senders } from '../peers/senders.js'

/** Loaders of records that are in memory, most of them as ready-made blocks. */
export const loading = race({
  name: 'loading',
  title: "Records that are in memory into the same table: the server's own limit, copylab, other loaders",
  peers: [limit, ...senders],
  ours: prepared,

  async prepare({ records, parts }, { contestants, connection }) {
    await contestants[0]!.variants[0]!.run()
    const sizes = workerCounts.flatMap((workers) => batchForms.map(({ sizeFor }) => sizeFor(records, workers)))
    await writeParts(connection, parts!, sizes)
  },
})
