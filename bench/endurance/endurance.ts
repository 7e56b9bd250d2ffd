/** How much of a class of endurance is tried, and how it is followed. */
export interface EnduranceOptions {
  /** Share of the full numbers, above 0 and at most 1. */
  readonly share: number
  /** Seed of everything that is drawn. */
  readonly seed: number
  /** Told in words what is being done now. */
  readonly progress: (message: string) => void
  /** Aborted when the run is to stop: what was started is ended, temporary files are removed. */
  readonly signal: AbortSignal
}

/** One class of hardship; its result is plain JSON. */
export interface Endurance<Result extends object = object> {
  /** Its name for `--only`, and its key in bench/results/endurance.json. */
  readonly name: string
  /** One line for people. */
  readonly title: string
  /** Tries it, to the end whatever is found; throws only where it could not be tried. */
  run(options: EnduranceOptions): Promise<Result>
  /** What is not as it must be, one line each; empty where all held. */
  wrong(result: Result): readonly string[]
  /** Lines of plain text for the terminal. */
  show(result: Result): readonly string[]
}

/** A full number's share, at least one. */
export const shareOf = (full: number, { share }: Pick<EnduranceOptions, 'share'>): number =>
  Math.max(1, Math.round(full * share))
