import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contextRows } from '../../../src/entries/analysis.js'
import { embedded, runStudy, type Server, synthetic, url } from '../../../src/entries/executor.js'
import { withClient } from '../../../src/executor/connect.js'
import { numbersOf, readMachine, topologyOf } from '../../../src/executor/probes/machine/machine-facts.js'
import { mountOfFiles, mountOfPath, mountsOf } from '../../../src/executor/probes/machine/mounts.js'
import { ownFiles, serverFiles } from '../../../src/executor/probes/machine/read-files.js'
import { syncOfFiles } from '../../../src/executor/probes/machine/sync-time.js'
import { useRunningServer } from '../running-server.js'

const { server, connection, rows } = useRunningServer()
const input = synthetic({ records: 300, width: 20 })

describe('topologyOf', () => {
  it('counts sockets, cores and the threads of a core', () => {
    const processors = ['0', '0', '1', '1'].map((socket, k) => ({
      socket: `${socket}\n`,
      siblings: `${k % 2 === 0 ? k : k - 1}-${k % 2 === 0 ? k + 1 : k}\n`,
    }))
    expect(topologyOf(processors)).toEqual({ sockets: 2, cores: 2, threadsPerCore: 2 })
  })

  it('takes the most threads where cores differ', () => {
    const siblings = ['0-1', '0-1', '2', '3']
    expect(topologyOf(siblings.map((own) => ({ socket: '0', siblings: own })))).toEqual({
      sockets: 1,
      cores: 3,
      threadsPerCore: 2,
    })
  })

  it('is null where a file is missing, or no processor is known', () => {
    expect(topologyOf([{ socket: '0', siblings: '' }])).toBeNull()
    expect(topologyOf([{ socket: '', siblings: '0' }])).toBeNull()
    expect(topologyOf([])).toBeNull()
  })

  it('numbersOf reads lists of processors, and nothing else', () => {
    expect(numbersOf('0-2,8,10-11\n')).toEqual([0, 1, 2, 8, 10, 11])
    expect(numbersOf('7')).toEqual([7])
    for (const strange of ['', '0-', 'all', '0,,1']) expect(numbersOf(strange)).toEqual([])
  })
})

describe('mounts', () => {
  const mounts = mountsOf(
    [
      '27 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw,discard',
      '30 27 0:40 / /proc rw - proc proc rw',
      '31 27 0:5 / /dev rw - devtmpfs devtmpfs rw',
      '40 27 259:2 / /var/lib/post\\040gres rw,noatime shared:1 master:2 - xfs /dev/nvme0n1p2 rw',
      '41 40 0:50 /data /var/lib/post\\040gres/18 rw - zfs tank/pg rw',
      'a line of something else',
    ].join('\n'),
  )

  it('are parsed, with blanks in their paths and any number of optional fields', () => {
    expect(mounts).toHaveLength(5)
    expect(mounts[3]).toEqual({
      id: 40,
      device: '259:2',
      point: '/var/lib/post gres',
      fileSystem: 'xfs',
      source: '/dev/nvme0n1p2',
    })
  })

  it('a path lies on the nearest one above it, of two at one place on the later', () => {
    const at = (path: string): string => mountOfPath(mounts, path)!.fileSystem
    expect(at('/srv/data')).toBe('ext4')
    expect(at('/var/lib/post gres')).toBe('xfs')
    expect(at('/var/lib/post gres/18/main')).toBe('zfs')
    expect(at('/var/lib/post gres/180')).toBe('xfs')
    const covered = [...mounts, { ...mounts[0]!, id: 99, fileSystem: 'overlay' }]
    expect(mountOfPath(covered, '/srv')!.fileSystem).toBe('overlay')
    expect(mountOfPath([], '/srv')).toBeNull()
  })

  it('files that are read and written tell the mount, unless they are on several, or of the system', () => {
    const open = (flags: string, id: number): string => `pos:\t0\nflags:\t${flags}\nmnt_id:\t${id}\nino:\t1\n`
    expect(mountOfFiles(mounts, [open('02100002', 40), open('0100000', 27), open('02', 15), ''])?.id).toBe(40)
    expect(mountOfFiles(mounts, [open('02', 31), open('02', 41)])?.id).toBe(41)
    expect(mountOfFiles(mounts, [open('02', 40), open('02', 27)])).toBeNull()
    expect(mountOfFiles(mounts, [])).toBeNull()
  })
})

describe('the context of a session', () => {
  it.runIf(process.platform === 'linux')('says where the server keeps its data, as this machine does', async () => {
    const { facts, folder } = connection()
    const [data] = (await rows('SHOW data_directory')) as { data_directory: string }[]
    const own = mountOfPath(mountsOf(readFileSync('/proc/self/mountinfo', 'utf8')), data!.data_directory)!
    expect(facts.storage).toMatchObject({ fileSystem: own.fileSystem, mount: own.point === '/' ? 'root' : 'below' })
    for (const fact of ['device', 'model'] as const)
      expect([fact, facts.storage![fact] === null]).toEqual([fact, facts.storage!.missing[fact] !== undefined])
    expect(JSON.stringify(facts.storage)).not.toContain(folder)
  })

  it.runIf(process.platform === 'linux')(
    'has the same machine for client and server where they share one',
    async () => {
      const here = await readMachine(ownFiles)
      expect(await withClient(connection().config, (client) => readMachine(serverFiles(client)))).toEqual(here)
      expect(connection().facts.machine).toEqual(here)
      for (const fact of ['topology', 'clockSource'] as const)
        expect([fact, here[fact] === null]).toEqual([fact, here.missing[fact] !== undefined])
    },
  )

  it('has the time of a sync, by a file that is gone afterwards; the table of the machine shows all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-machine-'))
    try {
      const study = await runStudy({ name: 'machine', server, input, factors: { workers: [1] }, blocks: 1, folder })
      const [{ syncTime, syncMissing }] = study.contexts as [(typeof study.contexts)[0]]
      expect(syncMissing).toBeNull()
      expect(syncTime).toMatchObject({ of: 'fdatasync' })
      expect(syncTime!.count).toBeGreaterThan(0)
      expect(syncTime!.count).toBeLessThanOrEqual(200)
      expect(syncTime!.medianMs).toBeLessThanOrEqual(syncTime!.p99Ms)
      expect(readdirSync(connection().folder!)).not.toContain('sync-time')
      const values = Object.fromEntries(contextRows(study).map(({ what, value }) => [what, value]))
      expect(values['time of a sync']).toMatch(
        /^fdatasync of 8 KiB: median [\d.]+ ms, 99th percentile [\d.]+ ms, of \d+$/,
      )
      if (process.platform !== 'linux') return
      expect(values["server's storage"]).toContain(study.contexts[0]!.server.storage!.fileSystem)
      expect(values.cores).toContain(`clock source ${study.contexts[0]!.machine!.clockSource}`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has the time of a commit on a server that copylab did not start, for a user without rights', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-machine-'))
    await rows("CREATE ROLE bounded LOGIN PASSWORD 'open sesame'; GRANT CREATE ON DATABASE copylab TO bounded")
    try {
      const { host, port, database } = connection().config
      const theirs = url(`postgresql://bounded:open%20sesame@${host}:${port}/${database}`)
      const options = { name: 'machine', server: theirs, input, factors: { workers: [1] }, blocks: 1, folder }
      const study = await runStudy(options)
      const [{ syncTime, syncMissing, server: facts, machine }] = study.contexts as [(typeof study.contexts)[0]]
      expect(syncMissing).toBeNull()
      expect(syncTime).toMatchObject({ of: 'commit', count: expect.any(Number) })
      expect(syncTime!.count).toBeLessThanOrEqual(200)
      expect(syncTime!.medianMs).toBeGreaterThan(0)
      const reason = expect.stringMatching(/^this user may not read files of the server: connect as a superuser/)
      expect(facts.machine).toEqual({
        topology: null,
        clockSource: null,
        missing: { topology: reason, clockSource: reason },
      })
      expect(facts.storage).toMatchObject({ fileSystem: null, missing: { fileSystem: reason } })
      const values = Object.fromEntries(contextRows(study).map(({ what, value }) => [what, value]))
      expect(values['time of a sync']).toMatch(/^commit of one small row, in the server: median/)
      expect(values["server's storage"]).toMatch(/^not known: this user may not/)
      if (machine!.clockSource !== null) expect(values['cores of the client']).toContain(machine!.clockSource)
      expect(values["cores of the server's host"]).toMatch(/^not known, nor the clock source: this user may not/)
    } finally {
      await rows('DROP OWNED BY bounded; DROP ROLE bounded')
      rmSync(folder, { recursive: true })
    }
  })

  it('says why there is no time of a sync: fsync is off, or the folder is gone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-machine-'))
    const missing = async (given: Server): Promise<string | null> => {
      const options = { name: 'machine', server: given, input, factors: { workers: [1] }, blocks: 1, fresh: true }
      return (await runStudy({ ...options, folder: join(folder, 'studies') })).contexts[0]!.syncMissing
    }
    const unsynced = embedded({ folder: join(folder, 'servers'), settings: { fsync: 'off' } })
    try {
      const other: Server = {
        ...unsynced,
        use: (task, options) => unsynced.use(({ folder: _, ...own }) => task(own), options),
      }
      expect(await missing(other)).toBe('fsync is off: the server syncs nothing')
      const gone: Server = { ...server, use: (task) => task({ ...connection(), folder: join(folder, 'nowhere') }) }
      expect(await missing(gone)).toMatch(/^the file for it could not be written: ENOENT/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('syncOfFiles removes its file after an abort, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-machine-'))
    try {
      await expect(syncOfFiles(folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
      expect(readdirSync(folder)).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('does not keep a study from going on where it differs from that of the session before', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab-machine-'))
    try {
      const options = { name: 'machine', input, factors: { workers: [1] }, warmUpBlocks: 0, folder }
      await runStudy({ ...options, server, blocks: 1 })
      const { facts } = connection()
      const elsewhere = {
        ...facts,
        machine: { topology: null, clockSource: 'hpet', missing: { topology: 'made up' } },
        storage: { ...facts.storage!, fileSystem: 'made up', mount: 'below' as const },
      }
      const moved: Server = { ...server, use: (task) => task({ ...connection(), facts: elsewhere }) }
      const study = await runStudy({ ...options, server: moved, blocks: 2 })
      expect(study.contexts.map(({ server: own }) => own.storage!.fileSystem)).toEqual([
        facts.storage!.fileSystem,
        'made up',
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
