import type { Study } from '../../study/study.js'
import { isByProgram, type Treatment } from '../../study/treatment.js'
import { type Fragment, joined, phrase } from './phrase.js'

/**
 * What the time of a program's trials is: between its own two lines, or from its start to its exit.
 */
export interface ProgramClock {
  /** The level of the factor `loader`. */
  readonly loader: string
  readonly between: 'lines' | 'exit'
}

/** Returns the clocks of the programs that load in some of the treatments, each once. */
export function programClocks({ plan }: Pick<Study, 'plan'>, treatments: readonly Treatment[]): ProgramClock[] {
  const loaders = new Set(treatments.filter(isByProgram).map(({ loader }) => loader))
  return [...loaders].map((loader) => ({
    loader,
    between: plan.meanings.loader?.[loader]?.ready === undefined ? 'exit' : 'lines',
  }))
}

/** States what the programs' times are, to follow a sentence; empty where no program loads. */
export function clocksPhrase(clocks: readonly ProgramClock[]): Fragment {
  if (clocks.length === 0) return ''
  const words = clocks.map(({ loader, between }) =>
    between === 'exit'
      ? phrase`the time of loader ${loader} is from its start to its exit`
      : phrase`the time of loader ${loader} is that between its own two lines`,
  )
  return phrase`; ${joined(words, ', ')}`
}
