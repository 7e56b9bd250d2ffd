/**
 * `npm run bench`: runs the chosen parts one after the other, prints their tables, and with
 * `--write` keeps their results.
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Flags, readFlags, usage } from './flags.js'
import { machine } from './machine.js'
import type { BenchOptions, Part } from './part.js'
import { parts } from './parts/parts.js'
import { resultsFolder } from './places.js'
import { showProgress } from './show-progress.js'

async function runParts(chosen: readonly Part[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { rounds, records, peers } = flags
  for (const part of chosen) {
    const progress = (message: string): void => showProgress(`${part.name}: ${message}`)
    const options: BenchOptions = { rounds, records, peers, progress, signal }
    const result = await part.run(options).finally(() => showProgress(''))
    console.log([part.title, ...part.show(result), ''].join('\n'))
    if (flags.write) {
      mkdirSync(resultsFolder, { recursive: true })
      const date = new Date().toISOString()
      const written = { machine: machine(), date, options: { rounds, records, peers }, ...(result as object) }
      writeFileSync(join(resultsFolder, `${part.name}.json`), `${JSON.stringify(written, null, 1)}\n`)
    }
  }
}

async function main(): Promise<void> {
  const names = parts.map(({ name }) => name)
  const flags = readFlags(process.argv.slice(2), names)
  if (flags.help) {
    console.log(usage)
  } else if (flags.list) {
    for (const { name, title } of parts) console.log(`${name}: ${title}`)
  } else {
    const stop = new AbortController()
    process.once('SIGINT', () => stop.abort(new Error('Stopped by Ctrl-C')))
    process.once('SIGTERM', () => stop.abort(new Error('Stopped by SIGTERM')))
    try {
      await runParts(
        parts.filter(({ name }) => flags.only.includes(name)),
        flags,
        stop.signal,
      )
    } catch (error) {
      if (!stop.signal.aborted) throw error
      console.error((stop.signal.reason as Error).message)
      process.exitCode = 130
    }
  }
}

main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
