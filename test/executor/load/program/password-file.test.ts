import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { programEnvironment } from '../../../../src/executor/load/program/program-environment.js'
import { withPasswordFile } from '../../../../src/executor/load/program/program-folder.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'password-file-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.unstubAllEnvs()
})

it.each([
  ['plain', { user: 'me', password: 'secret' }, '*:*:*:me:secret\n', ['secret', 'secret']],
  ['odd', { user: 'a:b', password: 'p:a\\s w' }, '*:*:*:a\\:b:p\\:a\\\\s w\n', ['p:a\\s w', 'p\\:a\\\\s w']],
  ['none', { user: 'me' }, '', []],
])(
  'withPasswordFile holds the password as libpq reads it, while it is needed: %s',
  async (_, config, text, spelled) => {
    const path = await withPasswordFile({ path: folder, files: [] }, config, async ({ path, secrets }) => {
      expect(readFileSync(path, 'utf8')).toBe(text)
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(secrets).toEqual(spelled)
      return path
    })
    expect(existsSync(path)).toBe(false)
  },
)

it('programEnvironment leads to the server of the study alone, as copylab connects to it', () => {
  const others = { PGHOST: 'elsewhere', PGSERVICE: 'other', PGPASSWORD: 'x', DATABASE_URL: 'y', PGSSLROOTCERT: 'z' }
  for (const [name, value] of Object.entries({ ...others, PGSSLCERT: 'my.crt', PGSSLKEY: 'my.key' })) {
    vi.stubEnv(name, value)
  }
  const values = { workers: 2, batchSize: 10, table: 't', files: [], columns: [] }
  const config = { host: 'here', port: 1, user: 'me', database: 'db', options: '-c role=loading', ssl: {} }
  const given = { config, application: 'copylab/x/w-p', passwordFile: '/p' }
  const environment = programEnvironment({ command: 'x' }, values, given)
  expect(Object.fromEntries(Object.entries(environment).filter(([name]) => /^PG|DATABASE_URL/.test(name)))).toEqual({
    PGHOST: 'here',
    PGPORT: '1',
    PGUSER: 'me',
    PGDATABASE: 'db',
    PGOPTIONS: '-c role=loading',
    PGSSLMODE: 'require',
    PGSSLCERT: 'my.crt',
    PGSSLKEY: 'my.key',
    PGAPPNAME: 'copylab/x/w-p',
    PGCLIENTENCODING: 'UTF8',
    PGPASSFILE: '/p',
  })
})
