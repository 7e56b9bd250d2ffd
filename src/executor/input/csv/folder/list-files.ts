import { accessSync, type BigIntStats, constants, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { listed } from '../../../../names.js'
import { wholePath } from '../../../../project.js'
import { InputError } from '../../../errors.js'
import { fileStamp, type StampedFile } from './file-stamp.js'

/** A file that is read. */
export interface FolderFile extends StampedFile {
  readonly bytes: number
}

/** An entry of a folder that is not read. */
export interface PassedOver {
  readonly name: string
  /** What it is: "hidden files", for one of them. */
  readonly reason: string
}

/** The files that are read, by name, and what else their folder holds. */
export interface Listing {
  readonly files: readonly FolderFile[]
  readonly passedOver: readonly PassedOver[]
  /** Whether all files are read, since no name has the ending of a text file. */
  readonly anyName: boolean
}

/** Endings of names of text files, compressed or not. */
const textEnding = /\.(csv|tsv|tab|txt)(\.(gz|zst))?$/i

const textEndings = '.csv, .tsv, .tab or .txt'

/** Names of what macOS keeps of other files, which are read by no pattern. */
const sidecarName = /^\._(?!.*\.crc$)/

/** Names that are read by a stated pattern alone, and what they are. */
const unlikelyNames: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^~\$|^\.~lock\.|~$|\.(swp|tmp)$/i, 'temporary files'],
  [/\.(part|partial|crdownload|download)$/i, 'files that are not complete'],
  [/^\./, 'hidden files'],
  [/^_(success|committed|started|metadata)(_\d+)?$|(^|[._-])manifest$/i, 'notes of the program that wrote the files'],
]

/** Maximum number of names in a sentence; more are counted. */
const maxNamed = 5

interface Entry {
  readonly name: string
  readonly path: string
}

/**
 * Lists the files to read: of a folder those whose names match the pattern, by name, or the one
 * file that the path names. Where no pattern is stated, names of text files match, also compressed
 * ones; where a folder has none, all of its files. Hidden, temporary and incomplete files of a
 * folder are read by a stated pattern alone. Nothing is opened. Throws `InputError` for a path
 * without files to read, and for an entry that matches and is no file or cannot be read.
 */
export function listFiles(path: string, pattern: RegExp | null): Listing {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) {
    throw new InputError(`There is no folder or file ${resolve(path)}: correct its path`)
  }
  return stats.isDirectory() ? ofFolder(resolve(path), pattern) : ofFile(resolve(path), pattern)
}

/** Says which files are read for want of a text file, and which are not, and why. */
export function listingWords({ files, passedOver, anyName }: Listing): string[] {
  const all = `No name ends in ${textEndings}: all files are read, ${listed(
    files.map(({ name }) => name),
    maxNamed,
  )}`
  return [...(anyName ? [all] : []), ...passedOverWords(passedOver)]
}

/** Returns a sentence for each reason, which names the entries. */
function passedOverWords(passedOver: readonly PassedOver[]): string[] {
  return [...new Set(passedOver.map(({ reason }) => reason))].map((reason) => {
    const names = passedOver.filter((entry) => entry.reason === reason).map(({ name }) => name)
    return `Not read (${reason}): ${listed(names, maxNamed)}`
  })
}

function ofFile(path: string, pattern: RegExp | null): Listing {
  const entry = { name: basename(path), path }
  if (pattern && byPattern(pattern)(entry) !== null) {
    throw new InputError(
      `The name of the file ${wholePath(path)} does not match ${pattern}: leave \`pattern\` (--pattern) out`,
    )
  }
  return { files: filesAt([entry], 'give the path of a file or of a folder'), passedOver: [], anyName: false }
}

function ofFolder(folder: string, pattern: RegExp | null): Listing {
  const entries = namesIn(folder).map((name): Entry => ({ name, path: join(folder, name) }))
  const anyName = pattern === null && !entries.some((entry) => reasonAgainstText(entry) === null)
  const reasonAgainst = pattern ? byPattern(pattern) : anyName ? reasonAgainstAny : reasonAgainstText
  const read: Entry[] = []
  const passedOver: PassedOver[] = []
  for (const entry of entries) {
    const reason = sidecarName.test(entry.name) ? 'what macOS keeps of other files' : reasonAgainst(entry)
    if (reason === null) read.push(entry)
    else passedOver.push({ name: entry.name, reason })
  }
  if (read.length === 0) {
    const wanted = pattern === null ? 'to read' : `whose name matches ${pattern}`
    const others = passedOverWords(passedOver).map((words) => `. ${words}`)
    throw new InputError(
      `There is no file ${wanted} in ${wholePath(folder)}: give another folder or \`pattern\` (--pattern)${others.join('')}`,
    )
  }
  const remedy = 'put a file in its place, move it elsewhere, or leave it out by a `pattern` (--pattern)'
  return { files: filesAt(read, remedy), passedOver, anyName }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    throw new InputError(`${wholePath(folder)} cannot be listed, ${(error as Error).message}: make it readable`, {
      cause: error,
    })
  }
}

/** Returns what an entry is that is not read; null for one that is. */
type ReasonAgainst = (entry: Entry) => string | null

const unlikely = (entry: string): string | null => unlikelyNames.find(([name]) => name.test(entry))?.[1] ?? null

function byPattern(pattern: RegExp): ReasonAgainst {
  // A pattern with the flag `g` or `y` would keep its last position.
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
  return ({ name }) => (stateless.test(name) ? null : 'named otherwise than the pattern')
}

const reasonAgainstText: ReasonAgainst = ({ name }) =>
  unlikely(name) ?? (textEnding.test(name) ? null : `named otherwise than ${textEndings}`)

const reasonAgainstAny: ReasonAgainst = ({ name, path }) => unlikely(name) ?? (isFile(path) ? null : 'no files')

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** Returns the files of entries. Throws `InputError` for those that cannot be read as files. */
function filesAt(entries: readonly Entry[], remedy: string): FolderFile[] {
  const files: FolderFile[] = []
  const refused: string[] = []
  for (const { name, path } of entries) {
    const found = lookedAt(path)
    if (typeof found === 'string') refused.push(`${wholePath(path)} is ${found}`)
    else files.push({ name, path, bytes: Number(found.size), stamp: fileStamp(found) })
  }
  if (refused.length === 0) return files
  throw new InputError(`${listed(refused, maxNamed)}: ${remedy}`)
}

/** Returns the facts of a file that can be read, or what else it is. */
function lookedAt(path: string): BigIntStats | string {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (stats?.isFile()) {
      accessSync(path, constants.R_OK)
      return stats
    }
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    return `${isLink ? 'a link to ' : ''}${stats ? kindOf(stats) : 'nothing'}`
  } catch (error) {
    return `a file that cannot be read (${(error as Error).message})`
  }
}

function kindOf(stats: BigIntStats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}
