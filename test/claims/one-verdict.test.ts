import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { manuscriptOf } from '../../src/chapter/export/manuscript.js'
import { notebookHtml } from '../../src/chapter/page/html.js'
import { claimVerdictWords } from '../../src/claims/words/claim-words.js'
import { chapterNotebook } from '../../src/cli/chapter.js'
import {
  type BestSet,
  type ClaimVerdict,
  claimVerdictRows,
  judgeClaims,
  readClaims,
} from '../../src/entries/analysis.js'
import { readNotebook } from '../../src/notebook/file/notebook-file.js'
import { textOfHtml } from '../../src/notebook/html-text.js'
import { projectRoot } from '../../src/project.js'
import { readReferenceStudies, referenceStudies } from '../chapter/reference-chapter.js'

const verdicts = judgeClaims(readClaims(), readReferenceStudies())
const rows = claimVerdictRows(verdicts)

async function copylab(...args: readonly string[]): Promise<string> {
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args], {
    maxBuffer: 64 * 2 ** 20,
    cwd: projectRoot,
  })
  return stdout
}

/**
 * The words in which one claim is judged, wherever a text names it so: "C1, 2 workers are faster …:
 * undecided. …".
 */
function said(text: string, { claim, id }: ClaimVerdict): string[] {
  const begin = `${id}, ${claim}: `
  return text
    .split(begin)
    .slice(1)
    .map((rest) => rest.slice(0, 400))
}

/** The text after "C1, …: " in the sentence of a verdict, without its last mark. */
const sentence = (verdict: ClaimVerdict): string => {
  const { text } = claimVerdictWords(verdict)
  return text.slice(text.indexOf(`${verdict.claim}: `) + `${verdict.claim}: `.length).replace(/\.$/, '')
}

const plain = (text: string): string => text.replace(/\\(?=[^\w\s])/g, '').replace(/\s+/g, ' ')

describe('one verdict for a claim of the reference studies', () => {
  let places: Readonly<Record<string, string>>
  beforeAll(async () => {
    const notebook = await readNotebook(chapterNotebook)
    const manuscript = manuscriptOf(notebook)
    places = {
      README: readFileSync(join(projectRoot, 'README.md'), 'utf8'),
      page: textOfHtml(notebookHtml(notebook)),
      chapter: JSON.stringify(manuscript).replaceAll('\\n', '\n').replaceAll('\\"', '"').replaceAll('\\\\', '\\'),
      'copylab claims': await copylab('claims', ...referenceStudies),
    }
  }, 60_000)

  it('is the same, with the same interval, in README, page, chapter and command line', () => {
    for (const [place, text] of Object.entries(places)) {
      const named = verdicts.flatMap((verdict) =>
        said(plain(text), verdict).map((found) => {
          const expected = plain(sentence(verdict)).slice(0, 300)
          expect(found.slice(0, expected.length), `${place}, ${verdict.id}`).toBe(expected)
          return verdict.id
        }),
      )
      const all = place === 'README' ? ['C1', 'C2', 'C7', 'C12b'] : verdicts.map(({ id }) => id)
      expect(new Set(named), place).toEqual(new Set(all))
    }
  })

  it('is the word in the table of docs/claims.md, of the page and of the chapter', () => {
    const table = readFileSync(join(projectRoot, 'docs', 'claims.md'), 'utf8')
    for (const { id, claim, word } of rows) {
      expect(table).toMatch(new RegExp(`^\\| ${id} \\| .* \\| \\*\\*${word}\\*\\* \\|`, 'm'))
      for (const place of ['page', 'chapter']) {
        const text = plain(places[place]!)
        const found = [...text.split(`${id} | ${claim} | `).slice(1), ...text.split(`${id} ${claim} `).slice(1)]
        expect(
          found.filter((row) => row.slice(0, 200).includes(` ${word} `)).length,
          `${place}, ${id}`,
        ).toBeGreaterThan(0)
      }
    }
  })

  it('is the same in JSON, with the interval, the level and the parts', async () => {
    const json = JSON.parse(await copylab('claims', ...referenceStudies, '--json')) as { verdicts: ClaimVerdict[] }
    const facts = ({ id, verdict, word, direction, size, matters, level, estimate }: ClaimVerdict) =>
      JSON.parse(JSON.stringify({ id, verdict, word, direction, size, matters, level, estimate })) as unknown
    expect(json.verdicts.map(facts)).toEqual(verdicts.map(facts))
  })

  it('rests on the interval of compare, and on the sets of best', async () => {
    const { comparisons } = JSON.parse(
      await copylab('compare', 'reference-workers', '--a', 'workers=2', '--b', 'workers=4', '--json'),
    ) as { comparisons: (ClaimVerdict & { a: { batchSize: number } })[] }
    const primary = verdicts.find((one) => one.primary)!
    expect(primary.id).toBe('C1')
    const own = comparisons.find(({ a }) => a.batchSize === 10_000)!
    for (const part of ['verdict', 'direction', 'size', 'matters', 'level'] as const)
      expect(own[part]).toBe(primary[part])
    expect(own.estimate).toEqual(primary.estimate)
    const best = JSON.parse(await copylab('best', 'reference-workers', '--json')) as { sets: BestSet[] }
    const setOf = (id: string): BestSet => {
      const { found } = verdicts.find((one) => one.id === id)!
      return found?.kind === 'best-set' || found?.kind === 'peak' ? (found as { set: BestSet }).set : expect.fail(id)
    }
    const plainSet = ({ level, blocks, candidates }: BestSet): unknown =>
      JSON.parse(JSON.stringify({ level, blocks, candidates }))
    const atSmallest = best.sets.find(({ at }) => at === '10K')!
    expect([setOf('C8a'), setOf('C15')].map(plainSet)).toEqual([atSmallest, atSmallest].map(plainSet))
    const rule = verdicts.find(({ id }) => id === 'C14')!.found
    const settings = rule?.kind === 'rule' ? rule.settings : expect.fail('C14')
    const workers = best.sets.map((set) => set.best!.map(({ treatment }) => treatment.workers))
    expect(settings.slice(0, 3).map((one) => one.best)).toEqual(workers)
    const capacity = JSON.parse(
      await copylab('best', 'reference-capacity', '--by', 'secondaryIndexes,persistence,synchronousCommit', '--json'),
    ) as { sets: BestSet[] }
    expect(settings.slice(3).map((one) => one.best)).toEqual(
      capacity.sets.map((set) => set.best!.map(({ treatment }) => treatment.workers)),
    )
  })
})
