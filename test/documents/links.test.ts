import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/project.js'
import { type Page, pageAt, pages, prose } from './pages.js'

interface Link {
  /** The file or folder, seen from the project's folder. */
  readonly to: string
  readonly anchor: string | null
}

/** The links of a page that lead into the project. */
function linksOf(page: Page): Link[] {
  return [...prose(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([, to, anchor]) => ({
    to: to === '' ? page.path : join(dirname(page.path), to!),
    anchor: anchor ?? null,
  }))
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf({ text }: Page): string[] {
  const headings = [...text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('the documents', () => {
  it.each(pages.map((page) => [page.path, page] as const))('%s links to what is there', (_, page) => {
    for (const { to, anchor } of linksOf(page)) {
      expect(existsSync(join(projectRoot, to)), to).toBe(true)
      if (anchor !== null) expect(anchorsOf(pageAt(to)), `${to}#${anchor}`).toContain(anchor)
    }
  })

  it('are found from README.md and from docs/README.md, each page in docs/', () => {
    const listed = ['README.md', 'docs/README.md'].map((path) => new Set(linksOf(pageAt(path)).map(({ to }) => to)))
    expect(listed[0]!.size).toBeGreaterThan(10)
    const below = pages.map(({ path }) => path).filter((path) => path !== 'README.md' && path !== 'docs/README.md')
    expect(below.filter((path) => !listed[1]!.has(path))).toEqual([])
    expect(below.filter((path) => !listed[0]!.has(path) && path !== 'bench/README.md')).toEqual([])
  })

  it('begin with a README of at most 12,000 bytes', () => {
    expect(Buffer.byteLength(pageAt('README.md').text)).toBeLessThanOrEqual(12_000)
  })

  it.each(pages.map((page) => [page.path, page] as const))('%s names only files that the project has', (_, page) => {
    const made = readFileSync(join(projectRoot, '.gitignore'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('/') && !line.includes('*'))
      .map((line) => line.slice(1).replace(/\/$/, ''))
    expect(made).toContain('data/out')
    const paths = page.spans.filter((span) => /^(src|test|notebooks|bench|docs|data)\/[^\s*<…]*$/.test(span))
    const unknown = paths.filter(
      (path) =>
        !existsSync(join(projectRoot, path)) &&
        !made.some((folder) => path === folder || path.startsWith(`${folder}/`)),
    )
    expect(unknown).toEqual([])
  })
})
