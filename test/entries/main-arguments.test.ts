import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as copylab from '../../src/entries/copylab.js'

const study = copylab.readStudy('reference-workers')
const at = { batchSize: 10_000 }
const answer = copylab.compare(study, { a: { workers: 2, ...at }, b: { workers: 4, ...at } })
const folder = join(tmpdir(), 'copylab arguments that write nothing')
const input = copylab.flights({ records: 1_000 })

/** Functions of `copylab` by name, as a cell without types calls them. */
const loose = copylab as unknown as Readonly<Record<string, (...values: unknown[]) => unknown>>

describe('a main argument that is none', () => {
  it.each([
    ['trialsFrame', 'summarise', 'contextRows', 'recommend', 'bestWorkers', 'fitScaling', 'checkStudy', 'studyRows'],
    ['plotTotalTime', 'plotThroughput', 'plotHeatMap', 'plotRunOrder', 'plotTimeline', 'plotWorkerSeconds'],
    ['compare', 'explain', 'diffStudies'],
  ])('is named where a study must be: %s, %s, %s, …', (...names) => {
    for (const name of names) {
      const options = name === 'explain' ? { at } : name === 'compare' ? { a: at, b: at } : {}
      const called = (): unknown => loose[name]!('reference-workers', options)
      expect(called, name).toThrow(/^Expected a study, .* got "reference-workers": read it by readStudy\("reference-/)
    }
  })

  it.each([
    ['judgeClaims', [study, copylab.readClaims()], /^Expected claims first, .* got \{"plan"/],
    ['explain', [study, {}], /^Expected `from` and `to`, or `at`/],
    ['plotContrasts', [study], /^Expected one or more results of compare, got \{"plan"/],
    ['plotBestSets', [answer], /^Expected one or more results of bestWorkers, got/],
    ['plotScaling', [undefined], /^Expected one or more results of fitScaling, got undefined/],
    ['plotWaterfall', [answer], /^Expected one or more results of explain with `from` and `to`, got/],
    ['say', [study], /^Expected results of copylab\/analysis, phrases or text to say, got/],
    ['showMarkdown', [{}], /^Expected Markdown text, got \{\}/],
    ['url', [5], /^Expected an address such as .* got 5/],
    ['csv', ['x', { columns: { id: 'int8' }, primaryKey: 'id' }], /^Expected `primaryKey` to be a list .* got "id"/],
    ['readStudy', [], /^Expected the name of a study, got undefined/],
    [
      'readStudy',
      ['reference-workers', { hash: 'zz' }],
      /^Expected the hash of a plan of .*\([0-9a-f]{12}\), got "zz"/,
    ],
    ['writeTrialsCsv', [study], /^Expected the path of a file to write, got undefined/],
  ])('%s says what it expects and what it got, in a few words', (name, values, message) => {
    expect(() => loose[name]!(...values)).toThrow(message)
    expect(() => loose[name]!(...values)).toThrow(expect.toSatisfy((error: Error) => error.message.length < 400))
  })

  it.each([
    [{ input }, /^Expected `name` to be the study's name, got undefined/],
    [{ name: 'x', factors: {} }, /^Expected `input` to be an input: .* got undefined/],
    [{ name: 'x', input: 'flights', factors: {} }, /^Expected `input` to be an input: .* got "flights"/],
    [{ name: 'x', input }, /^Expected `factors` to be levels by factor: .* got undefined/],
    [{ name: 'x', input, factors: {}, signal: 'x' }, /^Expected `signal` to be an AbortSignal, got "x"/],
    [{ name: 'x', input, factors: {}, onProgress: true }, /^Expected `onProgress` to be a function, got true/],
  ])('runStudy(%o) names the option', async (options, message) => {
    await expect(loose.runStudy!({ ...options, folder })).rejects.toThrow(message)
  })

  it('confirm names the function that it lacks', async () => {
    await expect(loose.confirm!(study, {})).rejects.toThrow(/^Expected `run` to be a function/)
  })

  it('one result or one study will do where several may be given', () => {
    expect(copylab.plotContrasts(answer)).toEqual(copylab.plotContrasts([answer]))
    expect(copylab.studyRows(study)).toEqual(copylab.studyRows([study]))
  })
})
