import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { packConfig, unpackConfig } from '../../../src/executor/calls/packed-config.js'
import { packError, unpackError } from '../../../src/executor/calls/packed-error.js'
import { CopyError } from '../../../src/executor/errors.js'
import { compileAnalyse } from '../../../src/executor/input/csv/compile-analyse.js'
import { csvFile } from '../../../src/executor/input/csv/csv-file.js'
import { plainFormat } from '../../../src/executor/input/file-spec.js'
import { specOf } from '../../../src/executor/input/with-spec.js'
import { assignFiles } from '../../../src/executor/load/threads/assign-files.js'
import { makeBarrier } from '../../../src/executor/load/threads/barrier.js'
import { anyName } from '../../../src/executor/server/reach/tls.js'

describe('specOf', () => {
  const table = { columns: [{ name: 'id', type: 'int4' as const }], primaryKey: [] }
  const format = plainFormat(table)
  const spec = { kind: 'csv', name: 'a.csv', path: '/folder/a.csv', format, compression: null } as const
  const whole = { ...spec, skipLines: 0, header: true, targets: null }
  const file = csvFile(whole, null)

  test('is plain data that the file carries unseen', () => {
    expect(structuredClone(specOf(file, 'thread'))).toEqual(whole)
    expect(JSON.stringify(file)).not.toContain('/folder')
  })

  test.each([
    ['a copy', { ...file }],
    ['an heir', Object.create(file)],
    ['a hand-made file', { name: 'a.csv', read: file.read }],
  ])('refuses %s, which may do something else', (_, other) => {
    expect(() => specOf(other, 'thread')).toThrow(/a\.csv cannot be read by a worker thread/)
    expect(() => Object.assign(file, { read: other.read })).toThrow(TypeError)
  })
})

describe('compileAnalyse', () => {
  test.each(['native code, which has no source: {}', String([].map.bind([])), '({ not: "a function" })'])(
    'refuses %s',
    (source) => {
      expect(() => compileAnalyse(source, 'thread')).toThrow(
        /`analyse` cannot be sent to a worker thread as text: .*self-contained/,
      )
    },
  )

  test('leaves what the function throws by itself as it is', () => {
    const analyse = compileAnalyse('() => { throw new RangeError("no such place") }', 'thread')
    expect(() => analyse([], { text: '', number: 1 })).toThrow(RangeError)
  })
})

describe('assignFiles(files, workers, source)', () => {
  const files = [5, 1, 1, 1, 2].map((records) => ({ records }))

  test('gives the next file to the worker that asks', () => {
    const next = assignFiles(files, 2, 'pipeline')
    expect([0, 0, 1, 0, 0, 1].map(next)).toEqual([0, 1, 2, 3, 4, null])
  })

  test('prepares shares of about equal size, whoever asks first', () => {
    const next = assignFiles(files, 2, 'prepared')
    expect([0, 0, 1, 1, 1, 1, 1].map(next)).toEqual([0, null, 1, 2, 3, 4, null])
  })
})

describe('makeBarrier(members)', () => {
  test('opens when all are here, again and again, and does not wait for those who left', async () => {
    const barrier = makeBarrier(3)
    const log: string[] = []
    const arrive = (name: string) => barrier.arrive().then(() => log.push(name))
    const first = [arrive('a1'), arrive('b1')]
    await Promise.resolve()
    expect(log).toEqual([])
    await Promise.all([...first, arrive('c1')])
    expect(log).toEqual(['a1', 'b1', 'c1'])
    const second = [arrive('a2'), arrive('b2')]
    barrier.leave()
    await Promise.all(second)
    barrier.leave()
    await arrive('a3')
    expect(log.slice(3)).toEqual(['a2', 'b2', 'a3'])
  })
})

describe('unpackError(packError(error))', () => {
  test('is an instance of the same class with the same fields, and so is its cause', () => {
    const cause = Object.assign(new pg.DatabaseError('duplicate key', 13, 'error'), { code: '23505', detail: 'id' })
    const place = { worker: 1, batch: 2, firstRecord: 3, record: 4, sqlState: '23505' }
    const again = unpackError(structuredClone(packError(new CopyError(place, 'Worker 1 failed', { cause }))))
    expect(again).toBeInstanceOf(CopyError)
    expect(again).toMatchObject({ name: 'CopyError', message: 'Worker 1 failed', ...place })
    expect(again.cause).toBeInstanceOf(pg.DatabaseError)
    expect(again.cause).toMatchObject({ code: '23505', detail: 'id', message: 'duplicate key' })
  })

  test('keeps the name and the code of errors that are not ours', () => {
    const system = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(unpackError(structuredClone(packError(system)))).toMatchObject({ name: 'Error', code: 'ECONNREFUSED' })
    expect(unpackError(packError(new TypeError('wrong')))).toMatchObject({ name: 'TypeError', message: 'wrong' })
    expect(unpackError(packError('thrown text')).message).toBe('thrown text')
  })
})

describe('unpackConfig(packConfig(config))', () => {
  const throughThread = (config: pg.ClientConfig) => unpackConfig(structuredClone(packConfig(config, 'thread')))

  test('keeps what url() makes of a connection string, a hidden key and the check that takes any name included', () => {
    const accepting = { ca: 'CA', checkServerIdentity: anyName }
    const ssl = Object.defineProperty({ ...accepting }, 'key', { value: 'KEY', enumerable: false })
    const { ssl: again, ...others } = throughThread({ host: 'db', password: 'secret', ssl })
    expect(others).toEqual({ host: 'db', password: 'secret' })
    expect(again).toMatchObject({ ca: 'CA', key: 'KEY' })
    expect((again as typeof accepting).checkServerIdentity()).toBeUndefined()
    expect(throughThread({ ssl: true })).toEqual({ ssl: true })
  })

  test.each([{ password: () => 'secret' }, { ssl: { checkServerIdentity: () => new Error('never') } }])(
    'refuses functions: %o',
    (config) => {
      expect(() => packConfig(config, 'thread')).toThrow(/to be no function, which a worker thread cannot call/)
      expect(() => packConfig(config, 'session')).toThrow(
        /to be no function, which the process of a session cannot call: .* leave `sessions` out/,
      )
    },
  )
})
