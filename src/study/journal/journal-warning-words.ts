import type { JournalWarning } from './journal-warning.js'

/** More damaged lines are counted rather than named. */
const mostNamed = 5

/** A warning in words, with its remedy; one text for each line that is named. */
export function journalWarningWords(warning: JournalWarning): string[] {
  switch (warning.kind) {
    case 'damaged': {
      const { journal, damaged } = warning
      const named = damaged.slice(0, mostNamed)
      const more = damaged.length - named.length
      return [
        ...named.map(({ line, reason }) => `${journal}:${line}: damaged: line ${line} ${reason}`),
        ...(more > 0 ? [`${journal}: ${more} more lines are damaged`] : []),
        `${journal}: what is damaged is not counted; restore the file from a copy, or run the same study again, which runs what is missing`,
      ]
    }
    case 'unproven':
      return [`${warning.journal} was written before lines carried digests, so a change inside a line may go unseen`]
    case 'refused':
      return [warning.error.message]
    default:
      throw new TypeError(`Unknown warning ${JSON.stringify(warning satisfies never)}`)
  }
}
