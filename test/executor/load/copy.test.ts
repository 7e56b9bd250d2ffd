import { beforeEach, describe, expect, test } from 'vitest'
import { copyWith } from '../../../src/executor/load/copy.js'
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
