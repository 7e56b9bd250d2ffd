import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { promisify } from 'node:util'
import { displayPath, projectRoot } from '../../project.js'
import { DatabaseError } from '../errors.js'
import type { Binaries } from './binaries.js'

const run = promisify(execFile)

/**
 * User that PostgreSQL's programs run as: the beginning of their command, and the user to change
 * to.
 */
export interface Identity {
  readonly prefix: readonly string[]
  readonly user: { readonly uid?: number; readonly gid?: number }
}

const self: Identity = { prefix: [], user: {} }

/**
 * Finds a user that PostgreSQL can run as, and gives `folder` to that user. PostgreSQL refuses to
 * run as root, and initdb as a user without a name. A normal user is first tried as themselves,
 * root in a user namespace, where it has another user id and keeps its access to the files that
 * root owns; then root as the owner of the project, and as `nobody`. Throws `DatabaseError` when
 * none of them can.
 */
export async function chooseIdentity(binaries: Binaries, folder: string): Promise<Identity> {
  const isRoot = process.getuid?.() === 0
  const nobody = await nobodyIds()
  const prefix = ['unshare', '--user', `--map-user=${nobody.uid}`, `--map-group=${nobody.gid}`, '--']
  const namespace: Identity = { prefix, user: {} }
  const { uid, gid } = statSync(projectRoot)
  const owner: Identity[] =
    uid === 0
      ? []
      : [
          { prefix: [], user: { uid, gid } },
          { prefix, user: { uid, gid } },
        ]
  const candidates = isRoot ? [namespace, ...owner, { prefix: [], user: nobody }] : [self, namespace]

  const failures: string[] = []
  for (const identity of candidates) {
    const failure = await tryIdentity(identity, binaries, folder)
    if (failure === null) return identity
    failures.push(failure)
  }
  const refused = [...new Set(failures)].join('; ')
  throw new DatabaseError(
    isRoot
      ? `PostgreSQL does not run as root, and no other user can run it here (${refused}): run as a normal user, or move the project to a folder that every user may enter`
      : `The embedded PostgreSQL cannot run here (${refused}): make ${displayPath(folder)} writable for you, or use compose() or url()`,
  )
}

/**
 * Tries an identity: null when PostgreSQL starts as it and can write to `folder`; else what was
 * refused.
 */
async function tryIdentity(identity: Identity, binaries: Binaries, folder: string): Promise<string | null> {
  const script = 'id -un >/dev/null && cd -- "$1" && : > trial && rm trial && exec "$2" --version'
  const [program, ...args] = [...identity.prefix, '/bin/sh', '-c', script, 'copylab', folder, binaries.postgres]
  try {
    if (process.getuid?.() === 0) await giveTo(identity, folder)
    await run(program!, args, { ...identity.user, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' } })
    return null
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string }
    const reason = stderr?.trim().split('\n').at(-1) || message
    return reason.replaceAll(folder, displayPath(folder)).replaceAll(`${projectRoot}/`, '')
  }
}

/** Makes `folder` and all in it belong to `identity`; for root only. */
export async function giveTo({ user: { uid = 0, gid = 0 } }: Identity, folder: string): Promise<void> {
  await run('chown', ['-R', `${uid}:${gid}`, folder])
}

/** Returns the ids of the user `nobody`, in most systems 65534. */
async function nobodyIds(): Promise<{ uid: number; gid: number }> {
  const idOf = async (option: string): Promise<number> => {
    try {
      return Number((await run('id', [option, 'nobody'])).stdout)
    } catch {
      return 65_534
    }
  }
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')])
  return { uid, gid }
}
