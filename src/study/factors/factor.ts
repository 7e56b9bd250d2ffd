/**
 * Kinds of entries in the list of factors: each kind of level defines how it is checked, typed on a
 * command line, and described.
 */

/** Fields of every entry of the list of factors. */
export interface FactorFacts<Level> {
  /** The level of a treatment that does not name the factor. */
  readonly default: Level
  /** Label of the factor: "batch size". */
  readonly label: string
  /** Description of the factor, for the documentation and `--help`. */
  readonly summary: string
  /**
   * The journal format that introduced the factor. A plan's hash leaves out the default level of a
   * factor introduced after format 2.
   */
  readonly since: number
  /**
   * Setting of the server by which the factor acts on the workers' connections; `settings` may not
   * set it too.
   */
  readonly serverSetting?: string
  /** Whether the factor's level has no effect on a treatment. */
  readonly withoutEffect?: (treatment: EffectContext) => boolean
  /** Reason for this, where it is not that the null trial has no table. */
  readonly whyWithoutEffect?: string
}

/** Levels that decide whether the level of another factor has an effect. */
export interface EffectContext {
  readonly workers: number
  readonly batchSize: number
  readonly dispatch: string
  readonly target: string
  readonly source: string
  readonly recordsPerCopy: number | null
  readonly copiesAhead: number
  readonly tables: string
  readonly existingRows: number
  readonly loader: string
}

/** Whole numbers from `from`. */
export interface CountFactor extends FactorFacts<number> {
  readonly kind: 'count'
  readonly from: number
  /**
   * Singular and plural of the things counted; null where the number alone is clear, as for a batch
   * size.
   */
  readonly things: readonly [string, string] | null
}

/** Whole numbers from `from`, or null for no bound. */
export interface LimitFactor extends FactorFacts<number | null> {
  readonly kind: 'limit'
  readonly from: number
  readonly things: readonly [string, string]
  /** Text for null. */
  readonly unlimited: string
}

/** A level that is one of several words. */
export interface ChoiceFactor<Level extends string> extends FactorFacts<Level> {
  readonly kind: 'choice'
  readonly levels: readonly Level[]
  /** Text for levels whose own word is not clear enough. */
  readonly words?: { readonly [L in Level]?: string }
}

/** On or off. */
export interface SwitchFactor extends FactorFacts<boolean> {
  readonly kind: 'switch'
}

/** A text with a syntax of its own. */
export interface SpelledFactor extends FactorFacts<string> {
  readonly kind: 'spelled'
  /** Syntax of a level, for messages and `--help`: "0, spin:20 or sleep:20". */
  readonly usage: string
  /**
   * Returns what a level means. Throws `TypeError` for a text that is no level, or that is spelled
   * otherwise.
   */
  readonly parse: (text: string) => unknown
  /** Text for a level. */
  readonly words: (level: string) => string
}

/**
 * A name whose meaning is part of the hashed plan: lower-case letters from a to z, digits and `-`.
 * The default's name changes nothing.
 */
export interface NamedFactor<Meaning> extends FactorFacts<string> {
  readonly kind: 'named'
  /** Syntax of a level on a command line. */
  readonly usage: string
  /** A meaning as it is written in code, for messages and documentation. */
  readonly example: string
  /** Whether a level may be typed by its name alone, and a file then holds its meaning. */
  readonly isInFile?: boolean
  /**
   * Parses a meaning as it is typed after a level's name. Throws `TypeError` that states what to
   * type.
   */
  parse(text: string): Meaning
  /**
   * Checks a meaning and returns it as the plan holds it. Throws `TypeError` that states what is
   * wrong; `level` is the name of the level in messages.
   */
  check(level: string, given: unknown, context: MeaningContext): Meaning
}

/** Settings that a meaning must not contain. */
export interface MeaningContext {
  /** Settings of the server that other factors make, with the names of these factors. */
  readonly settingsOfFactors: ReadonlyMap<string, string>
}

/** What is known of one factor: its kind of levels, its default, and the words for it. */
export type FactorEntry =
  | CountFactor
  | LimitFactor
  | ChoiceFactor<string>
  | SwitchFactor
  | SpelledFactor
  | NamedFactor<unknown>

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
export const spelled = (entry: Of<SpelledFactor>): SpelledFactor => ({ kind: 'spelled', ...entry })
export const named = <Meaning>(entry: Of<NamedFactor<Meaning>>): NamedFactor<Meaning> => ({ kind: 'named', ...entry })
