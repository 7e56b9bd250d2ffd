import type { Study } from '../../study/study.js'
import type { DamagedLines } from './study-finding.js'

/** Finds lines of the study's journal that are damaged, and are not counted. */
export function damagedLines({ journal, damaged }: Study): DamagedLines[] {
  return damaged.length === 0 ? [] : [{ result: 'finding', code: 'damaged-line', journal, lines: damaged, trials: [] }]
}
