import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import { monotonicMs } from '../../../src/executor/clock.js'
import { noOpenCopies } from '../../../src/executor/load/open-copies.js'
import { type Moment, standstillsBetween } from '../../../src/executor/probes/standstills/client-standstill.js'
import { askServer, collectBlockers } from '../../../src/executor/probes/standstills/server-answers.js'
import { collectStillCopies } from '../../../src/executor/probes/standstills/still-copies.js'

describe('standstillsBetween(before, after)', () => {
  const start: Moment = { at: 10_000, dayMs: 1_700_000_000_000, activeMs: 3_000 }
  const later = (passedMs: number, activeMs: number, dayMs = passedMs): Moment => ({
    at: start.at + passedMs,
    dayMs: start.dayMs + dayMs,
    activeMs: start.activeMs + activeMs,
  })

  it.each([
    ['a turn in time', later(20, 1), []],
    ['a turn that is late because the loop was busy, or had no core', later(5_000, 4_900), []],
    ['a turn that is as late as a busy machine makes it', later(900, 2), []],
    ['a process that was stopped', later(15_020, 20), [{ of: 'client', atMs: 10_000, ms: 15_000 }]],
    ['a busy process that was stopped', later(4_000, 2_500), [{ of: 'client', atMs: 10_000, ms: 1_500 }]],
    ['a machine that slept', later(20, 1, 60_020), [{ of: 'machine', atMs: 10_000, ms: 60_000 }]],
    ['a clock of the day that is set back', later(20, 1, -60_000), []],
    ['a clock of the day that is slewed', later(20, 1, 21), []],
  ])('of %s', (_, after, found) => {
    expect(standstillsBetween(start, after)).toEqual(found)
  })
})

describe('askServer', () => {
  /** A server that answers on demand, or is gone. */
  function server(): { answers: ReturnType<typeof askServer>; answer(): Promise<void>; end(): Promise<void> } {
    let waiting = { resolve: (_: unknown): void => {}, reject: (_: Error): void => {} }
    const query = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject }
      })
    const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
    return {
      answers: askServer({
        control: { query } as unknown as pg.Client,
        workers: { pids: [1], openCopies: noOpenCopies(1), fail: () => {} },
        readsProc: false,
      }),
      async answer() {
        // Who holds locks, and which workers are waited for.
        for (let question = 0; question < 2; question++) {
          waiting.resolve({ rows: [] })
          await settled()
        }
      },
      async end() {
        waiting.reject(new Error('terminated'))
        await settled()
      },
    }
  }
  const turns = (from: number, to: number): number[] =>
    Array.from({ length: (to - from) / 20 + 1 }, (_, k) => from + 20 * k)

  it('reports when no answer came for a second, though the client asked', async () => {
    const { answers, answer } = server()
    for (const at of turns(100, 1_700)) answers.turn(at)
    await answer()
    expect(await answers.stop()).toEqual({
      interruptions: [{ of: 'server', atMs: 100, ms: 1_580 }],
      blockers: [],
    })
  })

  it('does not take it for the server that the client came late to read the answer', async () => {
    const { answers, answer } = server()
    for (const at of [100, 120, 4_000]) answers.turn(at)
    await answer()
    expect((await answers.stop()).interruptions).toEqual([])
  })

  it('tells of the answer that had not come when the load ended', async () => {
    const { answers, answer } = server()
    for (const at of turns(100, 1_700)) answers.turn(at)
    const stopped = answers.stop()
    await answer()
    expect((await stopped).interruptions).toEqual([{ of: 'server', atMs: 100, ms: 1_580 }])
  })

  it('lets the load fail by a worker whose connection carries nothing', async () => {
    const openCopies = noOpenCopies(2)
    openCopies.set([1, 0])
    const query = async (sql: string) => ({
      rows: sql.includes('pg_stat_progress_copy') ? [{ point: 'idle' }, { point: 'idle' }] : [],
    })
    const said: string[] = []
    const answers = askServer({
      control: { query } as unknown as pg.Client,
      workers: { pids: [1, 2], openCopies, fail: ({ message }) => said.push(message) },
      readsProc: false,
      lostMs: 1_200,
    })
    while (said.length === 0) {
      Atomics.add(openCopies, 0, 1)
      answers.turn(monotonicMs())
      await pause(50)
    }
    expect(said[0]).toMatch(/^The connection of worker 0 carries nothing any more: for 1 s the server has waited/)
    expect((await answers.stop()).interruptions).toMatchObject([{ of: 'server' }])
  })

  it('asks no more once the connection is gone', async () => {
    const { answers, end } = server()
    answers.turn(100)
    await end()
    for (const at of turns(120, 5_000)) answers.turn(at)
    expect(await answers.stop()).toEqual({ interruptions: [], blockers: [] })
  })
})

describe('collectStillCopies', () => {
  /** Samples of two workers, each 250 ms after the one before, with the turns of their loops. */
  const samples = (...given: readonly (readonly [points: (string | null)[], turns: number[]])[]) => {
    const open = noOpenCopies(2)
    const still = collectStillCopies(open)
    for (const [k, [points, turns]] of given.entries()) {
      open.set(turns)
      still.add(250 * k, points)
    }
    return still
  }
  const nothing = [
    [null, null],
    [0, 0],
  ] as [null[], number[]]

  it('tells when server and worker waited for each other for a second', () => {
    const still = samples(
      nothing,
      [
        ['a', 'x'],
        [2, 3],
      ],
      [
        ['a', 'y'],
        [4, 6],
      ],
      [
        ['a', 'z'],
        [6, 9],
      ],
      [
        ['a', 'z'],
        [8, 1],
      ],
      [
        ['a', null],
        [11, 0],
      ],
    )
    expect(still.list()).toEqual([{ of: 'server', atMs: 250, ms: 1_000 }])
    expect(still.longest()).toEqual({ worker: 0, ms: 1_000 })
  })

  it('tells once what several workers met', () => {
    const long = (from: number): [string[], number[]][] =>
      Array.from({ length: 6 }, (_, k) => [
        ['a', k < from ? `${k}` : 'b'],
        [2 + 3 * k, 2 + 3 * k],
      ])
    expect(samples(...long(1), nothing).list()).toEqual([{ of: 'server', atMs: 0, ms: 1_250 }])
  })

  it.each([
    ['no COPY is open', ['a', 'a', 'a', 'a', 'a', 'a'], [0, 0, 0, 0, 0, 0]],
    ['the server receives', ['a', 'b', 'c', 'd', 'e', 'f'], [1, 4, 7, 10, 13, 16]],
    ['the backend works now and then', ['a', 'a', 'a', null, 'a', 'a'], [1, 4, 7, 10, 13, 16]],
    ['the loop of the worker does not turn', ['a', 'a', 'a', 'a', 'a', 'a'], [1, 1, 1, 2, 2, 2]],
    ['each COPY is another one', ['a', 'a', 'a', 'a', 'a', 'a'], [9, 6, 5, 4, 3, 2]],
  ])('tells nothing where %s', (_, points, turns) => {
    const still = samples(
      ...points.map((point, k): [(string | null)[], number[]] => [
        [point, null],
        [turns[k]!, 0],
      ]),
    )
    expect(still.list()).toEqual([])
    expect(still.longest()).toBeNull()
  })
})

describe('collectBlockers', () => {
  it('counts the time between samples that found somebody, once for all workers that wait', () => {
    const blockers = collectBlockers()
    const one = { pid: 7, user: 'reports', application: 'psql' }
    const other = { pid: 8, user: null, application: '' }
    blockers.add(100, [
      { waiting: 2, ...one },
      { waiting: 0, ...one },
    ])
    blockers.add(250, [
      { waiting: 0, ...one },
      { waiting: 1, ...other },
    ])
    blockers.add(400, [])
    blockers.add(500, [{ waiting: 0, ...one }])
    blockers.add(620, [{ waiting: 1, ...one }])
    expect(blockers.list()).toEqual([
      { ...one, workers: [0, 1, 2], waitedMs: 270 },
      { ...other, workers: [1], waitedMs: 0 },
    ])
  })
})
