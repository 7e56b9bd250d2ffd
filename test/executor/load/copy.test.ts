import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { copyWith } from '../../../src/executor/load/copy.js'
import { backendPid } from '../../../src/executor/load/event-loop.js'
import { useScratchDatabase } from '../scratch-server.js'

const database = useScratchDatabase()
const never = new AbortController().signal

/** Text payload of n rows of 1,000 bytes. */
const payloadOf = (rows: number): Buffer => Buffer.from(`${'x'.repeat(999)}\n`.repeat(rows))

describe('copyWith(client, sql)', () => {
  beforeEach(async () => {
    await database().query('DROP TABLE IF EXISTS taken; CREATE TABLE taken (v text)')
  })
  const stored = async (): Promise<number> =>
    (await database().query<{ n: number }>('SELECT count(*)::int AS n FROM taken')).rows[0]!.n

  test.each([0, 1, 900, 9_000])('loads %d rows by one COPY, then as many by the next', async (rows) => {
    const copy = copyWith(database(), 'COPY taken FROM STDIN')
    for (const time of [1, 2]) {
      const { records, backPressureMs, commitMs } = await copy(payloadOf(rows), rows, never)
      expect(records).toBe(rows)
      expect(Math.min(backPressureMs, commitMs)).toBeGreaterThanOrEqual(0)
      expect(await stored()).toBe(time * rows)
    }
  })

  test.each(['COPY gone FROM STDIN', 'COPY taken FROM STDIN (FORMAT nonsense)', 'COPY taken FROM nowhere STDIN'])(
    'leaves the connection usable when the server refuses: %s',
    async (sql) => {
      for (const rows of [1, 9_000]) {
        await expect(copyWith(database(), sql)(payloadOf(rows), rows, never)).rejects.toMatchObject({
          severity: 'ERROR',
        })
        await expect(copyWith(database(), 'COPY taken FROM STDIN')(payloadOf(2), 2, never)).resolves.toMatchObject({
          records: 2,
        })
      }
      expect(await stored()).toBe(4)
    },
  )

  test('stores nothing of a payload that the server refuses in its midst, and leaves the connection usable', async () => {
    const payload = Buffer.concat([payloadOf(3_000), Buffer.from('two\tcolumns\n'), payloadOf(6_000)])
    const copy = copyWith(database(), 'COPY taken FROM STDIN')
    await expect(copy(payload, 9_001, never)).rejects.toThrow('extra data after last expected column')
    expect(await stored()).toBe(0)
    expect(await copy(payloadOf(2), 2, never)).toMatchObject({ records: 2 })
  })

  test('rolls back when it is aborted, before or during the COPY, and leaves the connection usable', async () => {
    const copy = copyWith(database(), 'COPY taken FROM STDIN')
    await expect(copy(payloadOf(2), 2, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 5)
    await expect(copy(payloadOf(90_000), 90_000, stop.signal)).rejects.toThrow('enough')
    expect(await stored()).toBe(0)
    expect(await copy(payloadOf(2), 2, never)).toMatchObject({ records: 2 })
  })
})

describe('COPYs that are sent ahead', () => {
  let loader: pg.Client
  let keeper: pg.Client
  const opened = async (): Promise<pg.Client> => {
    const { host, port, user, password, database: name } = database()
    const client = new pg.Client({ host, port, user, password, database: name })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  beforeEach(async () => {
    await database().query('DROP TABLE IF EXISTS ahead; CREATE TABLE ahead (n int)')
    ;[loader, keeper] = [await opened(), await opened()]
  })
  afterEach(() => Promise.all([loader.end(), keeper.end()]))

  const sql = 'COPY ahead FROM STDIN'
  const numbers = (from: number, count: number): Buffer =>
    Buffer.from(Array.from({ length: count }, (_, k) => `${from + k}\n`).join(''))
  const stored = async (): Promise<number[]> =>
    (await database().query<{ n: number }>('SELECT n FROM ahead ORDER BY n')).rows.map(({ n }) => n)
  const bytesSent = (): number =>
    (loader as pg.Client & { connection: { stream: { bytesWritten: number } } }).connection.stream.bytesWritten
  /** Until the backend of the loader waits for the table, which the keeper has locked. */
  const waits = () =>
    expect
      .poll(
        async () =>
          (await keeper.query('SELECT FROM pg_locks WHERE pid = $1 AND NOT granted', [backendPid(loader)])).rowCount,
      )
      .toBe(1)
  const messages = (outcomes: readonly PromiseSettledResult<unknown>[]): string[] =>
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'stored' : (outcome.reason as Error).message))

  test('are all with the server before it answers the first, and each begins when the one before it is answered', async () => {
    await keeper.query('BEGIN; LOCK TABLE ahead')
    const copy = copyWith(loader, sql)
    const before = bytesSent()
    const payloads = [numbers(0, 900), numbers(900, 1), numbers(901, 900)]
    const copies = payloads.map((payload, k) => copy(payload, k === 1 ? 1 : 900, never))
    await waits()
    const bytes = payloads.reduce((sum, { length }) => sum + length, 0)
    await expect.poll(() => bytesSent() - before).toBeGreaterThan(bytes)
    await keeper.query('ROLLBACK')
    const done = await Promise.all(copies)
    expect(done.map(({ records }) => records)).toEqual([900, 1, 900])
    for (const k of [1, 2]) expect(done[k]!.beganAt).toBe(done[k - 1]!.answeredAt)
    for (const { beganAt, answeredAt, commitMs, backPressureMs } of done) {
      expect(commitMs).toBeLessThanOrEqual(answeredAt - beganAt)
      expect(Math.min(commitMs, backPressureMs)).toBeGreaterThanOrEqual(0)
    }
    expect(await stored()).toEqual(Array.from({ length: 1_801 }, (_, k) => k))
  })

  test('are sent in their order, however large they are, and one at a time', async () => {
    const copy = copyWith(loader, sql)
    const sizes = [300_000, 1, 0, 200_000, 3]
    const from = (k: number): number => sizes.slice(0, k).reduce((sum, size) => sum + size, 0)
    const done = await Promise.all(sizes.map((size, k) => copy(numbers(from(k), size), size, never)))
    expect(done.map(({ records }) => records)).toEqual(sizes)
    const { rows } = await loader.query('SELECT count(*)::int, min(n), max(n), count(DISTINCT n)::int AS n FROM ahead')
    expect(rows).toEqual([{ count: 500_004, min: 0, max: 500_003, n: 500_004 }])
    // The connection serves other statements, and COPYs, again.
    expect(await copy(numbers(-1, 1), 1, never)).toMatchObject({ records: 1 })
  })

  test.each([3, 200_000])('do not end with one that the server refuses, of %d records', async (size) => {
    const copy = copyWith(loader, sql)
    const wrong = Buffer.concat([numbers(0, 2), Buffer.from('two\n'), numbers(0, size)])
    const outcomes = await Promise.allSettled([
      copy(numbers(0, 2), 2, never),
      copy(wrong, size + 3, never),
      copy(numbers(10, 2), 2, never),
      copy(wrong, size + 3, never),
      copy(numbers(20, 2), 2, never),
    ])
    const refused = 'invalid input syntax for type integer: "two"'
    expect(messages(outcomes)).toEqual(['stored', refused, 'stored', refused, 'stored'])
    expect(await stored()).toEqual([0, 1, 10, 11, 20, 21])
  })

  test('go on after one that is cancelled', async () => {
    await keeper.query('BEGIN; LOCK TABLE ahead')
    const copy = copyWith(loader, sql)
    const copies = Promise.allSettled([1, 2, 3].map((n) => copy(numbers(n, 1), 1, never)))
    await waits()
    await keeper.query('SELECT pg_cancel_backend($1)', [backendPid(loader)])
    await waits()
    await keeper.query('ROLLBACK')
    expect(messages(await copies)).toEqual(['canceling statement due to user request', 'stored', 'stored'])
    expect(await stored()).toEqual([2, 3])
  })

  test('all fail with a connection that breaks, the first by what broke it', async () => {
    await keeper.query('BEGIN; LOCK TABLE ahead')
    const copy = copyWith(loader, sql)
    const copies = Promise.allSettled([1, 2, 3].map((n) => copy(numbers(n, 100_000), 100_000, never)))
    await waits()
    await keeper.query('SELECT pg_terminate_backend($1)', [backendPid(loader)])
    const [first, ...others] = messages(await copies)
    expect(first).toBe('terminating connection due to administrator command')
    expect(others).toHaveLength(2)
    expect(others).not.toContain('stored')
    await keeper.query('ROLLBACK')
    expect(await stored()).toEqual([])
    await expect(copy(numbers(0, 1), 1, never)).rejects.toThrow()
  })

  test('are not sent once they are aborted, and the connection stays usable', async () => {
    const copy = copyWith(loader, sql)
    const stop = new AbortController()
    const large = numbers(0, 3_000_000)
    const copies = Promise.allSettled([copy(large, 3_000_000, stop.signal), copy(numbers(0, 1), 1, stop.signal)])
    stop.abort(new Error('enough'))
    for (const message of messages(await copies)) expect(message).toContain('enough')
    expect(await stored()).toEqual([])
    expect(await copy(numbers(0, 2), 2, never)).toMatchObject({ records: 2 })
  })
})
