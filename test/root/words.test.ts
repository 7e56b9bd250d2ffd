import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/project.js'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: projectRoot,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '')

/** Each line of each TypeScript file, with its place. */
const lines = files.flatMap((file) =>
  readFileSync(join(projectRoot, file), 'utf8')
    .split('\n')
    .map((text, k) => ({ place: `${file}:${k + 1}`, text })),
)

describe('what is written', () => {
  it('has no comment line longer than 100 columns', () => {
    const comments = lines.filter(({ text }) => /^\s*(\/\*|\*|\/\/)/.test(text))
    expect(comments.length).toBeGreaterThan(5_000)
    const long = comments.filter(({ text }) => [...text].length > 100 && !/biome-ignore|https?:\S+$/.test(text))
    expect(long.map(({ place }) => place)).toEqual([])
  })
})
