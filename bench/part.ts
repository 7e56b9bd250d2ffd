/** How a run of the bench was asked for. */
export interface BenchOptions {
  /** Rounds that are measured; each runs every contestant once. */
  readonly rounds: number
  /** Flights that each run loads. */
  readonly records: number
  /** Whether other programs are measured too, those that are found. */
  readonly peers: boolean
  /** Told in words what is being done now. */
  readonly progress: (message: string) => void
  /** Aborted when the run is to stop: what was started is ended, temporary files are removed. */
  readonly signal: AbortSignal
}

/** One thing that is measured; its result is plain JSON. */
export interface Part<Result = unknown> {
  /** Its name for `--only`, and that of its file in bench/results. */
  readonly name: string
  /** One line for people. */
  readonly title: string
  /**
   * Measures. Throws when anything is not as it must be: a result never holds the time of a load
   * that was not verified.
   */
  run(options: BenchOptions): Promise<Result>
  /** Lines of a plain-text table for the terminal. */
  show(result: Result): string[]
}
