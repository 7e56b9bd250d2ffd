import type pg from 'pg'
import type { Finding } from '../findings.js'
import type { Probe, Probes } from '../readings.js'
import { createObserver } from './observer.js'
import { hasWaitSampling } from './wait-sampling.js'

/** What a session observes its trials with. */
export interface Observers {
  readonly probes: Probes
  /** The connection on which the server-side loop runs; null where no probe needs it, or where the server refused it. */
  readonly observer: pg.Client | null
  /** Why the server refused; null when it did not. */
  readonly observerRefusal: string | null
  /** Whether the server's own extension counts the waits. */
  readonly waitSampling: boolean
}

export const allProbes: Probes = { waits: true, backends: true, walIo: true, client: true }
const probeNames = Object.keys(allProbes) as Probe[]

/** Which probes are on: all unless told, none for `false`. Throws `TypeError` for a probe that does not exist. */
export function chosenProbes(chosen: Partial<Probes> | boolean = true): Probes {
  const given = typeof chosen === 'boolean' ? Object.fromEntries(probeNames.map((probe) => [probe, chosen])) : chosen
  for (const [name, on] of Object.entries(given)) {
    if (!(name in allProbes) || typeof on !== 'boolean') {
      throw new TypeError(
        `Expected \`probes\` to be true, false, or to switch some of ${probeNames.join(', ')}, got ${JSON.stringify(chosen)}`,
      )
    }
  }
  return { ...allProbes, ...given }
}

/** Prepares what the probes need in the study's schema. Where the server refuses, the probes that need it stay without readings. */
export async function prepareObservers(
  control: pg.Client,
  observer: pg.Client | null,
  schema: string,
  { probes, readsProc }: { readonly probes: Probes; readonly readsProc: boolean },
): Promise<Observers> {
  const waitSampling = probes.waits && (await hasWaitSampling(control))
  if (!observer) return { probes, observer: null, observerRefusal: null, waitSampling }
  try {
    await createObserver(control, schema, readsProc)
    return { probes, observer, observerRefusal: null, waitSampling }
  } catch (error) {
    return { probes, observer: null, observerRefusal: `the server refused: ${(error as Error).message}`, waitSampling }
  }
}

/** Doubts about what can be observed. */
export function observerFindings({ observerRefusal }: Observers): Finding[] {
  if (observerRefusal === null) return []
  return [
    {
      code: 'no-observer',
      message: `What the workers wait for cannot be seen (${observerRefusal}): let this user create functions in PL/pgSQL`,
    },
  ]
}

/** Whether any probe looks at the server while a trial runs. */
export function needsObserver(probes: Probes): boolean {
  return probes.waits || probes.backends || probes.walIo
}
