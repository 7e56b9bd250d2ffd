import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClientConfig } from 'pg'
import type { Table } from '../../../study/table/table.js'
import { isByProgram, type Treatment } from '../../../study/treatment.js'
import type { PlacedFile } from '../../input/batches.js'
import type { Input } from '../../input/input.js'
import { writeRecordFiles } from './record-files.js'

/** What the programs of a session load, and how they connect. */
export interface ProgramFolder {
  /** Absolute paths of the files that hold the records. */
  readonly files: readonly string[]
  /** Absolute path of the file of the password. */
  readonly passwordFile: string
}

/** The records of a session, and its connection. */
export interface ForPrograms {
  readonly study: string
  readonly config: ClientConfig
  readonly input: Input
  readonly table: Table
  readonly files: readonly PlacedFile[]
  readonly signal: AbortSignal
}

/**
 * Calls `task` with a folder of files for the programs that load in some of the treatments, and
 * removes it afterwards; with null where none does. It lies in the system's temporary folder and
 * can be read by this user alone.
 */
export async function withProgramFolder<T>(
  { study, config, ...records }: ForPrograms,
  treatments: readonly Treatment[],
  task: (folder: ProgramFolder | null) => Promise<T>,
): Promise<T> {
  const loaded = treatments.filter(isByProgram)
  if (loaded.length === 0) return task(null)
  const folder = await mkdtemp(join(tmpdir(), `copylab-${study}-`))
  try {
    const passwordFile = join(folder, 'pgpass')
    await writeFile(passwordFile, passwordLine(config), { mode: 0o600 })
    const count = Math.max(...loaded.map(({ workers }) => workers))
    return await task({ files: await writeRecordFiles(folder, { ...records, count }), passwordFile })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The line of a password file as libpq reads it, for every host and database; empty for none. */
function passwordLine({ user = '*', password }: ClientConfig): string {
  if (typeof password !== 'string') return ''
  const escaped = (text: string): string => text.replace(/[\\:]/g, '\\$&')
  return `*:*:*:${escaped(user)}:${escaped(password)}\n`
}
