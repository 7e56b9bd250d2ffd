import { describe, expect, it, vi } from 'vitest'
import { simulateStudy } from '../../../src/analysis/simulate/simulate-study.js'
import { omittedColumns, partsFrame, tableHtml, trialRows, trialsFrame } from '../../../src/entries/analysis.js'
import { broken } from '../broken-trial.js'

const study = simulateStudy({ warmUpBlocks: 1, blocks: 2, truth: ({ workers }) => ({ totalMs: 1000.125 * workers }) })

describe('trialsFrame', () => {
  it('trialsFrame and the first arithmetic on it print nothing', () => {
    const outputs = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'log'), vi.spyOn(process.stderr, 'write')]
    trialsFrame(study).column('totalMs').add(1)
    partsFrame(study)
      .loc({ columns: ['copyMs'] })
      .tensor.dataSync()
    expect(outputs.flatMap((output) => output.mock.calls)).toEqual([])
    for (const output of outputs) output.mockRestore()
  })

  it('trialsFrame has a row per completed, measured trial, and complete typed columns', () => {
    const frame = trialsFrame(study)
    expect(frame.shape).toEqual([4, frame.columns.length])
    expect(frame.columns.slice(0, 6)).toEqual(['trial', 'block', 'position', 'session', 'workers', 'batchSize'])
    expect(frame.column('totalMs').values).toEqual(trialRows(study).map(({ totalMs }) => totalMs))
    expect(frame.dtypes[frame.columns.indexOf('records')]).toBe('float32')
    expect(frame.dtypes[frame.columns.indexOf('synchronousCommit')]).toBe('boolean')
    expect((frame.values as unknown[][]).flat().every((value) => value !== null && value !== undefined)).toBe(true)
  })

  it('trialsFrame leaves out a column that would hold null, and omittedColumns names it', () => {
    const { columns } = trialsFrame(study)
    expect(columns.filter((column) => ['prepareMs', 'phase', 'control', 'state'].includes(column))).toEqual([])
    expect(omittedColumns(study)).toEqual(
      [
        'clientWorkMs',
        'measuredRoundTripMs',
        'prepareMs',
        'indexMs',
        'indexWorkers',
        'triggerMs',
        'restoreMs',
        'existingBytes',
        'exitMs',
        'fromCopyMs',
        'betweenLinesMs',
        'distributedCommitMs',
      ].map((column) => ({
        column,
        reason: '4 of 4 trials have no value',
      })),
    )
  })

  it('trialsFrame computes: a column plus a column', () => {
    const frame = trialsFrame(study)
    const sum = frame.column('totalMs').add(frame.column('connectMs')).values as number[]
    expect(sum[0]).toBeCloseTo(trialRows(study)[0]!.totalMs + 12, 2)
  })

  it('trialsFrame of a study without a completed trial is empty', () => {
    const frame = trialsFrame(simulateStudy({ truth: () => ({ totalMs: 1 }), change: broken }))
    expect(frame.shape[0]).toBe(0)
  })

  it('partsFrame has a row per COPY with its trial and what that loaded with', () => {
    const frame = partsFrame(study)
    const place = ['trial', 'block', 'treatmentLabel', 'workers', 'batchSize']
    expect(frame.columns).toEqual([...place, 'worker', 'batch', 'records', 'encodeMs', 'startMs', 'copyMs', 'commitMs'])
    expect(frame.shape[0]).toBe(2 * (6 * 2 + 6 * 4))
    const workers = frame.column('workers').values as number[]
    expect(new Set(workers)).toEqual(new Set([2, 4]))
    expect(frame.column('treatmentLabel').values).toEqual(workers.map((count) => `${count} workers`))
  })

  it('tableHtml shows a frame', () => {
    expect(tableHtml(trialsFrame(study), { columns: ['workers', 'records'] })).toContain('>60,000</td>')
  })
})
