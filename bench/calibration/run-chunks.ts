import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Chunk } from './points.js'
import type { Tally } from './tally.js'

/**
 * Runs the chunks on as many threads as there are cores. The tallies stand in the order of the
 * chunks, whichever thread ran them.
 */
export async function runChunks(
  chunks: readonly Chunk[],
  { signal, onDone }: { readonly signal: AbortSignal; readonly onDone: (done: number) => void },
): Promise<Tally[]> {
  const tallies = new Array<Tally>(chunks.length)
  let next = 0
  let done = 0
  const runThread = async (): Promise<void> => {
    const thread = new Worker(new URL('./thread.js', import.meta.url))
    try {
      while (next < chunks.length) {
        const index = next++
        thread.postMessage(chunks[index]!)
        const [tally] = (await once(thread, 'message', { signal })) as [Tally]
        tallies[index] = tally
        onDone(++done)
      }
    } finally {
      await thread.terminate()
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, runThread))
  return tallies
}
