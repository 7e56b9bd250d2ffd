import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import { DatabaseError } from '../errors.js'
import { displayPath, projectRoot } from '../project.js'
import type { Binaries } from './binaries.js'

const run = promisify(execFile)

/** As whom PostgreSQL's programs run: by what their command begins, and the user to change to. */
export interface Identity {
  readonly prefix: readonly string[]
  readonly user: { readonly uid?: number; readonly gid?: number }
}

const nobodyId = 65534

/** In a user namespace of its own a process of root's has another user id, and keeps root's access to files that root owns. */
const namespace: Identity = {
  prefix: ['unshare', '--user', `--map-user=${nobodyId}`, `--map-group=${nobodyId}`, '--'],
  user: {},
}

/**
 * Finds whom PostgreSQL can run as, since it refuses to run as root, and gives `folder` to them. A normal user runs it as themselves;
 * root in a user namespace, else as the owner of the project, else as `nobody`. Throws `DatabaseError` when none of them can.
 */
export async function chooseIdentity(binaries: Binaries, folder: string): Promise<Identity> {
  if (process.getuid?.() !== 0) {
    const self: Identity = { prefix: [], user: {} }
    const failure = await tryIdentity(self, binaries, folder)
    if (failure === null) return self
    throw new DatabaseError(
      `The embedded PostgreSQL cannot run here (${failure}): make ${displayPath(folder)} writable for you, or use compose() or url()`,
    )
  }
  const failures: string[] = []
  for (const identity of [namespace, projectOwner(), await nobody()]) {
    if (identity === null) continue
    const failure = await tryIdentity(identity, binaries, folder)
    if (failure === null) return identity
    failures.push(failure)
  }
  throw new DatabaseError(
    `PostgreSQL does not run as root, and no other user can run it here (${failures.join('; ')}): run as a normal user, or move the project to a folder that every user may enter`,
  )
}

/** null when PostgreSQL starts as `identity` and `folder` can be written; else what was refused. */
async function tryIdentity(identity: Identity, binaries: Binaries, folder: string): Promise<string | null> {
  const script = 'cd -- "$1" && : > trial && rm trial && exec "$2" --version'
  const [program, ...args] = [...identity.prefix, '/bin/sh', '-c', script, 'copylab', folder, binaries.postgres]
  try {
    if (process.getuid?.() === 0) await giveTo(identity, folder)
    await run(program!, args, { ...identity.user, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' } })
    return null
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    const reason = stderr?.trim().split('\n').at(-1) || message
    return reason.replaceAll(folder, displayPath(folder)).replaceAll(projectRoot, '')
  }
}

/** Makes `folder` and all in it belong to `identity`; for root only. */
export async function giveTo({ user: { uid = 0, gid = 0 } }: Identity, folder: string): Promise<void> {
  await run('chown', ['-R', `${uid}:${gid}`, folder])
}

function projectOwner(): Identity | null {
  const { uid, gid } = statSync(projectRoot)
  return uid === 0 ? null : { prefix: [], user: { uid, gid } }
}

async function nobody(): Promise<Identity> {
  const idOf = async (option: string): Promise<number> => {
    try {
      return Number((await run('id', [option, 'nobody'])).stdout)
    } catch {
      return nobodyId
    }
  }
  return { prefix: [], user: { uid: await idOf('-u'), gid: await idOf('-g') } }
}
