import { expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import type { Context } from '../../../src/study/context.js'
import { asStored, packTrial, unpackTrial } from '../../../src/study/journal/journal-trial.js'
import { shapeFault } from '../../../src/study/journal/line-shape.js'
import { completeContext, completeTrial } from '../../../src/study/journal/stored-plan.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { madeContext } from './made-study.js'

const { plan, trials } = simulateStudy({ truth: () => ({ totalMs: 1000 }), observed: false })
const [trial] = trials as readonly [CompletedTrial]

it('completeTrial says of a trial of an older journal that nobody watched whether it was interrupted', () => {
  const { interruptions: _, blockers: __, ...older } = trial
  const reason = 'it was not watched for when the trial ran'
  expect(completeTrial(older as CompletedTrial, plan)).toEqual({
    ...trial,
    interruptions: null,
    blockers: null,
    missing: { ...trial.missing, interruptions: reason, blockers: reason },
  })
})

it('completeTrial leaves a trial as it is that was watched', () => {
  const watched = { ...trial, interruptions: [{ of: 'server' as const, atMs: 3, ms: 1_500 }], blockers: [] }
  expect(completeTrial(watched, plan)).toEqual(watched)
})

it("completeTrial gives a trial the plan's own treatment", () => {
  const [own] = plan.treatments
  expect(completeTrial({ ...trial, treatment: { ...own! } }, plan).treatment).toBe(own)
})

it('completeContext says of a session of an older journal that no contents of files were kept', () => {
  const { contents: _, ...input } = madeContext.input
  const older = { ...madeContext, input } as Context
  expect(shapeFault({ type: 'session', context: older })).toBeNull()
  expect(completeContext(older)).toEqual(madeContext)
})

it('completeContext says of a session of an older journal that no facts of machines and storage were kept', () => {
  const { machine: _, syncTime: __, syncMissing: ___, ...context } = madeContext
  const { machine: ____, storage: _____, ...server } = madeContext.server
  const older = { ...context, server } as Context
  expect(shapeFault({ type: 'session', context: older })).toBeNull()
  expect(completeContext(older)).toEqual(madeContext)
})

it('completeContext leaves facts of machines and storage as they are; those of another shape are damage', () => {
  const machine = { topology: { sockets: 1, cores: 2, threadsPerCore: 2 }, clockSource: null, missing: {} }
  const storage = { fileSystem: 'ext4', mount: 'root' as const, device: 'vda', model: null, missing: {} }
  const kept: Context = {
    ...madeContext,
    machine,
    server: { ...madeContext.server, machine, storage },
    syncTime: { of: 'commit', count: 200, medianMs: 0.5, p99Ms: 3 },
  }
  expect(shapeFault({ type: 'session', context: kept })).toBeNull()
  expect(completeContext(kept)).toEqual(kept)
  const wrong = { ...kept, syncTime: { ...kept.syncTime, count: 0 } }
  expect(shapeFault({ type: 'session', context: wrong })).toBe('its context.syncTime.count must be >= 1')
})

it('a trial of an older journal does not tell the workers’ connections apart; a later one does', () => {
  const [observed] = simulateStudy({ truth: () => ({ totalMs: 1000 }) }).trials as readonly [CompletedTrial]
  const { connections, workerConnections, ownConnections } = observed.serverSeries!
  expect(connections).toEqual(workerConnections.map((workers, k) => workers + ownConnections[k]!))
  expect(asStored(observed)).toMatchObject({
    serverSeries: { connections, workerConnections, ownConnections },
  })
  const changing = connections.map((_, k) => (k === 0 ? 2 : 0))
  const fewer = { ...observed, serverSeries: { ...observed.serverSeries!, workerConnections: changing } }
  expect(asStored(fewer)).toMatchObject({ serverSeries: { workerConnections: changing } })
  const line = JSON.parse(JSON.stringify(packTrial(observed))) as { serverSeries: object }
  const { workers: _, own: __, ...series } = line.serverSeries as { workers: unknown; own: unknown }
  const older = { ...line, serverSeries: series }
  expect(shapeFault({ type: 'trial', trial: older })).toBeNull()
  expect(unpackTrial(older)).toMatchObject({ serverSeries: { connections, workerConnections: [], ownConnections: [] } })
})

it('completeContext leaves the contents of files as they are; those without a digest are damage', () => {
  const kept = (sha256: string): Context => ({
    ...madeContext,
    input: { ...madeContext.input, contents: [{ name: 'a.csv', bytes: 3, sha256 }] },
  })
  const whole = kept('0f'.repeat(32))
  expect(shapeFault({ type: 'session', context: whole })).toBeNull()
  expect(completeContext(whole)).toEqual(whole)
  expect(shapeFault({ type: 'session', context: kept('0f') })).toMatch(
    /^its context\.input\.contents\.0\.sha256 must match pattern/,
  )
})
