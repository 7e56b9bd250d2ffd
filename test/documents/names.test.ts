import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { type CommandHelp, readCommands } from '../../bench/documents/commands.js'
import { usage } from '../../bench/flags.js'
import * as analysis from '../../src/entries/analysis.js'
import * as chapter from '../../src/entries/chapter.js'
import * as root from '../../src/entries/copylab.js'
import * as executor from '../../src/entries/executor.js'
import * as notebook from '../../src/entries/notebook.js'
import * as statistics from '../../src/entries/statistics.js'
import { projectRoot } from '../../src/project.js'
import { pageAt, pages, shellLines } from './pages.js'

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}
const named = pages.map((page) => [page.path, page] as const)

describe('TypeScript in the documents', () => {
  it('has the right types, as cells are read: every import, option and field is there', () => {
    const cells = pages.flatMap(({ path, fences }) =>
      fences
        .filter(({ language }) => language === 'ts')
        .map(({ code, line }) => ({ name: `${path}:${line}`, file: cellFile(`${path}-${line}`), code })),
    )
    expect(cells.length).toBeGreaterThan(8)
    expect(typeErrors(cells)).toEqual([])
    const wrong = { name: 'wrong', file: cellFile('wrong'), code: "import { runStudies } from 'copylab'\n" }
    expect(typeErrors([wrong]).join()).toMatch(/^wrong: .*runStudies/)
  })

  it.each(named.filter(([path]) => path !== 'CONTRIBUTING.md'))('%s calls only what an entry exports', (_, page) => {
    const entries = [root, executor, analysis, notebook, chapter, statistics]
    const exported = new Set(entries.flatMap((entry) => Object.keys(entry)))
    const called = page.spans.flatMap((span) => /^([a-z]\w*)\(/.exec(span)?.[1] ?? [])
    // Types of PostgreSQL with a limit, as in `varchar(20)`, are no calls.
    const types = ['varchar', 'numeric']
    expect(called.filter((name) => !exported.has(name) && !types.includes(name))).toEqual([])
  })
})

describe('files and identifiers in the documents', () => {
  const files = ['src', 'test', 'bench', 'notebooks'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|py)$/.test(file) && !/(^|\/)(node_modules|dist|\.venv)\//.test(file))
      .map((file) => join(projectRoot, folder, file)),
  )
  const names = new Set(files.map((file) => basename(file)))
  const words = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/\w+/g) ?? []))

  it.each(named)('%s names only those that the code has', (_, page) => {
    const code = page.spans.filter((span) => /^[\w-]+\.(ts|py)$/.test(span))
    expect(code.filter((file) => !names.has(file))).toEqual([])
    const identifiers = page.spans.flatMap((span) => /^([A-Za-z]\w*[a-z][A-Z]\w*)(\(.*\))?$/.exec(span)?.[1] ?? [])
    expect(identifiers.filter((word) => !words.has(word))).toEqual([])
  })
})

interface CellText {
  readonly name: string
  readonly file: string
  readonly code: string
}

/** A file that would lie where notebooks do, whatever characters its name has. */
function cellFile(name: string): string {
  return join(projectRoot, 'notebooks', `cell-${name.replace(/\W+/g, '-')}.ts`)
}

/** What TypeScript says of cells that are files by themselves, by their names. */
function typeErrors(cells: readonly CellText[]): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    types: ['node'],
    strict: false,
    skipLibCheck: true,
    noEmit: true,
  }
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  const codeOf = (path: string): string | undefined => cells.find(({ file }) => file === path)?.code
  host.fileExists = (path) => codeOf(path) !== undefined || fileExists(path)
  host.readFile = (path) => codeOf(path) ?? readFile(path)
  host.getSourceFile = (path, target) => {
    const text = host.readFile(path)
    return text === undefined ? undefined : ts.createSourceFile(path, text, target)
  }
  const program = ts.createProgram({ rootNames: cells.map(({ file }) => file), options, host })
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const cell = cells.find((one) => one.file === file?.fileName)
    return `${cell?.name ?? file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

describe('commands in the documents', () => {
  const commands = readCommands()

  /** The command that words name, those of a group too. */
  const commandOf = (words: readonly string[]): CommandHelp | undefined =>
    commands.find(({ name }) => name === words[0] || name === words.slice(0, 2).join(' '))

  const optionsIn = (words: readonly string[]): string[] =>
    words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]!)

  it.each(named)('%s gives copylab only commands and options that it has', (path, page) => {
    const given = [...shellLines(page), ...page.spans].flatMap((text) => /\bnpx copylab (.*)$/.exec(text)?.[1] ?? [])
    if (path === 'docs/command-line.md') expect(given.length).toBeGreaterThan(30)
    for (const text of given) {
      const words = text.split(/\s+/)
      if (words[0]!.startsWith('-')) continue
      const command = commandOf(words)
      expect(command?.name, text).toBeDefined()
      for (const option of optionsIn(words)) expect(command!.options, text).toContain(option)
    }
  })

  it.each(named)('%s names only options that some command has', (_, page) => {
    const known = new Set([...commands.flatMap(({ options }) => options), ...(usage.match(/--[a-z]+/g) ?? [])])
    const named = page.spans.filter((span) => /^--?[a-z]/.test(span)).flatMap((span) => optionsIn(span.split(/\s+/)))
    expect(named.filter((option) => !known.has(option))).toEqual([])
  })

  it.each(named)('%s runs only scripts of package.json, with options that they have', (_, page) => {
    for (const text of [...shellLines(page), ...page.spans]) {
      for (const [, script, rest] of text.matchAll(/\bnpm (?:run )?(start|test|(?<=run )[\w:]+)\b(?: -- ([^&]*))?/g)) {
        expect(scripts, text).toHaveProperty([script!])
        const known = script === 'bench' ? usage : (commands.find(({ name }) => name === script)?.options ?? []).join()
        for (const option of optionsIn((rest ?? '').split(/\s+/))) expect(known, text).toContain(option)
      }
    }
  })
})

describe('docs/troubleshooting.md', () => {
  const page = pageAt('docs/troubleshooting.md')
  const [messages, findings] = page.text.split('\n## Findings\n') as [string, string]

  it('quotes messages as they are printed', () => {
    const printed = textsOf(join(projectRoot, 'src'))
    const quoted = [...messages.matchAll(/^\| (`+) ?(.+?) ?\1 \|/gm)].map((match) => match[2]!)
    expect(quoted.length).toBeGreaterThan(40)
    const unknown = quoted.filter((message) => {
      const parts = message.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      const pattern = new RegExp(parts.join('.*'), 's')
      return !printed.some((text) => pattern.test(text))
    })
    expect(unknown).toEqual([])
  })

  it('names every finding', () => {
    const source = readFileSync(join(projectRoot, 'src', 'study', 'finding.ts'), 'utf8')
    const codes = [...source.slice(source.indexOf('type FindingCode')).matchAll(/'([a-z-]+)'/g)].map(
      (match) => match[1]!,
    )
    expect(codes.length).toBeGreaterThan(20)
    const rows = [...findings.matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]!)
    expect(rows.sort()).toEqual(codes.sort())
  })
})

describe('docs/reliability.md', () => {
  it('names tests that there are, by their titles', () => {
    const plain = (text: string): string => text.replaceAll("\\'", "'").replaceAll('’', "'")
    const tests = textsOf(join(projectRoot, 'test')).map(plain)
    const rows = pageAt('docs/reliability.md')
      .text.split('\n')
      .filter((line) => line.startsWith('| '))
    const titles = rows.flatMap(
      (row) =>
        row
          .split(' | ')
          .at(-1)!
          .match(/"[^"]+"/g) ?? [],
    )
    expect(titles.length).toBeGreaterThan(80)
    const unknown = titles.filter((title) => {
      const parts = plain(title.slice(1, -1))
        .split('…')
        .map((part) => part.trim())
      return !tests.some((text) => parts.every((part) => text.includes(part)))
    })
    expect(unknown).toEqual([])
  })
})

/** The texts that a folder's code holds, with … in the place of what is put into them. */
function textsOf(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.flatMap((file) => {
    const texts: string[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text)
      if (ts.isTemplateExpression(node)) {
        texts.push(node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''))
      }
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.ES2022))
    return texts
  })
}
