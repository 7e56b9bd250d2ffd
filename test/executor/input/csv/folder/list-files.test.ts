import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listFiles, listingWords } from '../../../../../src/executor/input/csv/folder/list-files.js'
import { projectRoot } from '../../../../../src/project.js'
import { runScript } from '../../../server/project-copy.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-list-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (...names: string[]): void => {
  for (const name of names) writeFileSync(join(folder, name), 'id\n1\n')
}
const read = (pattern: RegExp | null = null): string[] => listFiles(folder, pattern).files.map(({ name }) => name)
const words = (pattern: RegExp | null = null): string[] => listingWords(listFiles(folder, pattern))

describe('listFiles of a folder', () => {
  it('takes text files by name, whatever the case of their endings, and compressed ones', () => {
    write('e.txt', 'b.csv.gz', 'd.Tab', 'A.CSV', 'c.tsv.zst')
    expect(read()).toEqual(['A.CSV', 'b.csv.gz', 'c.tsv.zst', 'd.Tab', 'e.txt'])
    expect(words()).toEqual([])
  })

  it('names what is not read, and why', () => {
    write('a.csv', '._a.csv', '.DS_Store', '.b.csv', '~$c.csv', 'd.csv~', '.e.csv.swp', 'f.csv.part', 'README.md')
    write('g.csv.crdownload', '.~lock.a.csv#')
    mkdirSync(join(folder, 'older'))
    expect(read()).toEqual(['a.csv'])
    expect(words()).toEqual([
      'Not read (hidden files): .DS_Store, .b.csv',
      'Not read (what macOS keeps of other files): ._a.csv',
      'Not read (temporary files): .e.csv.swp, .~lock.a.csv#, d.csv~, ~$c.csv',
      'Not read (named otherwise than .csv, .tsv, .tab or .txt): README.md, older',
      'Not read (files that are not complete): f.csv.part, g.csv.crdownload',
    ])
  })

  it('names five of many, and counts the others', () => {
    write('a.csv', ...Array.from({ length: 9 }, (_, k) => `note-${k}.md`))
    const [sentence] = words()
    expect(sentence).toMatch(/: note-0\.md, note-1\.md, note-2\.md, note-3\.md, note-4\.md and 4 more$/)
  })

  it('takes all files, and says so, where no name is that of a text file', () => {
    write('orders', 'lines.dat', '.hidden', 'lines.dat.part')
    mkdirSync(join(folder, 'older'))
    expect(read()).toEqual(['lines.dat', 'orders'])
    expect(words()).toEqual([
      'No name ends in .csv, .tsv, .tab or .txt: all files are read, lines.dat, orders',
      'Not read (hidden files): .hidden',
      'Not read (files that are not complete): lines.dat.part',
      'Not read (no files): older',
    ])
  })

  it('takes what a stated pattern matches, and nothing else', () => {
    write('a.csv', 'b.csv.gz', '.c.csv', 'd.csv.part', '._a.csv')
    expect(read(/\.csv$/g)).toEqual(['.c.csv', 'a.csv'])
    expect(words(/\.csv$/)).toEqual([
      'Not read (what macOS keeps of other files): ._a.csv',
      'Not read (named otherwise than the pattern): b.csv.gz, d.csv.part',
    ])
    expect(read(/part$/)).toEqual(['d.csv.part'])
  })

  it('reads a link to a file', () => {
    mkdirSync(join(folder, 'older'))
    write('older/a.csv')
    symlinkSync(join(folder, 'older', 'a.csv'), join(folder, 'b.csv'))
    expect(listFiles(folder, null).files).toMatchObject([{ name: 'b.csv', path: join(folder, 'b.csv'), bytes: 5 }])
  })

  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdirSync(path)],
    ['a link to a folder', (path) => symlinkSync(folder, path)],
    ['a link to nothing', (path) => symlinkSync(join(folder, 'gone.csv'), path)],
    ['a link to a device', (path) => symlinkSync('/dev/null', path)],
    ['a file that cannot be read (ELOOP', (path) => symlinkSync(path, path)],
  ])('refuses %s with the name of a file at once, and names it', (kind, make) => {
    write('a.csv')
    make(join(folder, 'b.csv'))
    expect(() => read()).toThrow(`${join(folder, 'b.csv')} is ${kind}`)
    expect(() => read()).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(/: put a file in its place, move it elsewhere, or leave it out by a `pattern`/),
      }),
    )
    expect(read(/^a/)).toEqual(['a.csv'])
  })

  it('refuses a socket with the name of a file', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(folder, 'b.csv'), resolve))
    expect(() => read()).toThrow(`${join(folder, 'b.csv')} is a socket`)
    await new Promise((resolve) => server.close(resolve))
  })

  it('names all that it refuses', () => {
    mkdirSync(join(folder, 'a.csv'))
    symlinkSync('gone', join(folder, 'b.csv'))
    expect(() => read()).toThrow(`${join(folder, 'a.csv')} is a folder, ${join(folder, 'b.csv')} is a link to nothing:`)
  })

  const isRoot = process.getuid?.() === 0
  it.skipIf(!isRoot)(
    `refuses a file that may not be read${isRoot ? '' : ': only root can be another user'}`,
    async () => {
      write('a.csv')
      chmodSync(folder, 0o755)
      chmodSync(join(folder, 'a.csv'), 0o000)
      const { line } = runScript(
        projectRoot,
        `import { listFiles } from './dist/executor/input/csv/folder/list-files.js'
process.setgid(65_534)
process.setuid(65_534)
try { listFiles(${JSON.stringify(folder)}, null) } catch (error) { console.log(error.message) }`,
      )
      expect(await line()).toContain(`${join(folder, 'a.csv')} is a file that cannot be read (EACCES`)
    },
  )

  it('says what is there where there is nothing to read', () => {
    write('.hidden.csv', 'a.csv.part')
    expect(() => read()).toThrow(
      `There is no file to read in ${folder}: give another folder or \`pattern\` (--pattern). Not read (hidden files): .hidden.csv. Not read (files that are not complete): a.csv.part`,
    )
    expect(() => read(/b/g)).toThrow(`There is no file whose name matches /b/g in ${folder}`)
  })
})

describe('listFiles of a path', () => {
  it('takes a single file, whatever its name', () => {
    write('a.csv', 'b.csv', '.c')
    expect(listFiles(join(folder, 'b.csv'), null).files).toMatchObject([{ name: 'b.csv', bytes: 5 }])
    expect(listFiles(join(folder, '.c'), null).files).toMatchObject([{ name: '.c' }])
  })

  it('refuses a single file whose name a stated pattern does not match', () => {
    write('a.csv')
    expect(() => listFiles(join(folder, 'a.csv'), /\.txt$/)).toThrow(
      `The name of the file ${join(folder, 'a.csv')} does not match /\\.txt$/: leave \`pattern\` (--pattern) out`,
    )
  })

  it('refuses a pipe', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(() => listFiles(join(folder, 'pipe'), null)).toThrow(
      `${join(folder, 'pipe')} is a pipe: give the path of a file or of a folder`,
    )
  })

  it('names the whole path of what is not there', () => {
    expect(() => listFiles('gone', null)).toThrow(`There is no folder or file ${resolve('gone')}: correct its path`)
  })
})
