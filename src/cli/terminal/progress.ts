import { performance } from 'node:perf_hooks'
import { progressLine } from '../../notebook/progress-display.js'
import type { Progress } from '../../study/study.js'

/** Writes one line that is rewritten in place on a terminal, and one line per change elsewhere. */
export interface StatusLine {
  show(text: string): void
  /** Ends the line, so that what follows starts on one of its own. */
  end(): void
}

/** A status line on standard error, where it does not mix with results. */
export function statusLine(stream: NodeJS.WriteStream = process.stderr): StatusLine {
  let last = ''
  return {
    show(text) {
      if (text === last) return
      last = text
      if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stream.columns || 80) - 1))}`)
      else stream.write(`${text}\n`)
    },
    end() {
      if (stream.isTTY && last !== '') stream.write('\n')
      last = ''
    },
  }
}

/**
 * An `onProgress` that keeps a status line up to date: "block 2/6, 4 workers × 10,000 - 7 of 21 trials - 40 s left". `anew` is the option, where
 * the command has one, that measures anew what is on disk.
 */
export function progressOn(line: StatusLine, anew: string | null = null): (progress: Progress) => void {
  const begin = performance.now()
  let ran = 0
  return (progress) => {
    if (progress.trial) ran++
    line.show(`${progress.study}: ${progressLine(progress, { ran, elapsedMs: performance.now() - begin }, anew)}`)
  }
}
