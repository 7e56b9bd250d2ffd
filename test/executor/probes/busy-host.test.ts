import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { othersUse } from '../../../src/analysis/validity/disturbed/busy-host.js'
import { busyHostWarning } from '../../../src/analysis/validity/disturbed/busy-host-words.js'
import { othersWords } from '../../../src/doctor/server.js'
import { checkStudy, explain, sentencesOf } from '../../../src/entries/analysis.js'
import { runStudy, synthetic, url } from '../../../src/entries/executor.js'
import { refusalOf } from '../../../src/executor/probes/others.js'
import { othersAtRest } from '../../../src/executor/probes/others-at-rest.js'
import type { Progress, Study } from '../../../src/study/study.js'
import type { CompletedTrial } from '../../../src/study/trial.js'
import { sentenceOf } from '../../analysis/sentence-of.js'
import { useRunningServer } from '../running-server.js'

const { server, connection, rows } = useRunningServer()

/** A process that keeps a core busy until it is killed. */
let burner: ChildProcess
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab busy '))
  burner = spawn(process.execPath, ['-e', "console.log('on'); for (;;);"], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(burner.stdout!, 'data')
})
afterAll(() => {
  burner.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

const input = synthetic({ records: 60_000, width: 120 })

describe('a study while another process keeps a core busy', () => {
  let study: Study
  const seen: Progress[] = []
  beforeAll(async () => {
    study = await runStudy({
      name: 'busy',
      server,
      input,
      folder,
      factors: { workers: [1, 2], batchSize: 5_000 },
      blocks: 2,
      warmUpBlocks: 0,
      onProgress: (progress) => seen.push(progress),
    })
  })

  it('finds what others used, in every trial, and says it first', () => {
    const uses = study.trials.map((trial) => othersUse(study, trial as CompletedTrial)!)
    for (const use of uses) {
      expect(use).toMatchObject({ derived: false })
      // The other may have to share its core with the load.
      expect(use.used).toBeGreaterThan(0.4)
      expect(use.used).toBeLessThan(study.contexts[0]!.hardware.cores)
    }
    const finding = checkStudy(study).find(({ code }) => code === 'busy-host')!
    expect(finding.trials).toEqual([1, 2, 3, 4])
    const words = /^Other processes used \d\.\d of \d+ cores in 4 of 4 trials/
    expect(sentenceOf(finding)).toMatch(words)
    expect(busyHostWarning(study)!.text).toMatch(words)
  })

  it('tells of it in its progress, from the end of the first block on', () => {
    const warnings = seen.filter(({ stage }) => stage === 'measured').map(({ warning }) => warning)
    expect(warnings[0]).toBeNull()
    expect(warnings.at(-1)).toMatch(/^others use \d\.\d of \d+ cores$/)
  })

  it('gives no waits for a core as a reason', () => {
    const explanation = explain(study, { from: { workers: 1 }, to: { workers: 2 } })
    expect(explanation.busyHost?.trials).toHaveLength(4)
    expect(explanation.largestSide).not.toBe('machine')
    const said = sentencesOf(explanation).join(' ')
    expect(said).not.toMatch(/CPU queueing/)
    expect(said).toMatch(/Waits for a core are given as no reason: other processes used/)
  })

  it('is warned of by the doctor', async () => {
    const rest = await othersAtRest(connection())
    expect(rest.refusal).toBeNull()
    expect(rest.used).toBeGreaterThan(0.7)
    expect(othersWords(rest)).toMatchObject({ name: 'other work', state: 'warning' })
  })
})

it('the work of the server itself, whoever asks for it, is nobody else’s', async () => {
  const alone = await othersAtRest(connection())
  const [loaded] = await Promise.all([
    othersAtRest(connection()),
    rows('SELECT count(*) FROM generate_series(1, 12000000) AS n WHERE n % 7 = 3'),
  ])
  // A query of a second or more in two seconds would show as half a core.
  expect(loaded.used).toBeLessThan(alone.used + 0.3)
})

it('a user who may not read /proc on the server leaves it unknown, with the reason', async () => {
  await rows("CREATE ROLE lean LOGIN PASSWORD 'open sesame'")
  await rows('GRANT CREATE ON DATABASE copylab TO lean')
  try {
    const { host, port, database } = connection().config
    const lean = url(`postgresql://lean:open%20sesame@${host}:${port}/${database}`)
    const study = await runStudy({ name: 'lean', server: lean, input, folder, factors: {}, blocks: 1, warmUpBlocks: 0 })
    const [trial] = study.trials
    expect(trial).toMatchObject({
      hostOthers: null,
      missing: { backends: expect.stringMatching(/^this user may not/) },
    })
    expect(checkStudy(study).map(({ code }) => code)).not.toContain('busy-host')
  } finally {
    await rows('DROP OWNED BY lean; DROP ROLE lean')
  }
})

const stat = (cores: number, ticks: number): string =>
  ['cpu', ...Array.from({ length: cores }, (_, k) => `cpu${k}`)]
    .map((name) => `${name} ${ticks} 0 0 0 0 0 0 0`)
    .join('\n')

it.each([
  ['two hosts', { sameHost: false }, /two hosts/],
  ['a container that counts for itself', { serverStat: stat(2, 50) }, /counts the CPU time of its own/],
  ['a container with fewer cores', { serverStat: stat(1, 9_000_000) }, /counts the CPU time of its own/],
  ['a client with some of the cores', { usableCores: 1 }, /may use 1 of the host's 2 cores/],
  ['one host', {}, null],
])('what others use is found, or the reason why not: %s', (_, found, reason) => {
  const same = { sameHost: true, ownStat: stat(2, 9_000_000), serverStat: stat(2, 9_000_010), usableCores: 2 }
  const refusal = refusalOf({ ...same, ...found })
  if (reason === null) expect(refusal).toBeNull()
  else expect(refusal).toMatch(reason)
})
