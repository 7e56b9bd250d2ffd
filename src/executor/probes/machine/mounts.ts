/** A mounted file system, from a line of `/proc/<pid>/mountinfo` (proc(5)). */
export interface Mount {
  readonly id: number
  /** Major and minor number of the device: "259:2"; major 0 where no block device is below it. */
  readonly device: string
  readonly point: string
  readonly fileSystem: string
  /** What was mounted, such as "/dev/nvme0n1p2". */
  readonly source: string
}

/** Parses `/proc/<pid>/mountinfo`; lines that it cannot parse are left out. */
export function mountsOf(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ')
    const [id, , device, , point] = (before ?? '').split(' ')
    const [fileSystem, source] = (after ?? '').split(' ')
    if (!device || !point || !fileSystem || !source) return []
    return [{ id: Number(id), device, fileSystem, point: unescaped(point), source: unescaped(source) }]
  })
}

/** Blanks and backslashes of paths are written in octal: "\040". */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/**
 * Returns the mount that a folder lies on, of several at one place the last, which hides the
 * others; null for none. Symbolic links in the path are not followed.
 */
export function mountOfPath(mounts: readonly Mount[], path: string): Mount | null {
  const above = mounts.filter(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`))
  return above.reduce<Mount | null>(
    (best, mount) => (best === null || mount.point.length >= best.point.length ? mount : best),
    null,
  )
}

/** Access mode of `flags` in `/proc/<pid>/fdinfo`, of a file that is read and written. */
const readAndWritten = 2

/**
 * Returns the one mount on which a process has files open that it reads and writes, from its
 * `/proc/<pid>/fdinfo` (sockets and pipes are on no mount); null where there is none, or several.
 */
export function mountOfFiles(mounts: readonly Mount[], fdinfos: readonly string[]): Mount | null {
  const ids = fdinfos.flatMap((fdinfo) => {
    const flags = Number.parseInt(/^flags:\s*(\d+)$/m.exec(fdinfo)?.[1] ?? '0', 8)
    const id = /^mnt_id:\s*(\d+)$/m.exec(fdinfo)?.[1]
    return (flags & 3) === readAndWritten && id !== undefined ? [Number(id)] : []
  })
  const found = mounts.filter(({ id, point }) => ids.includes(id) && !/^\/(dev|proc|sys)(\/|$)/.test(point))
  return found.length === 1 ? found[0]! : null
}
