import type pg from 'pg'
import type { Finding } from '../../study/finding.js'
import type { Probes } from '../../study/readings.js'
import { createNodeObserver } from '../server/citus/node-samples.js'
import { refusalOfOthers } from './others.js'
import { createObserver } from './sampling/observer.js'
import { createTableObserver } from './sampling/table-users.js'
import { readTriggerCounting, type TriggerCounting } from './trigger-time.js'
import { hasWaitSampling } from './wait-sampling.js'

/** Connections and abilities that a session observes its trials with. */
export interface Observers {
  readonly probes: Probes
  /**
   * The connection on which the server-side loop runs; null where no probe needs it, or where the
   * server refused it.
   */
  readonly observer: pg.Client | null
  /**
   * The connection on which the loop runs that samples a cluster's nodes; null where no table is
   * distributed, where no probe needs it, or where the server refused it.
   */
  readonly nodeObserver: pg.Client | null
  /** Reason for which the server refused; null when it did not. */
  readonly observerRefusal: string | null
  /**
   * Reason why the use of the host's cores by others cannot be measured; null when it can, and
   * where the probe of the backends is off or cannot read `/proc`.
   */
  readonly othersRefusal: string | null
  /** Whether the server's own extension counts the waits. */
  readonly waitSampling: boolean
  /** How the time in trigger functions is counted; null where no trial has triggers. */
  readonly triggerCounting: TriggerCounting | null
}

/** What observers have to observe. */
interface ObservedTrials {
  readonly probes: Probes
  /** Whether `/proc` of the server's host is read. */
  readonly readsProc: boolean
  /** Whether triggers fire in some trial. */
  readonly firesTriggers: boolean
  /** Whether a program loads in some trial. */
  readonly runsPrograms: boolean
}

/**
 * Prepares what the probes need in the study's schema. Where the server refuses, the probes that
 * need it stay without readings.
 */
export async function prepareObservers(
  control: pg.Client,
  { observer, nodeObserver }: Pick<Observers, 'observer' | 'nodeObserver'>,
  schema: string,
  { probes, readsProc, firesTriggers, runsPrograms }: ObservedTrials,
): Promise<Observers> {
  const waitSampling = probes.waits && (await hasWaitSampling(control))
  const othersRefusal = readsProc ? await refusalOfOthers(control) : null
  const triggerCounting = firesTriggers && probes.walIo ? await readTriggerCounting(control) : null
  const own = { probes, othersRefusal, waitSampling, triggerCounting }
  if (!observer) return { ...own, observer: null, nodeObserver: null, observerRefusal: null }
  try {
    await createObserver(control, schema, readsProc)
    if (runsPrograms) await createTableObserver(control, schema, readsProc)
    if (nodeObserver) await createNodeObserver(control, schema)
    return { ...own, observer, nodeObserver, observerRefusal: null }
  } catch (error) {
    return {
      ...own,
      observer: null,
      nodeObserver: null,
      observerRefusal: `the server refused: ${(error as Error).message}`,
    }
  }
}

/** Findings about what cannot be observed. */
export function observerFindings({ observerRefusal }: Observers): Finding[] {
  if (observerRefusal === null) return []
  return [
    {
      code: 'no-observer',
      message: `What the workers wait for cannot be seen (${observerRefusal}): let this user create functions in PL/pgSQL`,
    },
  ]
}

/** Whether any probe reads from the server while a trial runs. */
export function needsObserver(probes: Probes): boolean {
  return probes.waits || probes.backends || probes.walIo
}
