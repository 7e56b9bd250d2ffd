import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClaimVerdict } from '../../src/entries/analysis.js'
import type { Plan } from '../../src/entries/executor.js'
import { projectRoot } from '../../src/project.js'
import { ownClaims } from '../claims/own-claims.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab own claims '))
  writeFileSync(join(folder, 'mine.json'), claimsText)
})
afterAll(() => rmSync(folder, { recursive: true }))

const claimsText = JSON.stringify(ownClaims)

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command line in the folder of the claims, to its end. */
function copylab(...args: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args, '--folder', folder], {
    cwd: folder,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}

const study = (...more: readonly string[]): Promise<Outcome> =>
  copylab(
    ...'study --name own --input synthetic --records 2000 --workers 1,2,4 --batch-size 1000 --dispatch queue'.split(
      ' ',
    ),
    ...'--encoding text,binary --source pipeline,prepared --blocks 3 --warm-up-blocks 0 --seed 1 --json'.split(' '),
    ...more,
  )

const planOf = ({ stdout }: Outcome): Plan => (JSON.parse(stdout) as { plan: Plan }).plan

describe("copylab with claims of one's own", () => {
  it('copylab study preregisters the digest of the file, and copylab claims judges by it', async () => {
    const ran = await study('--claims', 'mine.json', '--primary', 'H1')
    expect(ran.code, ran.stderr).toBe(0)
    const { preregistration } = planOf(ran)
    const digest = createHash('sha256').update(claimsText).digest('hex')
    expect(preregistration!.claims).toEqual({ primary: 'H1', digest })
    expect(preregistration!.primary).toMatchObject({
      a: { encoding: 'binary', workers: 2, source: 'pipeline' },
      b: { encoding: 'text', workers: 2, source: 'pipeline' },
      metric: 'totalMs',
      claim: { fasterBy: [0, null] },
    })

    const judged = await copylab('claims', 'own', '--claims', 'mine.json')
    expect(judged.code, judged.stderr).toBe(0)
    const ids = ownClaims.claims.map(({ id }) => id)
    const lines = judged.stdout.split('\n').slice(0, ids.length)
    expect(lines.map((line) => line.split(', ')[0])).toEqual(ids)
    const words =
      /: (supported|refuted|equivalent|undecided|reported|reproduced|not reproduced here|open)(?: \([^)]*\))?\. /
    expect(lines.filter((line) => !words.test(line))).toEqual([])
    expect(judged.stdout).not.toContain('none of the studies has what its test needs')
    expect(judged.stdout).toContain(
      `: primary contrast total time, binary against text with 2 workers at 1K, pipeline, claim: less time, claim H1 of the file with SHA-256 ${digest}; `,
    )

    const json = await copylab('claims', 'own', '--claims', 'mine.json', '--json')
    const { verdicts } = JSON.parse(json.stdout) as { verdicts: (ClaimVerdict & { sentence: string })[] }
    expect(verdicts.map(({ id, primary, study: of }) => [id, primary, of])).toEqual(
      ids.map((id) => [id, id === 'H1', 'own']),
    )
    expect(verdicts.map(({ sentence }) => sentence)).toEqual(lines)
    const other = await copylab('claims', 'own', '--claims', 'mine.json', '--primary', 'H3', '--json')
    const { verdicts: others } = JSON.parse(other.stdout) as { verdicts: ClaimVerdict[] }
    expect(others.filter(({ primary }) => primary).map(({ id }) => id)).toEqual(['H3'])
  }, 180_000)

  it('copylab study and claims refuse what cannot be, before anything is measured', async () => {
    const refusals: readonly [readonly string[], string][] = [
      [
        ['--claims', 'mine.json', '--primary', 'H12'],
        'Expected `--primary` to be the id of a claim (H1, H2, H3, H4, H5, H6, H7, H8, H9, H10, H11), got "H12"',
      ],
      [
        ['--claims', 'mine.json', '--primary', 'H3'],
        'Expected `--primary` to be the id of a claim that compares two treatments (H1), got "H3"',
      ],
      [
        ['--claims', 'mine.json'],
        'Expected --primary with --claims, to name the claim that the study is about: one of H1, H2, H3, H4, H5, H6, H7, H8, H9, H10, H11',
      ],
      [['--claims', 'none.json', '--primary', 'H1'], 'Expected a file of claims at none.json, got none'],
    ]
    for (const [flags, message] of refusals) {
      const { code, stderr } = await study('--name', 'refused', ...flags)
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    }
    writeFileSync(join(folder, 'wrong.json'), claimsText.replace('"metric":"insertMs"', '"metric":"insertMS"'))
    const wrong = await copylab('claims', 'own', '--claims', 'wrong.json')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toMatch(
      /^copylab: wrong\.json, claim H2: Expected `test\.metric` to be one of totalMs, .*, got "insertMS"\n$/,
    )
    const unknown = await copylab('claims', 'own', '--claims', 'mine.json', '--primary', 'H12')
    expect(unknown.stderr).toContain(
      'to be the id of a claim (H1, H2, H3, H4, H5, H6, H7, H8, H9, H10, H11), got "H12"',
    )
  }, 180_000)
})
