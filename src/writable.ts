import { chownSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** Reasons why a file cannot be written, and remedies, by the system's error code. */
const refusals: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  EROFS: ['the file system is read-only', 'make it writable'],
  EACCES: ['you may not write there', 'make it writable for you'],
  EPERM: ['you may not write there', 'make it writable for you'],
  ENOSPC: ['the disk is full', 'make room on it'],
  EDQUOT: ['your share of the disk is used up', 'make room on it'],
  ENOTDIR: ['a part of its path is a file, not a folder', 'remove that file'],
  EISDIR: ['a folder has its name', 'remove that folder'],
  ENOTEMPTY: ['a folder has its name', 'remove that folder'],
  EEXIST: ['a file has its name', 'remove that file'],
  ENOENT: ['its folder is not there or takes no files', 'make the folder'],
  ENAMETOOLONG: ['its name is too long', 'shorten it'],
}

/**
 * Turns the system's error about a file or a folder that could not be written into one with its
 * whole path, the reason and the remedy; `elsewhere` is another remedy, which names another place:
 * "use --out". An error that is one already, and one that the system did not give, is returned as
 * it is.
 */
export function unwritable(path: string, error: unknown, elsewhere?: string): Error {
  const { code, message, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error as Error
  const place = resolve(path)
  const [reason, remedy] = refusals[code] ?? [message, 'name another place']
  const ways = elsewhere === undefined ? remedy : `${remedy}, or ${elsewhere}`
  return new Error(`${place} cannot be written, ${reason}: ${ways}`, { cause: error })
}

/** Makes a folder, and those that it stands in. Throws the error of `unwritable`. */
export function makeFolder(path: string, elsewhere?: string): void {
  try {
    makeEach(resolve(path))
  } catch (error) {
    throw unwritable(path, error, elsewhere)
  }
}

/**
 * Makes a folder after those that it stands in. Node's own recursion never ends where a file system
 * takes no folders, and reports ENOENT for one that is read-only.
 */
function makeEach(path: string): void {
  try {
    mkdirSync(path)
    belongAsParent(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error
    makeEach(dirname(path))
    makeEach(path)
  }
}

/**
 * Gives a new folder or file the owner of its folder, so that what root makes for a user is the
 * user's.
 */
function belongAsParent(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  if (uid !== 0) chownSync(path, uid, gid)
}

/**
 * Writes a file whole or not at all: what was there stays until the new one is complete. A device
 * or a pipe is written to as it is. Throws the error of `unwritable`.
 */
export function writeWhole(path: string, content: string | Uint8Array, elsewhere?: string): void {
  try {
    const before = statSync(path, { throwIfNoEntry: false })
    if (before?.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR', syscall: 'open' })
    if (before && !before.isFile()) writeFileSync(path, content)
    // A link stays one.
    else replace(before ? realpathSync(path) : path, content, before?.mode)
  } catch (error) {
    throw unwritable(path, error, elsewhere)
  }
}

function replace(path: string, content: string | Uint8Array, mode: number | undefined): void {
  const draft = `${path}.${process.pid}.draft`
  try {
    writeFileSync(draft, content, mode === undefined ? {} : { mode })
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
