import { join } from 'node:path'
import { type Kernel, withKernel } from 'copylab/chapter'
import { projectRoot } from '#copylab/project.js'
import type { BenchOptions } from '../../part.js'
import { type Spread, spreadOf, spreadText } from '../../rounds/spread.js'

const minRepeats = 5
/** In milliseconds. */
const limits = { ready: 4000, read: 1000 } as const

const imports = `
import { readStudy } from 'copylab/executor'
import { claimOf, compare, contrastsOf, plotTotalTime, readClaims, sentencesOf } from 'copylab/analysis'
import { show } from 'copylab/notebook'
`
const reading = `
const study = readStudy('reference-workers')
show(plotTotalTime(study))
sentencesOf(compare(study, contrastsOf(claimOf(readClaims(), 'C1'))[0]))
`

export interface NotebookTimes {
  /** From the start of the kernel's process to its first answer, in milliseconds. */
  readonly kernelMs: Spread
  /** The cell that imports `copylab/executor`, `copylab/analysis` and `copylab/notebook`. */
  readonly importsMs: Spread
  /** Both: until the first cell has finished. */
  readonly readyMs: Spread
  /**
   * The cell that reads the reference study from disk, shows a figure and compares two treatments,
   * with its output received.
   */
  readonly readMs: Spread
  readonly limits: { readonly readyMs: number; readonly readMs: number }
  /** Whether the medians are below the limits. */
  readonly readyWithinLimit: boolean
  readonly readWithinLimit: boolean
}

/**
 * How long a notebook takes to be ready and to show a finished study, in a fresh kernel without
 * Jupyter for every repeat: as many as there are rounds, five at least.
 */
export async function measureNotebookTimes({ rounds, progress, signal }: BenchOptions): Promise<NotebookTimes> {
  const repeats = Math.max(minRepeats, rounds)
  const times: { kernelMs: number; importsMs: number; readMs: number }[] = []
  for (let repeat = 1; repeat <= repeats; repeat++) {
    progress(`notebook: kernel ${repeat} of ${repeats}`)
    const startedAt = performance.now()
    const one = await withKernel({ cwd: join(projectRoot, 'notebooks'), signal }, async (kernel) => {
      const kernelMs = performance.now() - startedAt
      return { kernelMs, importsMs: await timeCell(kernel, imports), readMs: await timeCell(kernel, reading) }
    })
    times.push(one)
  }
  const readyMs = spreadOf(times.map(({ kernelMs, importsMs }) => kernelMs + importsMs))
  const readMs = spreadOf(times.map((one) => one.readMs))
  return {
    kernelMs: spreadOf(times.map((one) => one.kernelMs)),
    importsMs: spreadOf(times.map((one) => one.importsMs)),
    readyMs,
    readMs,
    limits: { readyMs: limits.ready, readMs: limits.read },
    readyWithinLimit: readyMs.median < limits.ready,
    readWithinLimit: readMs.median < limits.read,
  }
}

async function timeCell(kernel: Kernel, code: string): Promise<number> {
  const startedAt = performance.now()
  const execution = await kernel.execute(code)
  const durationMs = performance.now() - startedAt
  const error = execution.error()
  if (error) throw new Error(`A cell failed: ${error.ename}: ${error.evalue}`)
  return durationMs
}

export function showNotebookTimes({ kernelMs, importsMs, readyMs, readMs, ...met }: NotebookTimes): string[] {
  const verdict = (within: boolean): string => (within ? 'met' : 'missed')
  return [
    `notebook ready: ${spreadText(readyMs)} ms (kernel ${kernelMs.median.toFixed(0)}, imports ${importsMs.median.toFixed(0)}; below ${limits.ready} ms: ${verdict(met.readyWithinLimit)})`,
    `notebook, a finished study read and shown: ${spreadText(readMs)} ms (below ${limits.read} ms: ${verdict(met.readWithinLimit)})`,
  ]
}
