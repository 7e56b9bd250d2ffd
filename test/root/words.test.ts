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

/** The lines that have what is sought, each with its place. */
function linesWith(sought: RegExp, where = /^/): string[] {
  return lines
    .filter(({ place, text }) => where.test(place) && !/^src\/entries\/earlier\//.test(place) && sought.test(text))
    .map(({ place, text }) => `${place} ${text.trim()}`)
}

/** Words that are gone, each with the one that is used instead. */
const gone: readonly (readonly [word: RegExp, instead: string])[] = [
  [
    /\b(?!BlockLook\b|blockOfLook\b|autovacuumLooks\b)\w*[a-z]Looks?\b|\blookPauseMs\b/,
    'sample (of waits), style (of a figure)',
  ],
  [/\b[lL]anes?\b|[a-z]Lanes?\b|\bcrew\b/, 'worker, threads'],
  [/\b[pP]ieces?\b|[a-z]Pieces?\b/, 'chunk (of a file), segment (of a timeline), part'],
  [/\b(?:Integer|Wide|Float|Bytes|List|Ended|Element|Column)Rows\b/, 'Int32Column, Int64Column, …'],
  [/\bmisfit/i, 'invalidValue, lackOfFit'],
  [/\b(?:Host|WalIo)Measures\b|\bMeasures\b(?=[,;>]| &)/, 'Measurements'],
  [/\b(?:usual|least|most)[A-Z]\w*|\bsampleFloor\b/, 'default…, min…, max…'],
  [/\btakenOver\b|taken-over/, 'verbatim'],
  [/\brecipes?\b|Recipe\b/i, 'file spec'],
  [/\bleft-?over\b/i, 'orphan'],
  [/\bdealt?Files\b|\bdeal\b/, 'assign'],
  [/\b[rR]egistration(?:Options|Of)?\b(?!'|: hashedPre|`, and samples)/, 'preregistration'],
  [/\bstand-ins?\b/i, 'sentinel'],
  [/\banew\b/i, 'again'],
  [/\bbehind\b/i, 'after'],
  [/\bbeside\b(?!'| \?\?|\?:| \?)/i, 'next to, together with, in addition to'],
  [/\bso many\b/i, 'n'],
  [/\bparted\b|\bamiss\b/i, 'separated, wrong'],
  [/\bunless told\b|\bwhen absent\b/i, 'the tag @default'],
]

describe('what is written', () => {
  it.each(gone)('has no %s in src: it says %s', (word) => {
    expect(linesWith(word, /^src\//)).toEqual([])
  })

  it('has no word of a dialect in the documents and in the notebook', () => {
    const notebook = JSON.parse(readFileSync(join(projectRoot, 'notebooks/worker-analysis.ipynb'), 'utf8')) as {
      cells: { id: string; source: string[] }[]
    }
    const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: projectRoot, encoding: 'utf8' })
      .split('\n')
      .filter((page) => page !== '' && page !== 'CHANGELOG.md')
    expect(pages.length).toBeGreaterThan(10)
    const texts = [
      ...notebook.cells.flatMap(({ id, source }) => source.map((text) => `${id} ${text}`)),
      ...pages.flatMap((page) =>
        readFileSync(join(projectRoot, page), 'utf8')
          .split('\n')
          .map((text) => `${page} ${text}`),
      ),
    ]
    const dialect = /\b(?:beside|behind|anew|so many|parted|amiss|unless told|[rR]egistration|[rR]egistered|lettered)\b/
    expect(texts.filter((text) => dialect.test(text) && !text.includes('"beside"'))).toEqual([])
  })

  it('has no docstring that begins with "The same"', () => {
    const begins = lines.filter(({ text }, k) => {
      const before = lines[k - 1]?.text ?? ''
      return /^\s*\/\*\* The same\b/.test(text) || (/^\s*\/\*\*$/.test(before) && /^\s*\* The same\b/.test(text))
    })
    expect(begins.map(({ place }) => place)).toEqual([])
  })

  it('has no comment line longer than 100 columns', () => {
    const comments = lines.filter(({ text }) => /^\s*(\/\*|\*|\/\/)/.test(text))
    expect(comments.length).toBeGreaterThan(5_000)
    const long = comments.filter(({ text }) => [...text].length > 100 && !/biome-ignore|https?:\S+$/.test(text))
    expect(long.map(({ place }) => place)).toEqual([])
  })
})
