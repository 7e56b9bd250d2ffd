import { expect, test } from 'vitest'
import { designOf } from '../../src/study/design.js'
import { defaultTreatment, treatmentLabel } from '../../src/study/treatment.js'

const loader = { copylab: {}, mine: { command: 'sh' } }
const untaken = {
  dispatch: 'queue',
  client: 'threads',
  encoding: 'binary',
  source: 'prepared',
  target: 'nothing',
  synchronousCommit: false,
  recordsPerCopy: 10,
  settings: { flush: { backend_flush_after: '256kB' } },
  tables: 'per-worker',
  freeze: true,
} as const

test('a program is not said to have a level that it does not take, be it the only one', () => {
  for (const [factor, level] of Object.entries(untaken)) {
    const { treatments, leftOut } = designOf({ workers: 1, [factor]: level, loader })
    const [own, mine] = treatments
    expect(own).toMatchObject({ loader: 'copylab', [factor]: typeof level === 'object' ? 'flush' : level })
    expect([factor, mine]).toEqual([factor, { ...defaultTreatment, workers: 1, loader: 'mine' }])
    expect(leftOut).toMatchObject([{ sameAs: mine, factors: [factor] }])
    expect(treatmentLabel(mine!, treatments)).toBe('1 worker × 10,000, loader mine')
  }
})

test('a program takes everything about the table', () => {
  const table = { secondaryIndexes: 1, persistence: 'unlogged', indexBuild: 'after', existingRows: 5 } as const
  expect(designOf({ ...table, loader: { mine: loader.mine } })).toMatchObject({
    treatments: [{ ...table, loader: 'mine' }],
    leftOut: [],
  })
})
