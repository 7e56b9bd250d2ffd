import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/project.js'
import { entryTypes } from './reachable-types.js'

/** The entries that package.json lists, and how they are named in an import. */
const entries = ['copylab', 'executor', 'analysis', 'notebook', 'chapter', 'statistics'] as const

const rootNames = {
  measure: ['runStudy', 'confirm', 'embedded', 'compose', 'url', 'flights', 'csv', 'synthetic'],
  studies: ['readStudy', 'readStudies', 'studyRows', 'diffStudies', 'writeTrialsCsv'],
  tables: ['trialsFrame', 'summarise', 'contextRows'],
  answers: ['recommend', 'compare', 'bestWorkers', 'explain', 'fitScaling', 'checkStudy'],
  claims: ['readClaims', 'judgeClaims'],
  figures: [
    'plotTotalTime',
    'plotThroughput',
    'plotContrasts',
    'plotBestSets',
    'plotScaling',
    'plotWorkerSeconds',
    'plotWaterfall',
    'plotTimeline',
    'plotHeatMap',
    'plotRunOrder',
  ],
  show: ['show', 'say', 'showTable', 'showMarkdown', 'styledFigure', 'showTitlePage'],
}

/**
 * What the committed versions of the chapter's notebook and of the README have imported, so that a
 * notebook of whatever age still finds it.
 */
const earlierNames: { readonly [entry: string]: readonly string[] } = {
  executor: [
    'csv',
    'embedded',
    'flights',
    'flightsData',
    'lookPauseMs',
    'readStudies',
    'readStudy',
    'runStudy',
    'serverNamed',
  ],
  analysis: [
    'bestWorkers',
    'bestWorkersOf',
    'busyHostWarning',
    'checkStudy',
    'claimOf',
    'claimVerdictRows',
    'claimVerdictWords',
    'claimsNumbers',
    'compare',
    'compareSpread',
    'comparisonsOf',
    'confirm',
    'contextRows',
    'contrastedBatchSize',
    'contrastedWorkers',
    'contrastsOf',
    'decideSequentially',
    'deviations',
    'diffStudies',
    'explain',
    'fitScaling',
    'judgeClaims',
    'methodNumbers',
    'noteArithmetic',
    'noteArithmeticWords',
    'noteNumbers',
    'noteOf',
    'otherBatchSizeWords',
    'phrase',
    'plotBatchLatency',
    'plotBestSets',
    'plotClaims',
    'plotContrasts',
    'plotHeatMap',
    'plotInsertTime',
    'plotPhases',
    'plotRequiredBlocks',
    'plotResources',
    'plotRunOrder',
    'plotScaling',
    'plotThroughput',
    'plotTimeline',
    'plotTotalTime',
    'plotWaterfall',
    'plotWorkerSeconds',
    'primarySoFar',
    'quotedNumbers',
    'readClaims',
    'reasonWords',
    'recommend',
    'recommendationMethodWords',
    'sentencesOf',
    'statedClaimRows',
    'statedClaimWords',
    'studyRows',
    'summarise',
    'tableHtml',
    'tableMarkdown',
    'threatsToValidity',
    'trialsFrame',
    'verdictRulesWords',
    'wordsOf',
    'writeTrialsCsv',
  ],
  notebook: ['interruptible', 'liveProgress', 'say', 'show', 'showMarkdown', 'showNumbers', 'showTable'],
}

const loaders: { readonly [entry: string]: () => Promise<Record<string, unknown>> } = {
  executor: () => import('copylab/executor'),
  analysis: () => import('copylab/analysis'),
  notebook: () => import('copylab/notebook'),
}

describe('the entries of the package', () => {
  it('copylab has the names of a chapter, forty at most', async () => {
    const names = Object.keys(await import('copylab'))
    expect(names.length).toBeLessThanOrEqual(40)
    expect(names.sort()).toEqual(Object.values(rootNames).flat().sort())
  })

  it.each(entries)('%s exports every type that its exports name', (entry) => {
    const { values, types, missing } = entryTypes(entry)
    expect(missing).toEqual([])
    expect(values.length).toBeGreaterThan(0)
    expect(types.length).toBeGreaterThan(0)
  })

  it('no name of copylab means something else in another entry', async () => {
    const root: Record<string, unknown> = await import('copylab')
    const others = await Promise.all(Object.values(loaders).map((load) => load()))
    for (const [name, value] of Object.entries(root)) {
      const elsewhere = others.filter((other) => name in other)
      expect(elsewhere.length).toBeGreaterThan(0)
      for (const other of elsewhere) expect(other[name]).toBe(value)
    }
  })

  it.each(Object.entries(earlierNames))('copylab/%s still has what earlier notebooks import', async (entry, names) => {
    const values = await loaders[entry]!()
    expect(names.filter((name) => values[name] === undefined)).toEqual([])
  })

  it('a default, an error and an example stand at the beginning of a line, where hover finds them', () => {
    const source = join(projectRoot, 'src')
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    const within = files.flatMap((file) =>
      readFileSync(join(source, file), 'utf8')
        .split('\n')
        .filter((line) => /^\s*\/?\*.*[^\s*/`'].*@(default|throws|example)\b/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(files.length).toBeGreaterThan(300)
    expect(within).toEqual([])
  })
})
