import { checkedFactors, selectTreatments } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { type Factor, listLevels, type Selection, varyingFactors } from '../../study/treatment.js'

/** How treatments are selected and grouped. */
export interface GroupOptions {
  /**
   * The factors in whose levels the treatments of a group agree.
   *
   * @default none: all form one group
   */
  readonly by?: Factor | readonly Factor[]
  /** Only treatments with these levels. */
  readonly where?: Selection
}

/**
 * Groups the selected treatments so that within a group one factor varies and no other, in the
 * order of the plan. Throws `RangeError` for an unknown factor, and where others vary within a
 * group, naming them, their levels and what to type.
 */
export function groupTreatments(study: Study, over: Factor, { by, where }: GroupOptions): Treatment[][] {
  checkedStudy(study)
  const named = checkedFactors('by', [by ?? []].flat())
  const groups = new Map<string, Treatment[]>()
  for (const treatment of selectTreatments(study, where)) {
    const key = JSON.stringify(named.map((factor) => treatment[factor]))
    groups.set(key, [...(groups.get(key) ?? []), treatment])
  }
  for (const group of groups.values()) {
    const open = varyingFactors(group).filter((factor) => factor !== over)
    if (open.length > 0) {
      const it = open.length === 1 ? 'it' : 'them'
      const remedy = `fix ${it} with \`where\`${by === undefined ? '' : ` or name ${it} in \`by\``}`
      throw new RangeError(
        `Expected \`${over}\` alone to vary, got ${listLevels(group, open)} together with it: ${remedy}`,
      )
    }
  }
  return [...groups.values()]
}
