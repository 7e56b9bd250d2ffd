import { describe, expect, it } from 'vitest'
import { activityOf } from '../../../src/analysis/explain/activities.js'
import { unifiedEvent, waitEventRow, waitEventRows } from '../../../src/study/journal/wait-events.js'

describe('unifiedEvent', () => {
  it.each([
    ['IO:WALSync', 'IO:WalSync'],
    ['IO:WALInitWrite', 'IO:WalInitWrite'],
    ['IO:SLRURead', 'IO:SlruRead'],
    ['IO:DSMAllocate', 'IO:DsmAllocate'],
    ['IPC:BufferIO', 'IPC:BufferIo'],
    ['IPC:ProcArrayGroupUpdate', 'IPC:ProcarrayGroupUpdate'],
    ['cpu/IO:WALWrite', 'cpu/IO:WalWrite'],
    ['LWLock:WALWrite', 'LWLock:WALWrite'],
    ['Buffer:BufferExclusive', 'Buffer:BufferExclusive'],
    ['cpu', 'cpu'],
  ])('unifiedEvent(%s) is %s', (event, unified) => expect(unifiedEvent(event)).toBe(unified))

  it('unifiedEvent changes nothing but the case of letters, and nothing that it has changed', () => {
    const names = waitEventRows.flatMap(({ event, before17 = {} }) =>
      Object.keys(before17).map((name) => `${event.split(':')[0]}:${name}`),
    )
    expect(names.length).toBe(new Set(names).size)
    for (const name of names) {
      const now = unifiedEvent(name)
      expect(now).not.toBe(name)
      expect(now.toLowerCase()).toBe(name.toLowerCase())
      expect(unifiedEvent(now)).toBe(now)
    }
  })
})

describe('waitEventRow', () => {
  it.each([
    ['Lock:extend', 'extension', true],
    ['Lock:transactionid', 'locks', true],
    ['LWLock:BufferContent', 'buffer', true],
    ['LWLock:BufferMapping', 'buffer', true],
    ['LWLock:WALWrite', 'wal', true],
    ['LWLock:ProcArray', 'locks', true],
    ['LWLock:of_an_extension', 'locks', true],
    ['Buffer:BufferShared', 'buffer', true],
    ['Buffer:BufferShareExclusive', 'buffer', true],
    ['Buffer:BufferExclusive', 'buffer', true],
    ['Buffer:BufferCleanup', 'buffer', false],
    ['BufferPin:BufferPin', 'buffer', false],
    ['IPC:BufferIo', 'buffer', false],
    ['IPC:SyncRep', 'wal', false],
    ['IPC:ParallelFinish', 'other', false],
    ['IO:DataFileExtend', 'extension', false],
    ['IO:DataFileWrite', 'io', false],
    ['IO:CopyFromRead', 'io', false],
    ['IO:WalSync', 'wal', false],
    ['Timeout:CommitDelay', 'wal', false],
    ['Timeout:SpinDelay', 'other', false],
    ['Client:ClientRead', 'client', false],
    ['Extension:Extension', 'other', false],
  ])('waitEventRow(%s) is %s, contention %s', (event, activity, contention) => {
    expect(waitEventRow(event)).toMatchObject({ activity, contention })
    expect(activityOf(event)).toBe(activity)
  })

  it('waitEventRow finds each row by an event of its own, so that none hides another', () => {
    for (const row of waitEventRows) expect(waitEventRow(row.event.replace('*', 'Xyz'))).toBe(row)
  })

  it('a wait for the content of a buffer is the same contention on 18 and on 19', () => {
    const content = (version: number) =>
      waitEventRows.filter(
        ({ activity, contention, from = 14, to = version }) =>
          activity === 'buffer' && contention && from <= version && version <= to,
      )
    expect(content(18).map(({ event }) => event)).toEqual(['LWLock:BufferContent', 'LWLock:BufferMapping'])
    expect(content(19).map(({ event }) => event)).toEqual([
      'LWLock:BufferMapping',
      'Buffer:BufferShared',
      'Buffer:BufferShareExclusive',
      'Buffer:BufferExclusive',
    ])
  })
})
