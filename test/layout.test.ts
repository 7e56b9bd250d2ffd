import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../src/project.js'

const source = join(projectRoot, 'src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

interface Import {
  readonly file: string
  /** The file below `src` that is imported; null for a package. */
  readonly target: string | null
  readonly from: string
}

/** Every import and re-export, of types too, and every `import('…')`. */
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), 'utf8')
  const found = [
    ...text.matchAll(/^(?:im|ex)port [^'"]*?from '([^']+)'/gms),
    ...text.matchAll(/\bimport\('([^']+)'\)/g),
    ...text.matchAll(/^import '([^']+)'/gm),
  ]
  return found.map(([, from]) => ({
    file,
    from: from!,
    target: from!.startsWith('.') ? posix.join(posix.dirname(file), from!).replace(/\.js$/, '.ts') : null,
  }))
})

/**
 * Folders that each layer may import in addition to itself and the files of the root: those below
 * it.
 */
const floors: { readonly [floor: string]: readonly string[] } = {
  study: [],
  executor: ['study'],
  analysis: ['study'],
  claims: ['study', 'analysis'],
  notebook: ['study', 'analysis', 'claims'],
  chapter: ['study', 'analysis', 'claims', 'notebook'],
  doctor: ['study', 'executor', 'notebook'],
  entries: ['study', 'executor', 'analysis', 'claims', 'notebook', 'chapter', 'doctor'],
  cli: ['study', 'executor', 'analysis', 'claims', 'notebook', 'chapter', 'doctor', 'entries'],
}

/**
 * The floor of a file, by its folder; the root's own files are everybody's, but for the command
 * line's entry.
 */
const floorOf = (file: string): string => (file === 'cli.ts' ? 'cli' : file.includes('/') ? file.split('/')[0]! : '.')

describe('src/', () => {
  it('has the floors, and nothing else', () => {
    const folders = readdirSync(source).filter((name) => statSync(join(source, name)).isDirectory())
    expect(folders.sort()).toEqual(Object.keys(floors).sort())
    expect(imports.length).toBeGreaterThan(1_000)
  })

  it('imports downwards: executor and analysis stand side by side on study and never import each other', () => {
    const upward = imports.filter(({ file, target }) => {
      if (target === null) return false
      const [from, to] = [floorOf(file), floorOf(target)]
      return to !== '.' && from !== to && !(floors[from] ?? []).includes(to)
    })
    expect(upward.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  it('has the working note in a folder of its own, which nothing but the lists of public names imports', () => {
    const isNote = (file: string | null): boolean => file?.startsWith('claims/note/') ?? false
    const users = imports.filter(({ file, target }) => isNote(target) && !isNote(file)).map(({ file }) => file)
    expect(users.length).toBeGreaterThan(0)
    expect(users.filter((file) => !file.startsWith('entries/'))).toEqual([])
  })

  it('imports files that are there', () => {
    const known = new Set(files)
    expect(imports.filter(({ target }) => target?.endsWith('.ts') && !known.has(target))).toEqual([])
  })

  it('has no circle of imports, types included', () => {
    const next = new Map(
      files.map((file) => [file, imports.filter((one) => one.file === file).map((one) => one.target)]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      if (done.has(file) || path.includes(file)) return
      for (const target of next.get(file) ?? []) if (target !== null) visit(target, [...path, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it('has no folder with more than 20 siblings, and no file above 300 lines of code', () => {
    expect(wideFolders(source)).toEqual([])
    const isComment = (line: string): boolean => /^\s*(\/\*\*|\*|\/\/)/.test(line)
    const codeLines = (file: string): string[] =>
      readFileSync(join(source, file), 'utf8')
        .split('\n')
        .filter((line) => !isComment(line))
    const long = files.filter((file) => codeLines(file).length > 301)
    expect(long).toEqual([])
  })

  it('imports danfojs-node in frames.ts alone', () => {
    const users = imports.filter(({ from }) => from.startsWith('danfojs')).map(({ file }) => file)
    expect(new Set(users)).toEqual(new Set(['analysis/tables/frames.ts']))
  })
})

it.each(['bench', 'test'])('%s/ has no folder with more than 20 siblings', (name) => {
  expect(wideFolders(join(projectRoot, name))).toEqual([])
})

/**
 * Folders that hold more than a reader takes in at once; not those that are made by a command and
 * ignored by git.
 */
function wideFolders(folder: string): string[] {
  const own = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !['dist', 'node_modules', 'bin', 'target', '.venv', '__pycache__'].includes(name),
  )
  const below = own.filter((entry) => entry.isDirectory()).flatMap(({ name }) => wideFolders(join(folder, name)))
  return own.length > 20 ? [folder, ...below] : below
}
