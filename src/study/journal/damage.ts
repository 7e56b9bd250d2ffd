/** A line of a journal that cannot be trusted, and is not counted. */
export interface DamagedLine {
  /** Its place in the file, from 1; of lines that are gone the place of the line after them. */
  readonly line: number
  /** What is wrong with it: "its digest is another than that of its text". */
  readonly reason: string
}

/** More are counted rather than named. */
const maxNamed = 3

/** "data/studies/a/0123456789ab.jsonl:7: damaged, since …, and not counted". */
export function damageWarning(journal: string, damaged: readonly DamagedLine[]): string {
  const named = damaged.slice(0, maxNamed).map(({ line, reason }) => `${journal}:${line}: damaged, since ${reason}`)
  const more = damaged.length > maxNamed ? [`and ${damaged.length - maxNamed} more damaged lines of this journal`] : []
  return `${[...named, ...more].join('; ')}: not counted. The next call of the study measures what was lost, unless it ended early, or restore the file`
}

/** Said of a journal that was begun before lines carried digests. */
export function unsealedWarning(journal: string): string {
  return `${journal} has lines from before lines carried digests: damage inside one of them may go unseen`
}
