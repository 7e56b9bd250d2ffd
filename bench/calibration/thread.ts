/**
 * A thread of the calibration: given chunks one after the other, it answers each with its tally.
 */

import { parentPort } from 'node:worker_threads'
import { type Chunk, runChunk } from './points.js'

parentPort!.on('message', (chunk: Chunk) => parentPort!.postMessage(runChunk(chunk)))
