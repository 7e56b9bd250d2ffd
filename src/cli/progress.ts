import type { Progress } from '../executor/types.js'

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
      if (stream.isTTY) stream.write(`\r\u001b[2K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`)
      else stream.write(`${text}\n`)
    },
    end() {
      if (stream.isTTY && last !== '') stream.write('\n')
      last = ''
    },
  }
}

/** A study's progress in one line: "quick-workers: block 2/6, 4 workers × 10,000 · 7 of 21 trials · 40 s left". */
export function progressText({ study, stage, message, done, total, etaMs }: Progress): string {
  if (stage === 'input' || stage === 'server') return `${study}: ${message}`
  const left = etaMs === null ? '' : ` · ${duration(etaMs)} left`
  return stage === 'done' ? `${study}: ${message}, done` : `${study}: ${message} · ${done} of ${total} trials${left}`
}

/** "40 s" or "3 min 20 s". */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
