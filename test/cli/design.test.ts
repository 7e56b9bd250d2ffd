import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { designStudy, readClaims, type StudyDesign, sentencesOf } from '../../src/entries/analysis.js'
import { projectRoot } from '../../src/project.js'
import { readStudy } from '../../src/study/journal/studies.js'

const copylab = (...args: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(projectRoot, 'dist', 'cli.js'), 'design', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
  })

describe('copylab design', () => {
  it('copylab design says in words and in JSON what designStudy finds, with the options that it is given', () => {
    const options = { truth: 0.1, power: 0.8, primary: 'C2', sessionSd: 0.02, margin: 0.03, maxBlocks: 500 }
    const design = designStudy(readStudy('reference-workers'), 'C1', { ...options, claims: readClaims() })
    const args =
      'reference-workers --claim C1 --truth 0.1 --power 0.8 --primary C2 --session-sd 0.02 --margin 0.03 --max-blocks 500'
        .split(' ')
        .concat(['--claims', join('data', 'claims.json')])
    expect(copylab(...args)).toMatchObject({ status: 0, stdout: `${sentencesOf(design).join('\n')}\n`, stderr: '' })
    const json = JSON.parse(copylab(...args, '--json').stdout) as StudyDesign & { readonly sentences: string[] }
    expect(json).toMatchObject({ ...design, claim: { ...design.claim, text: '5–15 % less time' } })
    expect(json.sentences).toEqual(sentencesOf(design))
  })

  it('copylab design ends with 0 where no number of blocks decides, and with 1 for what it does not understand', () => {
    const edge = copylab('reference-workers', '--claim', 'C1', '--truth', '0.05', '--json')
    expect(edge.status, edge.stderr).toBe(0)
    expect(JSON.parse(edge.stdout)).toMatchObject({ blocks: null, obstacle: 'edge', minutes: null, sessions: null })
    expect(copylab('reference-workers', '--claim', 'C6')).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'copylab: Expected `claim` to be the id of a claim that compares two treatments (C1, C2, C4, C7, C8b), got "C6"\n',
    })
    expect(copylab('reference-workers', '--claim', 'C1', '--truth', 'much').stderr).toContain('got NaN')
    expect(copylab('reference-workers').stderr).toContain("required option '--claim <id>' not specified")
  })
})
