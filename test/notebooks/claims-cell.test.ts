import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Output, withKernel } from '../../src/entries/chapter.js'
import { projectRoot } from '../../src/project.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { ownClaims } from '../claims/own-claims.js'

const name = `claims-${process.pid}`

let folder: string
beforeAll(() => {
  const out = join(projectRoot, 'data', 'out')
  mkdirSync(out, { recursive: true })
  folder = mkdtempSync(join(out, 'claims cell '))
  writeFileSync(join(folder, 'my-claims.json'), JSON.stringify(ownClaims))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(studiesFolder, name), { recursive: true, force: true })
})

const code = `
import { embedded, runStudy, synthetic } from 'copylab/executor'
import { claimVerdictWords, judgeClaims, plotClaims, readClaims, statedClaimRows } from 'copylab/analysis'

const claims = readClaims('my-claims.json')
const study = await runStudy({
  name: '${name}', server: embedded(), input: synthetic({ records: 2_000 }), blocks: 9,
  factors: { workers: [1, 2], batchSize: 1_000, encoding: ['text', 'binary'], dispatch: 'queue' },
  claims, primary: 'H1',
})
console.log(statedClaimRows(claims).map((row) => row.id + ' ' + row.expected).join('; '))
console.log(study.plan.preregistration.claims.digest === claims.digest)
for (const verdict of judgeClaims(claims, study)) console.log(claimVerdictWords(verdict).text)
console.log(plotClaims(judgeClaims(claims, study)).data.length > 0)
`

const printed = (outputs: readonly Output[]): string =>
  outputs.map((output) => ('text' in output ? [output.text].flat().join('') : '')).join('')

describe("a cell with claims of one's own", () => {
  it('preregisters one of them, judges all, and names the file and the claim where one is wrong', async () => {
    await withKernel({ cwd: folder }, async (kernel) => {
      const execution = await kernel.execute(code)
      expect(execution.error()).toBeNull()
      const lines = printed(execution.outputs()).trim().split('\n')
      expect(lines[0]).toMatch(/^H1 less time; H2 less; H3 the best set is \{binary\}; /)
      expect(lines[1]).toBe('true')
      expect(lines[2]).toMatch(
        /^H1, binary is faster than text: \w+(?: \([^)]*\))?\. binary vs text with 2 workers at 1K: .*\)\.$/,
      )
      expect(lines).toHaveLength(14)
      const known = lines.slice(2, 13).filter((line) => !line.includes('none of the studies has'))
      // No peak of two worker counts.
      expect(known.map((line) => line.split(',')[0])).toEqual(
        ownClaims.claims.map(({ id }) => id).filter((id) => id !== 'H7'),
      )
      expect(lines[13]).toBe('true')
      writeFileSync(join(folder, 'my-claims.json'), JSON.stringify({ ...ownClaims, fixed: { dispatch: 'pile' } }))
      const wrong = await kernel.execute("readClaims('my-claims.json')")
      expect(wrong.error()).toMatchObject({
        ename: 'RangeError',
        evalue: expect.stringMatching(
          /my-claims\.json: Expected `fixed\.dispatch` to be one of split, queue, got "pile"$/,
        ),
      })
    })
  }, 120_000)
})
