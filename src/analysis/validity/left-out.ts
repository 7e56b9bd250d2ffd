import type { Study } from '../../study/study.js'
import type { LevelsWithoutEffect } from './study-finding.js'

/**
 * Levels that were asked for and make no difference to a treatment that is run, so that it is run
 * once.
 */
export function levelsWithoutEffect({ plan: { leftOut } }: Study): LevelsWithoutEffect[] {
  return leftOut.length === 0 ? [] : [{ result: 'finding', code: 'level-without-effect', leftOut, trials: [] }]
}
