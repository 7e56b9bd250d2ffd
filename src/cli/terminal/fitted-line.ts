import { progressSeparator } from '../../notebook/progress-display.js'

/**
 * Shortens a line of progress to at most `columns` characters: as many of its segments, in order,
 * as fit; a first segment that is too wide is cut.
 */
export function fittedLine(line: string, columns: number): string {
  const [first = '', ...others] = line.split(progressSeparator)
  if (first.length > columns) return shortened(first, columns)
  return others.reduce((shown, segment) => {
    const longer = `${shown}${progressSeparator}${segment}`
    return longer.length <= columns ? longer : shown
  }, first)
}

/**
 * Cuts a text to `columns` characters, ending in an ellipsis: after the last clause that fits, else
 * after the last word that is no number and has none after it, so that no number is separated from
 * its unit, and no interval from its other bound.
 */
function shortened(text: string, columns: number): string {
  const ends = [...text.matchAll(/ /g)]
    .map(({ index }) => index)
    .filter((end) => end <= columns - 2 && isOutside(text.slice(0, end)))
  const clause = ends.filter((end) => /[,;:]$/.test(text.slice(0, end))).at(-1)
  const word = ends.filter((end) => !/\d\S*$/.test(text.slice(0, end)) && !/^ [\d%]/.test(text.slice(end))).at(-1)
  const end = clause ?? word
  // A single word that is wider than the line, such as a path.
  if (end === undefined) return `${text.slice(0, columns - 1)}…`
  return `${text.slice(0, end).replace(/[,;:]$/, '')} …`
}

/** Whether a text ends outside of brackets. */
function isOutside(text: string): boolean {
  const count = (bracket: RegExp): number => text.match(bracket)?.length ?? 0
  return count(/[([]/g) <= count(/[)\]]/g)
}
