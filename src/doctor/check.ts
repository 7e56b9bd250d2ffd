/** One thing that a study needs: what was found, and what to do where that is not enough. */
export interface DoctorCheck {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly found: string
  /** null when nothing is to be done. */
  readonly remedy: string | null
}

/** A check of what was found: a warning where there is a remedy, unless the state is told. */
export function check(name: string, found: string, remedy: string | null, state?: DoctorCheck['state']): DoctorCheck {
  return { name, found, remedy, state: state ?? (remedy === null ? 'ok' : 'warning') }
}
