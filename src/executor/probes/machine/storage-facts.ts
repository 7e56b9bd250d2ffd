import type pg from 'pg'
import type { StorageFacts } from '../../../study/context.js'
import { type Attempted, attempted } from './attempted.js'
import { type Mount, mountOfFiles, mountOfPath, mountsOf } from './mounts.js'
import { type ReadFiles, serverFiles } from './read-files.js'

/** Facts of storage of which nothing can be read, for one reason. */
export const unreadStorage = (reason: string): StorageFacts => ({
  fileSystem: null,
  mount: null,
  device: null,
  model: null,
  missing: { fileSystem: reason, device: reason, model: reason },
})

/**
 * Reads where the server keeps its data, through SQL: by the files that its backend has open, which
 * tells it where a path has symbolic links too, else by the setting `data_directory`.
 */
export async function readStorage(client: pg.Client): Promise<StorageFacts> {
  const mount = await attempted(() => dataMount(client), 'its system does not show what its data directory lies on')
  if (mount.value === null) return unreadStorage(mount.reason)
  const { fileSystem, point } = mount.value
  const read = serverFiles(client)
  const device = await attempted(() => deviceOf(read, mount.value), 'its file system names no block device')
  const model: Attempted<string> =
    device.value === null
      ? { value: null, reason: device.reason }
      : await attempted(() => modelOf(read, device.value), 'the device names none')
  return {
    fileSystem,
    mount: point === '/' ? 'root' : 'below',
    device: device.value,
    model: model.value,
    missing: {
      ...(device.value === null && { device: device.reason }),
      ...(model.value === null && { model: model.reason }),
    },
  }
}

/** Descriptors of a backend that are looked at; those of standard input and output are others'. */
const descriptors = { from: 3, to: 255 } as const

async function dataMount(client: pg.Client): Promise<Mount | null> {
  // A scan opens the file of its table, which the backend then keeps open.
  await client.query('SELECT count(*) FROM pg_am')
  const { rows } = await client.query<{ folder: string | null; mountinfo: string | null; files: (string | null)[] }>(
    `SELECT (SELECT setting FROM pg_settings WHERE name = 'data_directory') AS folder,
            pg_read_file('/proc/self/mountinfo', 0, 1000000, true) AS mountinfo,
            ARRAY(SELECT pg_read_file('/proc/self/fdinfo/' || number, 0, 1000, true)
                    FROM generate_series(${descriptors.from}, ${descriptors.to}) AS number) AS files`,
  )
  const { folder, mountinfo, files } = rows[0]!
  const mounts = mountsOf(mountinfo ?? '')
  const byFiles = mountOfFiles(
    mounts,
    files.map((fdinfo) => fdinfo ?? ''),
  )
  return byFiles ?? (folder === null ? null : mountOfPath(mounts, folder))
}

/** Returns the name of the block device: by its number, else by what was mounted. */
async function deviceOf(read: ReadFiles, { device, source }: Mount): Promise<string | null> {
  const [uevent] = await read([`/sys/dev/block/${device}/uevent`])
  return valueIn(uevent!, 'DEVNAME') ?? /^\/dev\/(?:mapper\/)?([^/]+)$/.exec(source)?.[1] ?? null
}

/** Returns the model of the disk that a block device is, or is a partition of. */
async function modelOf(read: ReadFiles, device: string): Promise<string | null> {
  const [uevent] = await read([`/sys/class/block/${device}/uevent`])
  const partition = valueIn(uevent!, 'PARTN')
  const disk = partition === null ? device : device.slice(0, -partition.length).replace(/(?<=\d)p$/, '')
  const [model] = await read([`/sys/class/block/${disk}/device/model`])
  return model!.trim() || null
}

const valueIn = (uevent: string, name: string): string | null =>
  new RegExp(`^${name}=(.+)$`, 'm').exec(uevent)?.[1] ?? null
