import { duration, escapeHtml } from '../format.js'
import type { FailureCounts, Progress, StoredTrials } from '../study/study.js'
import type { CellDisplay } from './cell-display.js'

/** Counts of a study's progress so far. */
export interface ProgressSeen {
  /** Trials that ended while we watched; the others were read from disk. */
  readonly ran: number
  readonly elapsedMs: number
}

/**
 * Separator of the segments of a line of progress. The most important segment comes first, so that
 * a narrow line shows it.
 */
export const progressSeparator = ' - '

/**
 * One line of a study's progress: "block 2/6, 4 workers × 10,000 - 40 s left - 7 of 21 trials"; the
 * state of its primary contrast, where there is one, comes first and the running trial last; a
 * disturbance comes before both. The last line states how many trials were measured now and how
 * many were read from disk, of the latter when and where they were measured, and `freshOption`,
 * which measures them again.
 *
 * @default `freshOption` null: not named
 */
export function progressLine(
  { stage, message, done, total, etaMs, interim, warning, stored, failed }: Progress,
  { ran, elapsedMs }: ProgressSeen,
  freshOption: string | null = null,
): string {
  if (stage !== 'done') {
    const left = etaMs === null ? [] : [`${duration(etaMs)} left`]
    const many = total > 0 ? [`${done} of ${trials(total)}`] : []
    const first = warning === null ? [] : [warning]
    const segments = interim === null ? [message, ...left, ...many] : [interim, ...left, ...many, message]
    return [...first, ...segments].join(progressSeparator)
  }
  const fromDisk = `read from disk${stored ? ` (${origin(stored)}${freshOption === null ? '' : `; measure again with ${freshOption}`})` : ''}`
  const now = `measured now in ${duration(elapsedMs)}`
  const all =
    ran === 0
      ? `${trials(done)}, ${fromDisk}`
      : ran >= done
        ? `${trials(done)} ${now}`
        : `${trials(done)}: ${ran} ${now}, ${done - ran} ${fromDisk}`
  return [all, ...(failed ? failureTexts(failed) : [])].join(progressSeparator)
}

/** "1 failed and is run again by the next call", "2 failed and stand" */
function failureTexts({ again, standing }: FailureCounts): string[] {
  return [
    ...(again > 0 ? [`${again} failed and ${again === 1 ? 'is' : 'are'} run again by the next call`] : []),
    ...(standing > 0 ? [`${standing} failed and ${standing === 1 ? 'stands' : 'stand'}`] : []),
  ]
}

/** "measured 2026-11-26 on 2 cores, plan eea92392771f" */
function origin({ plan, firstDay, lastDay, cores }: StoredTrials): string {
  const days = firstDay === lastDay ? firstDay : `${firstDay} to ${lastDay}`
  return `measured ${days} on ${cores === 1 ? '1 core' : `${cores} cores`}, plan ${plan}`
}

/** The line, as a cell shows it, with a bar before it while there is something to wait for. */
export function progressDisplay(progress: Progress, seen: ProgressSeen): CellDisplay {
  const line = progressLine(progress, seen, 'fresh: true')
  const { stage, done, total } = progress
  const bar = stage === 'done' ? '' : `<progress max="${Math.max(total, 1)}" value="${done}"></progress> `
  return {
    data: { 'text/html': `<div>${bar}${escapeHtml(line)}</div>`, 'text/plain': line },
    metadata: { copylab: { progress: true } },
  }
}

function trials(count: number): string {
  return count === 1 ? '1 trial' : `${count} trials`
}
