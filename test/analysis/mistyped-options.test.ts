import { expect, it } from 'vitest'
import * as analysis from '../../src/entries/analysis.js'
import * as executor from '../../src/entries/executor.js'

const study = analysis.simulateStudy({
  workers: [1, 2, 4],
  batchSizes: [10_000, 30_000],
  blocks: 6,
  noise: 0.02,
  truth: ({ workers, batchSize }) => ({ totalMs: 4000 / workers + batchSize / 1000 }),
})
const at = { batchSize: 10_000 }
const [a, b] = [
  { workers: 2, ...at },
  { workers: 4, ...at },
]
const input = executor.synthetic({ records: 10 })
const server = executor.embedded()
const planned = { name: 'never-run', server, input, factors: { workers: 1 } }

/** Calls with mistyped options or factors, and the name that is meant. */
const calls: readonly (readonly [string, (options: never) => unknown, object, string])[] = [
  ['compare', (o) => analysis.compare(study, o), { a, b, metrc: 'totalMs' }, 'metric'],
  ['compare', (o) => analysis.compare(study, o), { a: { ...at, worker: 2 }, b }, 'workers'],
  ['compareSpread', (o) => analysis.compareSpread(study, o), { a, b, lvel: 0.9 }, 'level'],
  ['bestSet', (o) => analysis.bestSet(study, 'workers', o), { were: at }, 'where'],
  ['bestSet', (o) => analysis.bestSet(study, 'workers', o), { where: { batchsize: 10_000 } }, 'batchSize'],
  ['bestWorkers', (o) => analysis.bestWorkers(study, o), { by: 'batchsize' }, 'batchSize'],
  [
    'interaction',
    (o) => analysis.interaction(study, o),
    { of: 'workers', by: 'batchsize', metric: 'totalMs' },
    'batchSize',
  ],
  ['explain', (o) => analysis.explain(study, o), { from: a, to: b, levl: 0.9 }, 'level'],
  ['fitScaling', (o) => analysis.fitScaling(study, o), { Where: at }, 'where'],
  ['judgeClaims', (o) => analysis.judgeClaims(analysis.readClaims(), study, o), { primry: 'C1' }, 'primary'],
  ['designStudy', (o) => analysis.designStudy(study, 'C1', o), { pover: 0.9 }, 'power'],
  ['recommend', (o) => analysis.recommend(study, o), { were: at }, 'where'],
  ['summarise', (o) => analysis.summarise(study, o), { metrics: 'totalMs' }, 'metric'],
  ['trialRows', (o) => analysis.trialRows(study, o), { fase: 'all' }, 'phase'],
  ['tableHtml', (o) => analysis.tableHtml([{ x: 1 }], o), { column: ['x'] }, 'columns'],
  ['simulateStudy', (o) => analysis.simulateStudy(o), { truth: () => ({ totalMs: 1 }), noize: 0.1 }, 'noise'],
  ['plotThroughput', (o) => analysis.plotThroughput(study, o), { scaling: [] }, 'scalings'],
  ['plotDoseResponse', (o) => analysis.plotDoseResponse(study, o), { workers: [2, 4], lvl: 0.9 }, 'level'],
  ['plotTotalTime', (o) => analysis.plotTotalTime(study, o), { were: at }, 'where'],
  ['plotHeatMap', (o) => analysis.plotHeatMap(study, o), { metrik: 'totalMs' }, 'metric'],
  ['plotInsertTime', (o) => analysis.plotInsertTime(study, o), { worker: 2 }, 'workers'],
  ['plotRunOrder', (o) => analysis.plotRunOrder(study, o), { finding: [] }, 'findings'],
  ['plotTimeline', (o) => analysis.plotTimeline(study, o), { fromMS: 1 }, 'fromMs'],
  ['plotResources', (o) => analysis.plotResources(study, o), { were: at }, 'where'],
  ['plotPhases', (o) => analysis.plotPhases(study, o), { were: at }, 'where'],
  ['plotBatchLatency', (o) => analysis.plotBatchLatency(study, o), { were: at }, 'where'],
  ['plotWorkerSeconds', (o) => analysis.plotWorkerSeconds(study, o), { were: at }, 'where'],
  ['runStudy', (o) => executor.runStudy(o), { ...planned, block: 1 }, 'blocks'],
  ['runStudy', (o) => executor.runStudy(o), { ...planned, factors: { workers: 1, batchsize: 10 } }, 'batchSize'],
  ['runStudy', (o) => executor.runStudy(o), { ...planned, controls: { a: { workers: 1 } } }, 'aa'],
  ['runStudy', (o) => executor.runStudy(o), { ...planned, primary: { a, b, clame: {} } }, 'claim'],
  ['synthetic', (o) => executor.synthetic(o), { record: 10 }, 'records'],
  ['flights', (o) => executor.flights(o), { Records: 10 }, 'records'],
  ['readStudy', (o) => executor.readStudy('reference-workers', o), { Hash: 'x' }, 'hash'],
  ['runTrial', (o) => executor.runTrial(o), { server, input, treatment: {}, probe: true }, 'probes'],
  ['csv', (o) => executor.csv('.', o), { columns: { x: 'int4' }, delimeter: ';' }, 'delimiter'],
  ['embedded', (o) => executor.embedded(o), { setings: {} }, 'settings'],
  ['compose', (o) => executor.compose(o), { Version: 17 }, 'version'],
]

it.each(calls)('%s refuses what is mistyped, and names what is meant', async (_, call, options, meant) => {
  const called = (async () => call(options as never))()
  await expect(called).rejects.toThrow(TypeError)
  await expect(called).rejects.toThrow(new RegExp(`: did you mean \`${meant}\`\\?$`))
})
