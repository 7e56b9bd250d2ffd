import { performance } from 'node:perf_hooks'
import { progressLine } from '../../notebook/progress-display.js'
import type { Progress } from '../../study/study.js'
import { fittedLine } from './fitted-line.js'

/** Writes one line that is rewritten in place on a terminal, and one line per change elsewhere. */
export interface StatusLine {
  /** Shows a text, after a name where there is room for it. */
  show(text: string, name?: string): void
  /** Writes a line that stays, above the one that is rewritten. */
  note(text: string): void
  /** Ends the line, so that what follows starts on one of its own. */
  end(): void
}

/** A status line on standard error, where it does not mix with results. */
export function statusLine(stream: NodeJS.WriteStream = process.stderr): StatusLine {
  let last = ''
  return {
    show(text, name) {
      const line = name === undefined ? text : `${name}: ${text}`
      if (line === last) return
      last = line
      if (!stream.isTTY) {
        stream.write(`${line}\n`)
        return
      }
      // A character in the last column would make some terminals begin a new line.
      const columns = Math.max(20, (stream.columns || 80) - 1)
      stream.write(`\r\u001b[2K${line.length <= columns ? line : fittedLine(text, columns)}`)
    },
    note(text) {
      stream.write(stream.isTTY && last !== '' ? `\r\u001b[2K${text}\n` : `${text}\n`)
      last = ''
    },
    end() {
      if (stream.isTTY && last !== '') stream.write('\n')
      last = ''
    },
  }
}

/**
 * An `onProgress` that keeps a status line up to date: "made: block 2/6, 4 workers × 10,000 - 40 s
 * left - 7 of 21 trials". `freshOption` is the option that measures again what is on disk; null
 * where the command has none.
 */
export function progressOn(line: StatusLine, freshOption: string | null = null): (progress: Progress) => void {
  const begin = performance.now()
  let ran = 0
  return (progress) => {
    if (progress.trial) ran++
    line.show(progressLine(progress, { ran, elapsedMs: performance.now() - begin }, freshOption), progress.study)
  }
}
