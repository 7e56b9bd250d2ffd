import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../src/executor/project.js'

const source = join(projectRoot, 'src')

interface Import {
  readonly file: string
  readonly from: string
  readonly typesOnly: boolean
}

const imports: Import[] = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) =>
    [...readFileSync(join(source, file), 'utf8').matchAll(/^(?:im|ex)port (type )?[^'"]*?from '([^']+)'/gms)].map(
      (match) => ({ file, from: match[2]!, typesOnly: match[1] !== undefined }),
    ),
  )
const within = (folder: string): Import[] => imports.filter(({ file }) => file.startsWith(`${folder}/`))
const reaches = ({ from }: Import, folder: string): boolean => from.startsWith('..') && from.includes(`/${folder}/`)

describe('src/', () => {
  it('imports in one direction: the executor nothing above it, the analysis types of the executor alone', () => {
    expect(imports.length).toBeGreaterThan(200)
    const above = ['analysis', 'chapter', 'cli']
    expect(within('executor').filter((one) => above.some((folder) => reaches(one, folder)))).toEqual([])
    expect(within('analysis').filter((one) => reaches(one, 'chapter') || reaches(one, 'cli'))).toEqual([])
    const ofExecutor = within('analysis').filter((one) => reaches(one, 'executor'))
    expect(ofExecutor.length).toBeGreaterThan(5)
    expect(ofExecutor.filter((one) => !one.typesOnly)).toEqual([])
  })

  it('imports danfojs-node in frames.ts alone', () => {
    const users = imports.filter(({ from }) => from.startsWith('danfojs')).map(({ file }) => file)
    expect(new Set(users)).toEqual(new Set(['analysis/frames.ts']))
  })
})
