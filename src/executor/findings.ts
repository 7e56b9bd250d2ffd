/** A hint or warning about validity. Every message ends in a remedy. */
export interface Finding {
  readonly code: FindingCode
  readonly message: string
}

export type FindingCode = 'stale-build' | 'no-checkpoint' | 'bad-records-skipped' | 'other-server-running' | 'few-cores'
