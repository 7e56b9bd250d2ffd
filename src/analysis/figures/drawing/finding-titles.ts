import type { StudyFinding } from '../../validity/study-finding.js'

/** Names in legends of the findings, by code: "short trial". */
export const findingTitles: { readonly [C in StudyFinding['code']]: string } = {
  'autovacuum-in-trial': 'autovacuum at work',
  'blocked-in-trial': 'blocked by a lock',
  'busy-host': 'others used cores',
  'checkpoint-in-trial': 'checkpoint begun',
  'client-saturated': 'client at its limit',
  'clock-drift': 'clocks apart',
  'damaged-line': 'damaged line',
  drift: 'drift',
  'idle-workers': 'idle workers',
  'interrupted-in-trial': 'standstill',
  'large-batches': 'one batch is all',
  'level-without-effect': 'level without effect',
  'memory-growth': 'memory grows',
  'no-checkpoint': 'no checkpoint before it',
  'no-observer': 'not observed',
  'no-proc': '/proc not read',
  'pooler-between': 'a pooler between',
  'position-effect': 'effect of the position',
  'settings-changed': 'settings changed',
  'short-trials': 'too short',
  steal: 'cores taken by other machines',
  swap: 'swapping',
  'unequal-blocks': 'block not complete',
}
