/**
 * Loaded into every thread (`--import`): threads of workers collect their garbage again and again,
 * as their process does itself before it reads its figures. By themselves they let their heaps
 * grow to V8's limits first, some tens of megabytes each, which takes thousands of short trials.
 */

import { isMainThread } from 'node:worker_threads'

/** Time between two collections of a thread, in milliseconds. */
const everyMs = 50

if (!isMainThread) setInterval(() => globalThis.gc?.(), everyMs).unref()
