import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/project.js'

/** `npm test` builds before it runs these. */
const built = join(projectRoot, 'dist')
const source = join(projectRoot, 'src')

describe('npm run build', () => {
  it('makes the command line executable, so that `npx copylab` runs after every build', () => {
    expect(() => accessSync(join(built, 'cli.js'), constants.X_OK)).not.toThrow()
    expect(readFileSync(join(built, 'cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('is the one script that writes dist/, and what npm ci, npm test and npm run bench run first', () => {
    const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const writing = Object.keys(scripts).filter((name) => scripts[name]!.includes('tsconfig.build.json'))
    expect(writing).toEqual(['build'])
    for (const name of ['prepare', 'test', 'test:lab', 'bench']) expect(scripts[name]).toMatch(/^npm run build/)
  })

  it('copies the schemas next to the code that reads them', () => {
    const schemas = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.schema.json'),
    )
    for (const file of schemas)
      expect(readFileSync(join(built, file), 'utf8')).toBe(readFileSync(join(source, file), 'utf8'))
  })
})
