/** A damaged line of a journal, which is not used. */
export interface DamagedLine {
  /** Its place in the file, from 1; of missing lines the place of the line after them. */
  readonly line: number
  /** Description of the damage: "its digest does not match its text". */
  readonly reason: string
}

/** Maximum number of damaged lines that are named; more are counted. */
const maxNamed = 3

/** "data/studies/a/0123456789ab.jsonl:7: damaged, since …, and not counted". */
export function damageWarning(journal: string, damaged: readonly DamagedLine[]): string {
  const named = damaged.slice(0, maxNamed).map(({ line, reason }) => `${journal}:${line}: damaged, since ${reason}`)
  const more = damaged.length > maxNamed ? [`and ${damaged.length - maxNamed} more damaged lines of this journal`] : []
  return `${[...named, ...more].join('; ')}: not counted. The next call of the study measures what was lost, unless it ended early, or restore the file`
}

/** Returns the warning for a journal that was begun before lines carried digests. */
export function unsealedWarning(journal: string): string {
  return `${journal} has lines from before lines carried digests: damage inside one of them may go unseen`
}
