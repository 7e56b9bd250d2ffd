import type { Controls } from './plan.js'
import type { Treatment } from './treatment.js'
import type { Control } from './trial.js'

/** One control of a plan: the treatment that it repeats, and how much it adds to it. */
export interface PlannedControl {
  readonly control: Control
  readonly treatment: Treatment
  /** Share by which a control adds to the treatment; null for one that adds nothing. */
  readonly by: number | null
}

/** Every control, in the order in which they follow the treatments of a block. */
export const controlNames: readonly Control[] = ['aa', 'slowdown', 'work', 'unprobed']

/** What each control is called: alone, and as a treatment. */
export const controlWords: Readonly<Record<Control, { readonly label: string; readonly treatment: string }>> = {
  aa: { label: 'A/A', treatment: 'the identical treatment' },
  slowdown: { label: 'slow-down', treatment: 'the slowed-down treatment' },
  work: { label: 'extra work', treatment: 'the treatment with extra work' },
  unprobed: { label: 'no probes', treatment: 'the treatment without probes' },
}

/** Returns the controls that a plan has. */
export function plannedControls(controls: Controls): PlannedControl[] {
  return controlNames.flatMap((control): PlannedControl[] => {
    const own = controls[control]
    if (own === null) return []
    return 'treatment' in own ? [{ control, ...own }] : [{ control, treatment: own, by: null }]
  })
}

/** Returns the controls with their treatments changed by a function. */
export function withTreatments(controls: Controls, change: (treatment: Treatment) => Treatment): Controls {
  const { aa, slowdown, work, unprobed } = controls
  return {
    aa: aa && change(aa),
    slowdown: slowdown && { ...slowdown, treatment: change(slowdown.treatment) },
    work: work && { ...work, treatment: change(work.treatment) },
    unprobed: unprobed && change(unprobed),
  }
}
