/** One rule of several, of which the first that holds gives its word. */
export interface Rule<Word extends string, Of> {
  readonly word: Word
  /** The rule's condition in words, for the reader. */
  readonly when: string
  readonly holds: (of: Of) => boolean
}
