import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import type { Table } from '../../../study/table/table.js'
import { isByProgram, type Treatment } from '../../../study/treatment.js'
import type { PlacedFile } from '../../input/batches.js'
import type { Input } from '../../input/input.js'
import { writeRecordFiles } from './record-files.js'
import { deadFolders, removeDeadFolder, withSessionFolder } from './session-folders.js'

/** What the programs of a session load, and how they connect. */
export interface ProgramFolder {
  /** Absolute path. */
  readonly path: string
  /** Absolute paths of the files that hold the records. */
  readonly files: readonly string[]
}

/** The records of a session, and its connection. */
export interface ForPrograms {
  readonly study: string
  readonly input: Input
  readonly table: Table
  readonly files: readonly PlacedFile[]
  readonly signal: AbortSignal
}

/**
 * Calls `task` with a folder of files for the programs that load in some of the treatments, and
 * removes it afterwards; with null where none does. It lies in the system's temporary folder and
 * can be read by this user alone. Such folders of processes that were killed are removed first; one
 * that cannot be is what `copylab clean` names.
 */
export async function withProgramFolder<T>(
  { study, ...records }: ForPrograms,
  treatments: readonly Treatment[],
  task: (folder: ProgramFolder | null) => Promise<T>,
): Promise<T> {
  for (const folder of deadFolders()) removeDeadFolder(folder)
  const loaded = treatments.filter(isByProgram)
  if (loaded.length === 0) return task(null)
  const count = Math.max(...loaded.map(({ workers }) => workers))
  return withSessionFolder(study, async (path) =>
    task({ path, files: await writeRecordFiles(path, { ...records, count }) }),
  )
}

/** A password file, and what it holds that must not be shown. */
export interface PasswordFile {
  /** Absolute path. */
  readonly path: string
  /** The password in each of its spellings; empty for none. */
  readonly secrets: readonly string[]
}

/**
 * Calls `task` with a password file as libpq reads it, for every host and database, and removes it
 * afterwards: it is there while a program runs alone.
 */
export async function withPasswordFile<T>(
  { path: folder }: ProgramFolder,
  { user = '*', password }: ClientConfig,
  task: (file: PasswordFile) => Promise<T>,
): Promise<T> {
  const escaped = (text: string): string => text.replace(/[\\:]/g, '\\$&')
  const secrets = typeof password === 'string' ? [password, escaped(password)] : []
  const line = secrets.length > 0 ? `*:*:*:${escaped(user)}:${secrets[1]}\n` : ''
  const path = join(folder, 'pgpass')
  try {
    await writeFile(path, line, { mode: 0o600 })
    return await task({ path, secrets })
  } finally {
    await rm(path, { force: true })
  }
}
