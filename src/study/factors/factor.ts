/**
 * How a factor is entered: each kind of level says how it is checked, typed on a command line, and
 * put into words.
 */

/** What every entry of the list of factors states. */
export interface FactorFacts<Level> {
  /** The level of a treatment that does not name the factor. */
  readonly default: Level
  /** What the factor is called: "batch size". */
  readonly label: string
  /** What it changes, for the documentation and `--help`. */
  readonly summary: string
  /**
   * The journal format that the factor came with. A plan's hash leaves out a level that is the
   * default of a factor which is younger than format 2.
   */
  readonly since: number
  /**
   * The setting of the server by which it acts on the workers' connections; `settings` may not set
   * it too.
   */
  readonly serverSetting?: string
  /** Whether its level makes no difference to a treatment. */
  readonly withoutEffect?: (treatment: EffectContext) => boolean
}

/** The levels on which it depends whether another factor's level makes a difference. */
export interface EffectContext {
  readonly workers: number
  readonly batchSize: number
  readonly dispatch: string
  readonly target: string
  readonly recordsPerCopy: number | null
}

/** Whole numbers from `from`. */
export interface CountFactor extends FactorFacts<number> {
  readonly kind: 'count'
  readonly from: number
  /**
   * What is counted, one and several of it; null where the number alone says it, as a batch size
   * does.
   */
  readonly things: readonly [string, string] | null
}

/** Whole numbers from `from`, or null for no bound. */
export interface LimitFactor extends FactorFacts<number | null> {
  readonly kind: 'limit'
  readonly from: number
  readonly things: readonly [string, string]
  /** What null is called. */
  readonly unlimited: string
}

/** One of a few words. */
export interface ChoiceFactor<Level extends string> extends FactorFacts<Level> {
  readonly kind: 'choice'
  readonly levels: readonly Level[]
  /** What a level is called where its own word does not do. */
  readonly words?: { readonly [L in Level]?: string }
}

/** On or off. */
export interface SwitchFactor extends FactorFacts<boolean> {
  readonly kind: 'switch'
}

/**
 * A name whose meaning stands in the plan, hashed: lower-case letters, digits and `-`. The
 * default's name means what is there anyway.
 */
export interface NamedFactor<Meaning> extends FactorFacts<string> {
  readonly kind: 'named'
  /** How a level is typed on a command line. */
  readonly usage: string
  /** A meaning as it is written in code, for messages and documentation. */
  readonly example: string
  /** A meaning as it is typed after a level's name. Throws `TypeError` that says what to type. */
  parse(text: string): Meaning
  /**
   * Returns a meaning as the plan holds it. Throws `TypeError` that says what is wrong; `level` is
   * how it names the level.
   */
  check(level: string, given: unknown, context: MeaningContext): Meaning
}

/** What a meaning must not clash with. */
export interface MeaningContext {
  /** The settings of the server by which other factors act, and the names of these factors. */
  readonly settingsOfFactors: ReadonlyMap<string, string>
}

export type FactorEntry = CountFactor | LimitFactor | ChoiceFactor<string> | SwitchFactor | NamedFactor<unknown>

/** The type of an entry's levels. */
export type LevelOf<E extends FactorEntry> = E['default']

type Of<F> = Omit<F, 'kind'>

export const count = (entry: Of<CountFactor>): CountFactor => ({ kind: 'count', ...entry })
export const limit = (entry: Of<LimitFactor>): LimitFactor => ({ kind: 'limit', ...entry })
export const choice = <const Level extends string>(entry: Of<ChoiceFactor<Level>>): ChoiceFactor<Level> => ({
  kind: 'choice',
  ...entry,
})
export const onOff = (entry: Of<SwitchFactor>): SwitchFactor => ({ kind: 'switch', ...entry })
export const named = <Meaning>(entry: Of<NamedFactor<Meaning>>): NamedFactor<Meaning> => ({ kind: 'named', ...entry })
