/** Bounds that a correct method has to meet. A bound that is null is none. */
export interface Criterion {
  readonly least: number | null
  readonly most: number | null
}

/** Something that is counted or averaged over simulated studies. */
export interface Quantity {
  /** The row of the report that it belongs to: the same for all points that ask the same. */
  readonly what: string
  /** `share` of the studies, or the mean of a `number`. */
  readonly unit: 'share' | 'number'
  /** Null where it is given for information. */
  readonly criterion: Criterion | null
  /** The criterion in words, where the points of a row have different ones. */
  readonly criterionText?: string
  /**
   * Where the method cannot meet the criterion: the property that it has instead, in one sentence.
   */
  readonly why?: string
}

/**
 * Value of each quantity in one simulated study: 1 and 0 for yes and no, or a number; null where it
 * says nothing.
 */
export type Draw<Key extends string = string> = { readonly [K in Key]: number | null }

/** Studies of one kind, drawn from one truth. */
export interface Point<Key extends string = string> {
  /** The kind in words: "ratio SD 5 %, 12 blocks". */
  readonly where: string
  /** Simulated studies for each round of the bench. */
  readonly studiesPerRound: number
  readonly quantities: { readonly [K in Key]: Quantity }
  /** Simulates one study and asks the analysis. */
  readonly draw: (seed: number) => Draw<Key>
}

export const yes = (holds: boolean): number => (holds ? 1 : 0)
export const atLeast = (least: number): Criterion => ({ least, most: null })
export const atMost = (most: number): Criterion => ({ least: null, most })

/** Whether an interval holds the truth; null without one. */
export function covers(
  interval: { readonly lower: number; readonly upper: number } | null,
  truth: number,
): number | null {
  return interval && yes(interval.lower <= truth && truth <= interval.upper)
}

/** "5 %" */
export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`
