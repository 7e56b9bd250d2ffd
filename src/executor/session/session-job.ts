import type { Treatment } from '../../study/treatment.js'
import type { Trial } from '../../study/trial.js'
import { type PackedConfig, packConfig, unpackConfig } from '../calls/packed-config.js'
import type { PlacedFile } from '../input/batches.js'
import { compileAnalyse } from '../input/csv/compile-analyse.js'
import type { FileSpec } from '../input/file-spec.js'
import type { Input } from '../input/input.js'
import { makeFile } from '../input/make-file.js'
import { specOf } from '../input/with-spec.js'
import type { Connection } from '../server/server.js'
import type { TrialTask } from '../trial/trial.js'
import type { SessionFacts } from './open-session.js'
import type { SessionSetup } from './session.js'

/** What is told between processes by calls, and not as a part of the job. */
type Told = 'signal' | 'onWait' | 'onWarning' | 'yes'

/** A session to open in another process: plain data, cloned. */
export interface SessionJob extends Omit<SessionSetup, Told | 'connection' | 'input' | 'files'> {
  readonly connection: Omit<Connection, 'config'> & { readonly config: PackedConfig }
  readonly input: Omit<Input, 'describe' | 'files' | 'contents' | 'checkUnchanged'> & {
    readonly description: Record<string, unknown>
  }
  readonly files: readonly (Omit<PlacedFile, 'file'> & { readonly spec: FileSpec })[]
  readonly treatments: readonly Treatment[]
  /** Whether trials may run on a server of others; null where the caller decides when asked. */
  readonly consent: boolean | null
}

/** Functions of the process of a session that its parent calls. */
export type SessionCalls = {
  open(job: SessionJob): Promise<void>
  facts(): Promise<SessionFacts>
  run(task: TrialTask): Promise<Trial>
  /** Ends what runs, as an abort in one process does. */
  abort(): void
  /** Closes the session, and resolves when that is done. */
  close(): Promise<void>
}

/** Functions of the parent that the process of a session calls. */
export type ParentCalls = {
  waits(message: string): void
  warns(text: string): void
  consents(undertaking: string): Promise<boolean>
}

/**
 * Packs what a session is opened for. Throws `InputError` for a file that another process cannot
 * make.
 */
export function packJob(setup: SessionSetup, treatments: readonly Treatment[]): SessionJob {
  const { connection, input, files, signal: _, onWait: __, onWarning: ___, yes, ...rest } = setup
  const { describe, files: ____, contents: _____, checkUnchanged: ______, ...described } = input
  return {
    ...rest,
    connection: { ...connection, config: packConfig(connection.config, 'session') },
    input: { ...described, description: describe() },
    files: files.map(({ file, ...place }) => ({ ...place, spec: specOf(file, 'session') })),
    treatments,
    consent: typeof yes === 'function' ? null : yes,
  }
}

/** Restores what a session is opened for; `told` is what its parent is told and tells. */
export function unpackJob(
  { connection, input, files, treatments: _, consent: __, ...rest }: SessionJob,
  told: Pick<SessionSetup, Told>,
): SessionSetup {
  const { description, ...described } = input
  const placed = files.map(({ spec, ...place }) => ({
    ...place,
    file: makeFile(spec, (source) => compileAnalyse(source, 'session')),
  }))
  return {
    ...rest,
    ...told,
    connection: { ...connection, config: unpackConfig(connection.config) },
    input: { ...described, describe: () => description, files: async () => placed.map(({ file }) => file) },
    files: placed,
  }
}
