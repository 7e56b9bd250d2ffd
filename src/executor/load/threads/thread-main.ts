/**
 * The entry of a worker thread of the pool: it takes jobs, one after the other, until it is
 * terminated.
 */

import { parentPort } from 'node:worker_threads'
import { compileAnalyse } from '../../input/csv/compile-analyse.js'
import type { AnalyseFields } from '../../input/csv/csv-file.js'
import type { ThreadOrder } from './thread-job.js'
import { serveJob } from './thread-worker.js'

/** Compiled once: a function compiled again for each trial would start cold. */
const compiled = new Map<string, AnalyseFields>()

function compile(source: string): AnalyseFields {
  const known = compiled.get(source)
  if (known) return known
  const analyse = compileAnalyse(source, 'thread')
  compiled.set(source, analyse)
  return analyse
}

parentPort?.on('message', (order: ThreadOrder) => serveJob(order, compile))
