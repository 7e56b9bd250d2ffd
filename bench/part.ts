export interface BenchOptions {
  readonly rounds: number
  readonly records: number
  readonly peers: boolean
  readonly progress: (message: string) => void
  readonly signal: AbortSignal
}

/** One thing that is measured; its result is plain JSON. */
export interface Part<Result = unknown> {
  readonly name: string
  readonly title: string
  run(options: BenchOptions): Promise<Result>
  /** Lines of a plain-text table for the terminal. */
  show(result: Result): string[]
}
