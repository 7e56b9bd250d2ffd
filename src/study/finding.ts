/** A hint or warning about validity. Every message ends in a remedy. */
export interface Finding {
  readonly code: FindingCode
  readonly message: string
}

/** Code of a finding: names the doubt about validity, whatever its message says. */
export type FindingCode =
  | 'stale-build'
  | 'no-checkpoint'
  | 'no-proc'
  | 'no-observer'
  | 'pooler-between'
  | 'server-not-restarted'
  | 'shared-nodes'
  | 'unequal-nodes'
  | 'left-out-parts'
  | 'unverified-columns'
  | 'bad-records-skipped'
  | 'other-server-running'
  | 'idle-workers'
  | 'large-batches'
  | 'long-round-trips'
  | 'client-saturated'
  | 'interrupted-in-trial'
  | 'blocked-in-trial'
  | 'checkpoint-in-trial'
  | 'autovacuum-in-trial'
  | 'busy-host'
  | 'steal'
  | 'swap'
  | 'clock-drift'
  | 'short-trials'
  | 'position-effect'
  | 'drift'
  | 'memory-growth'
  | 'settings-changed'
  | 'unequal-blocks'
  | 'level-without-effect'
  | 'damaged-line'
