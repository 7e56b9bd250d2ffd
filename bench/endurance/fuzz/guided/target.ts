/** A reader that is given bytes, such as a fuzzer makes them. */
export interface GuidedTarget {
  /** Its name for `--only`. */
  readonly name: string
  /** What it reads, for people. */
  readonly title: string
  /** Bytes to begin with. */
  seeds(): readonly Buffer[]
  /**
   * Returns the function that tries bytes and says in a word what came out; it rejects where that
   * must not be. Files that it needs are made in `folder`.
   */
  open(folder: string): (bytes: Buffer) => Promise<string>
}
