import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embedded } from 'copylab/executor'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tryCopiesAhead } from '../../bench/endurance/faults/copies-ahead.js'
import { tryFullJournals } from '../../bench/endurance/faults/full-journal.js'
import { tryNetwork } from '../../bench/endurance/faults/network.js'
import { tryRestarts } from '../../bench/endurance/faults/restarts.js'
import { withRunningServer } from '../../bench/endurance/faults/running-server.js'
import { noTrouble, type Trouble } from '../../bench/endurance/faults/trouble.js'
import type { FaultOptions } from '../../bench/endurance/faults/try-faults.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-faults-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const given = (moments: number, trouble: Trouble): FaultOptions => ({
  moments,
  seed: 7,
  folder: join(folder, 'studies'),
  trouble,
  progress: () => {},
  signal: new AbortController().signal,
})

const none = { ...noTrouble().counts }

// The long form of these: npm run test:endurance -- --only faults.
it('a network that fails at 12 moments of studies costs no record, no trial and no time without bound', async () => {
  const trouble = noTrouble()
  const tried = await embedded({ folder: join(folder, 'server') }).use((direct) =>
    tryNetwork(direct, { ...given(12, trouble), lasting: false }),
  )
  expect(trouble.examples).toEqual([])
  expect(trouble.counts).toEqual(none)
  expect(tried.moments).toBe(12)
  expect(tried.inMeasured).toBeGreaterThanOrEqual(4)
})

it('a server that is restarted at 4 moments of studies costs nothing either', async () => {
  const trouble = noTrouble()
  const tried = await withRunningServer(join(folder, 'server'), (server) => tryRestarts(server, given(4, trouble)))
  expect(trouble.examples).toEqual([])
  expect(tried.moments).toBe(4)
  expect(Object.keys(tried.byKind).sort()).toEqual(['crash', 'fast', 'immediate', 'smart'])
})

it('a disk that is full at 2 moments of a journal costs nothing either', async ({ skip }) => {
  const trouble = noTrouble()
  const tried = await embedded({ folder: join(folder, 'server') }).use((direct) =>
    tryFullJournals(direct, given(2, trouble)),
  )
  if ('skipped' in tried) return skip(tried.skipped)
  expect(trouble.examples).toEqual([])
  expect(tried.moments).toBe(2)
})

// The long form: npm run test:endurance -- --only copies-ahead.
it('connections that are killed at 9 moments while COPYs are ahead cost nothing either', async () => {
  const trouble = noTrouble()
  const tried = await embedded({ folder: join(folder, 'server') }).use((direct) =>
    tryCopiesAhead(direct, given(9, trouble)),
  )
  expect(trouble.examples).toEqual([])
  expect(trouble.counts).toEqual(none)
  expect(tried.moments).toBe(9)
  expect(Object.keys(tried.byKind).sort()).toEqual(['end', 'reset', 'terminate'])
  expect(tried.inMeasured).toBeGreaterThanOrEqual(6)
})
