import type { Treatment } from '../../study/treatment.js'
import type { Deviation } from './deviations.js'
import type { StudyFinding } from './study-finding.js'

/** The kinds of validity that Cook & Campbell (1979) distinguish. */
export type Validity = 'internal' | 'statistical conclusion' | 'construct' | 'external'

/** A limit of what the studies show. */
export type Limit =
  | { readonly kind: 'finding'; readonly finding: StudyFinding }
  | { readonly kind: 'no-control' }
  /** The controls found a difference between identical treatments. */
  | { readonly kind: 'told-apart' }
  /** A slow-down by this share was not detected. */
  | { readonly kind: 'slowdown-missed'; readonly by: number }
  /** Extra work of the client, by this share of the CPU time, was not detected. */
  | { readonly kind: 'work-missed'; readonly by: number }
  /** Trials without probes take another time. */
  | { readonly kind: 'probes-cost' }
  | { readonly kind: 'deviation'; readonly deviation: Deviation }
  | { readonly kind: 'notPreregistered' }
  /** Client and server ran on one machine. */
  | { readonly kind: 'shared-machine'; readonly cores: number }
  | { readonly kind: 'fsync-off' }
  | { readonly kind: 'empty-table'; readonly records: number; readonly sharedBuffers: string }
  | OneMachine
  | { readonly kind: 'one-input'; readonly input: string }
  | { readonly kind: 'levels'; readonly treatments: readonly Treatment[] }

/** The machine and the versions that the studies were measured on. */
export interface OneMachine {
  readonly kind: 'one-machine'
  readonly cores: number
  readonly cpu: string
  readonly platform: string
  readonly postgresql: string
  readonly server: string
  readonly node: string
  /** Number of days on which sessions began. */
  readonly days: number
}

/** A limit of what the studies show, with its kind of validity. Plain data. */
export interface Threat {
  readonly result: 'threat'
  readonly validity: Validity
  /** Names of the studies that it limits. */
  readonly studies: readonly string[]
  /** Whether it limits all studies that threats were looked for in. */
  readonly everywhere: boolean
  readonly limit: Limit
}
