/**
 * Loaded into every thread (`--import`): threads of workers collect their garbage when their
 * process asks for it. By themselves they let their heaps grow to V8's limits first, some tens of
 * megabytes each, which takes thousands of short trials.
 */

import { BroadcastChannel, isMainThread } from 'node:worker_threads'

const channel = new BroadcastChannel('soak: collect garbage')
channel.unref()
if (!isMainThread) channel.onmessage = () => globalThis.gc?.()

/** Lets all other threads collect their garbage, which takes them a moment. */
export function collectInThreads(): void {
  channel.postMessage(null)
}
