import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { claimSlot } from '../../../src/executor/server/slots.js'
import { projectRoot } from '../../../src/project.js'
import { runScript } from './project-copy.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-slots-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('claimSlot gives each caller a slot of its own, and says that another is held', () => {
  const servers = join(folder, 'servers')
  const [first, second] = [claimSlot(servers), claimSlot(servers)]
  expect([first.folder, second.folder]).toEqual([join(servers, 'slot-1'), join(servers, 'slot-2')])
  expect([first.othersRun, second.othersRun]).toEqual([false, true])
  first.release()
  second.release()
  expect(claimSlot(servers).folder).toBe(first.folder)
})

test('claimSlot names the folder where no slot can be, and what helps', () => {
  const file = join(folder, 'a file')
  writeFileSync(file, '')
  expect(() => claimSlot(join(file, 'servers'))).toThrow(
    `No embedded server can be started: ${join(file, 'servers')} cannot be written, a part of its path is a file, not a folder: remove that file`,
  )
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'other', 'slot-1'), '')
  expect(() => claimSlot(join(folder, 'other'))).toThrow(`${join(folder, 'other', 'slot-1')} cannot be written, a`)
})

const isRoot = process.getuid?.() === 0
describe.skipIf(!isRoot)(`slots that root made${isRoot ? '' : ': only root can make them'}`, () => {
  const nobody = 65_534
  /** The answer that a normal user gets who claims a slot. */
  const claimed = (servers: string): Promise<string> =>
    runScript(
      projectRoot,
      `import { claimSlot } from './dist/executor/server/slots.js'
process.setgid(${nobody})
process.setuid(${nobody})
try { const { folder, release } = claimSlot(${JSON.stringify(servers)}); console.log(folder); release() } catch (error) { console.log(error.message) }`,
    ).line()
  const project = () => {
    const made = mkdtempSync(join(folder, 'project-'))
    chmodSync(folder, 0o755)
    chownSync(made, nobody, nobody)
    return made
  }
  it('are passed over by a normal user, whether they are held or not, and leave room for others', async () => {
    const servers = join(project(), 'data', 'servers')
    const ours = claimSlot(servers)
    expect(statSync(ours.folder).uid).toBe(0)
    expect(await claimed(servers)).toBe(join(servers, 'slot-2'))
    ours.release()
    expect(await claimed(servers)).toBe(join(servers, 'slot-2'))
    expect(existsSync(ours.folder)).toBe(true)
  })

  it('are named where there is no other', async () => {
    const servers = join(project(), 'servers')
    mkdirSync(servers, { mode: 0o755 })
    claimSlot(servers).release()
    expect(await claimed(servers)).toBe(
      `No embedded server can be started: ${join(servers, 'slot-1')} cannot be written, you may not write there: make it writable for you, or remove it (it holds no results)`,
    )
  })
})
