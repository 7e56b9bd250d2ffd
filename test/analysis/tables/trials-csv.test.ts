import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { trialRows, trialsCsv, writeTrialsCsv } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'

const study = simulateStudy({
  warmUpBlocks: 1,
  blocks: 2,
  truth: ({ workers }) => ({ totalMs: 1000.1254321 * workers }),
})

it('trialsCsv has a line per trial and a column per field of trialRows, numbers in full and null as nothing', () => {
  const rows = trialRows(study)
  const [head, ...lines] = trialsCsv(study).trimEnd().split('\n')
  expect(head!.split(',')).toEqual(Object.keys(rows[0]!))
  expect(lines).toHaveLength(4)
  const fields = lines.map((line) => line.split(','))
  const column = (name: keyof (typeof rows)[0]) => fields.map((line) => line[head!.split(',').indexOf(name)])
  expect(column('totalMs').map(Number)).toEqual(rows.map(({ totalMs }) => totalMs))
  expect(column('startedAt')).toEqual(rows.map(({ startedAt }) => startedAt))
  expect(new Set(column('prepareMs'))).toEqual(new Set(['']))
})

it('trialsCsv({ state: "all" }) quotes what needs it, and has the columns of failed trials too', () => {
  const [first, ...rest] = study.trials
  const failed = { ...broken(first as never), error: { message: 'disk "full",\nagain' } } as never
  const text = trialsCsv({ ...study, trials: [failed, ...rest] }, { phase: 'all', state: 'all' })
  expect(text.startsWith('trial,block,position,phase,control,')).toBe(true)
  expect(text).toContain(',"disk ""full"",\nagain",')
  expect(text.split('\n')[0]).toContain(',error,')
  expect(text.split('\n')[0]).toContain(',totalMs,')
})

it('trialsCsv of no trial is empty', () => {
  expect(trialsCsv({ ...study, trials: [] })).toBe('')
})

it('writeTrialsCsv writes it to a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copylab csv '))
  try {
    writeTrialsCsv(study, join(folder, 'trials.csv'))
    expect(readFileSync(join(folder, 'trials.csv'), 'utf8')).toBe(trialsCsv(study))
  } finally {
    rmSync(folder, { recursive: true })
  }
})
