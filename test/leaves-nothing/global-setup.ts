import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/project.js'
import { type CheckoutState, leftFiles, leftInTemporary, stateOfCheckout } from './files.js'
import { writtenPasswords } from './passwords.js'
import { leftProcesses, processIds } from './processes.js'
import { leftOnServers } from './servers.js'

/** What ends a failure whose cause is mended: nobody else clears the servers. */
const remedy = "What is on copylab's servers goes with data/servers: remove that folder when none of them runs."

/**
 * Gives all tests, and what they start, a folder for temporary files of their own. After the last
 * one it fails the run when anything is left: a process, a port, a file, something on copylab's own
 * servers, a password.
 */
export default function setup(): (() => Promise<void>) | undefined {
  // Each project of vitest's calls this; the first one speaks for all.
  if (process.env.COPYLAB_TESTS !== undefined) return undefined
  const given = process.env.TMPDIR
  // Sockets have paths of at most 107 bytes.
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'c-')))
  // As any such folder: some tests work as another user.
  chmodSync(temporary, 0o1777)
  process.env.COPYLAB_TESTS = temporary
  process.env.TMPDIR = temporary
  const before = { processes: processIds(), files: stateOfCheckout(projectRoot), sinceMs: Date.now() }

  return async () => {
    // vitest logs what a teardown throws, and ends as if nothing had been.
    const status = process.exitCode
    process.exitCode = 1
    const left = [
      ...(await leftProcesses({ temporary, checkout: projectRoot, before: before.processes })),
      ...leftInTemporary(temporary),
      ...(await leftOnServers(projectRoot, before.sinceMs)),
      ...filesSince(before.files),
      ...writtenPasswords({ checkout: projectRoot, temporary, sinceMs: before.sinceMs }),
    ]
    rmSync(temporary, { recursive: true, force: true })
    delete process.env.COPYLAB_TESTS
    if (given === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = given
    if (left.length > 0) throw new Error(`The tests left:\n${left.map((one) => `  ${one}`).join('\n')}\n${remedy}`)
    process.exitCode = status
  }
}

/** Names each file of the checkout that is new, changed or gone; says so where git cannot tell. */
function filesSince(before: CheckoutState | null): string[] {
  const after = stateOfCheckout(projectRoot)
  if (before !== null && after !== null) return leftFiles(before, after)
  console.warn('Whether the tests left files in the checkout is not known: git cannot tell here')
  return []
}
