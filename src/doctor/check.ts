/** The check of one thing that a study needs: its state, what was found, and the remedy. */
export interface DoctorCheck {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'problem'
  readonly found: string
  /** How to correct what was found; null when nothing is to be done. */
  readonly remedy: string | null
}

/**
 * Makes a check.
 *
 * @default `state` is 'warning' where there is a remedy, else 'ok'
 */
export function check(name: string, found: string, remedy: string | null, state?: DoctorCheck['state']): DoctorCheck {
  return { name, found, remedy, state: state ?? (remedy === null ? 'ok' : 'warning') }
}
