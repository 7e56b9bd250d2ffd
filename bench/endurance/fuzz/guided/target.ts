/** A reader that is given bytes, such as a fuzzer makes them. */
export interface GuidedTarget {
  /** Its name for `--only`. */
  readonly name: string
  /** What it reads, for people. */
  readonly title: string
  /** Makes it ready; files that it needs are made in `folder`. */
  open(folder: string): OpenTarget
}

/** A reader that is ready. */
export interface OpenTarget {
  /** Bytes to begin with. */
  readonly seeds: readonly Buffer[]
  /** Texts that mean something to it, to be put in anywhere. */
  readonly words: readonly string[]
  /** Tries bytes and says in a word what came out. Rejects where that must not be. */
  outcome(bytes: Buffer): Promise<string>
}
