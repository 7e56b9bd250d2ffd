import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { isByProgram, type Treatment } from '../../study/treatment.js'
import { type Fragment, joined, listed, phrase } from './phrase.js'

/**
 * What the time of a program's trials is: between its own two lines, or from its start to its exit.
 */
export interface ProgramClock {
  /** The level of the factor `loader`. */
  readonly loader: string
  readonly between: 'lines' | 'exit'
}

/** The metrics that are, or follow from, the time of a trial. */
const timed: readonly Metric[] = ['totalMs', 'recordsPerSecond']

/**
 * Returns the clocks of the programs that load in some of the treatments, each once; none for a
 * metric that is no time of theirs, or says by its name which one.
 */
export function programClocks(
  { plan }: Pick<Study, 'plan'>,
  treatments: readonly Treatment[],
  metric: Metric = 'totalMs',
): ProgramClock[] {
  if (!timed.includes(metric)) return []
  const loaders = new Set(treatments.filter(isByProgram).map(({ loader }) => loader))
  return [...loaders].map((loader) => ({
    loader,
    between: plan.meanings.loader?.[loader]?.ready === undefined ? 'exit' : 'lines',
  }))
}

/** States what the programs' times are, to follow a sentence; empty where no program loads. */
export function clocksPhrase(clocks: readonly ProgramClock[]): Fragment {
  const words = (['exit', 'lines'] as const).flatMap((between) => {
    const loaders = clocks.filter((clock) => clock.between === between).map(({ loader }) => loader)
    return loaders.length === 0 ? [] : [clockPhrase(loaders, between)]
  })
  return words.length === 0 ? '' : phrase`; ${joined(words, ', ')}`
}

function clockPhrase(loaders: readonly string[], between: ProgramClock['between']): Fragment {
  const [one] = loaders
  if (loaders.length === 1) {
    return between === 'exit'
      ? phrase`the time of loader ${one!} is from its start to its exit`
      : phrase`the time of loader ${one!} is that between its own two lines`
  }
  return between === 'exit'
    ? phrase`the times of loaders ${listed(loaders)} are from their start to their exit`
    : phrase`the times of loaders ${listed(loaders)} are those between their own two lines`
}
