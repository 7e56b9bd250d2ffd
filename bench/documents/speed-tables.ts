import { markdownTable } from '#copylab/analysis/tables/render.js'
import { formatNumber } from '#copylab/analysis/tables/tables.js'
import { listText } from '#copylab/analysis/text/sentence.js'
import type { Race } from '../loading/race.js'
import type { Machine } from '../machine.js'
import type { Ceiling } from '../parts/ceiling.js'
import type { CpuTimes } from '../parts/cpu-time.js'
import type { Encoders } from '../parts/encoders.js'
import type { Cost } from '../parts/probe-cost.js'
import type { Reading } from '../parts/reading.js'
import type { RelayCost } from '../parts/relay-cost.js'
import type { Spellings } from '../parts/spellings.js'
import { type Spread, spreadText } from '../rounds/spread.js'
import { readResult } from './results.js'
import { ratioWithInterval, report, skippedText } from './speed.js'

/** Sentences that go with the numbers of each result in bench/results. */
interface Measured {
  readonly machine: Machine
  readonly date: string
}

const thousands = (count: number): string => count.toLocaleString('en-US')

function whereLine({ date, machine }: Measured): string {
  return `Measured on ${date.slice(0, 10)} on ${machine.cores} cores (${machine.cpu}) with Node.js ${machine.node}.`
}

/** The aim, and whether it is met. */
export function aimsText(): string[] {
  return report({
    loading: readResult('loading'),
    files: readResult('files'),
    spellings: readResult('spellings'),
    import: readResult('import'),
    memory: readResult('memory'),
    overheads: readResult('overheads'),
  })
}

/** How long records that are in memory take into a table of each shape. */
export function loadersText(): string[] {
  return raceText('loading')
}

/** How long CSV files take into a table of each shape. */
export function filesText(): string[] {
  return raceText('files')
}

function raceText(part: 'loading' | 'files'): string[] {
  const result = readResult<Race & Measured & { readonly options: { readonly rounds: number } }>(part)
  const { shapes, skipped, options } = result
  return [
    ...shapes.flatMap(({ title, records, contestants }) => [
      `**${title[0]!.toUpperCase()}${title.slice(1)}**, ${thousands(records)} records:`,
      '',
      ...markdownTable(
        [
          'loader',
          'workers',
          'median ms',
          "share of the limit's speed",
          'time / ours',
          'CPU of the client, ms',
          'of the backends, ms',
        ],
        contestants.map(({ label, workers, medianMs, shareOfLimit, toOurs, cpu }) => [
          label,
          String(workers),
          formatNumber(medianMs, 0),
          ratioWithInterval(shareOfLimit),
          ratioWithInterval(toOurs),
          cpu === null ? '' : formatNumber(cpu.clientMs.median, 0),
          cpu === null ? '' : formatNumber(cpu.backendMs.median, 0),
        ]),
      ),
      '',
    ]),
    'CPU time is that of the time that is compared. What the times hold:',
    '',
    ...shapes[0]!.contestants.map(({ name, clock }) => `- ${name}: ${clock}`),
    '',
    ...skippedText(skipped),
    `${options.rounds} rounds. ${whereLine(result)}`,
  ]
}

/** What it costs that files are written otherwise. */
export function spellingsText(): string[] {
  const { contestants, skipped, records, ...result } = readResult<
    Spellings & Measured & { readonly options: { readonly rounds: number } }
  >('spellings')
  const reading = readResult<Reading & Measured>('reading')
  const spelled = reading.inputs.filter(({ toClean }) => toClean !== null)
  return [
    ...markdownTable(
      [
        'loader and spelling',
        'workers',
        'median ms',
        'records per second',
        'time / ours, clean',
        'time / its own, clean',
      ],
      contestants.map(({ label, workers, medianMs, toOurs, toClean }) => [
        label,
        String(workers),
        formatNumber(medianMs, 0),
        thousands(Math.round((records / medianMs) * 1000)),
        ratioWithInterval(toOurs),
        toClean ? ratioWithInterval(toClean) : '',
      ]),
    ),
    '',
    ...skippedText(skipped),
    `${thousands(records)} records, ${result.options.rounds} rounds. ${whereLine(result)}`,
    '',
    `Read, cut and analysed on one thread, without a server, the time over that of the clean spelling: ${spelled.map(({ name, toClean }) => `${name.replace(/^.*: /, '')} ${ratioWithInterval(toClean!)}`).join(', ')}.`,
  ]
}

/** Who uses the cores while copylab loads. */
export function cpuTimeText(): string[] {
  const { shapes, workers, batchSize, ...result } = readResult<
    CpuTimes & Measured & { readonly options: { readonly rounds: number } }
  >('cpu-time')
  return [
    ...markdownTable(
      [
        'table',
        'arrangement',
        'ms',
        "share of the limit's speed",
        'CPU of the client, ms',
        'of the backends, ms',
        'of all cores, %',
      ],
      shapes.flatMap(({ name, arrangements }) =>
        arrangements.map((own) => [
          name,
          own.name,
          spreadText(own.totalMs),
          own.shareOfLimit === null ? '' : ratioWithInterval(own.shareOfLimit),
          spreadText(own.clientMs),
          spreadText(own.backendMs),
          spreadText(own.coresUsed, { scale: 100 }),
        ]),
      ),
    ),
    '',
    `Medians and ranges of ${result.options.rounds} interleaved loads of ${listText(shapes.map(({ records }) => thousands(records)))} records, binary, \`queue\`, ${workers} workers, batches of ${thousands(batchSize)}. ${whereLine(result)}`,
  ]
}

/** How exact the relay's round trips are, and what the relay costs by itself. */
export function relayCostText(): string[] {
  const { directMs, roundTrips, loads, records, ...result } = readResult<
    RelayCost & Measured & { readonly options: { readonly rounds: number } }
  >('relay-cost')
  return [
    ...markdownTable(
      ['`roundTripMs`', 'measured, less the round trip without a relay, ms'],
      roundTrips.map(({ askedMs, addedMs }) => [
        askedMs === 0 ? '0, by a relay all the same' : String(askedMs),
        spreadText(addedMs, { digits: 2 }),
      ]),
    ),
    '',
    `Medians and ranges of ${result.options.rounds} rounds; without a relay a round trip takes ${spreadText(directMs, { digits: 2 })} ms here. Loads of ${thousands(records)} records by a relay that lengthens nothing, their time over that without one: ${loads.map(({ treatment, ratio }) => `${ratioWithInterval(ratio)} (${treatment})`).join(', ')}. ${whereLine(result)}`,
  ]
}

/** Records per second that the client reaches when nothing takes them from it. */
export function ceilingText(): string[] {
  const result = readResult<Ceiling & Measured>('ceiling')
  return [
    ...markdownTable(
      ['encoding', 'client', 'workers', 'records per second, median [range]'],
      result.ceilings.map(({ encoding, client, workers, recordsPerSecond }) => [
        encoding,
        client,
        String(workers),
        spreadText(recordsPerSecond),
      ]),
    ),
    '',
    whereLine(result),
  ]
}

/** Values per second that one thread encodes, in millions. */
export function encodersText(): string[] {
  const result = readResult<Encoders & Measured>('encoders')
  const millions = (spread: Spread | undefined): string =>
    spread ? spreadText(spread, { digits: 1, scale: 1e-6 }) : 'not measured'
  const types = [...new Set(result.speeds.map(({ of }) => of))]
  const speed = (type: string, encoding: string): string =>
    millions(result.speeds.find((one) => one.of === type && one.encoding === encoding)?.perSecond)
  return [
    ...markdownTable(
      ['type', 'text, millions per second', 'binary, millions per second'],
      types.map((type) => [
        type === 'flights' ? 'whole records of flights' : `\`${type}\``,
        speed(type, 'text'),
        speed(type, 'binary'),
      ]),
    ),
    '',
    `Flights that are read from their files and analysed, without encoding: ${millions(result.analysedPerSecond)} million per second.`,
    whereLine(result),
  ]
}

/** How much longer trials take with all probes than with none. */
export function costText(): string[] {
  const { machine, costs } = readResult<{ readonly costs: readonly Cost[] } & Measured>('probe-cost')
  const percent = (ratio: number): string => `${ratio > 1 ? '+' : ''}${formatNumber((ratio - 1) * 100, 1)} %`
  const lines = costs.map(({ treatment, records, pairs, ratio }) => {
    const { lower, upper } = ratio.interval!
    return `- ${treatment}: total time ${percent(ratio.value)} [${percent(lower)}, ${percent(upper)}], ${pairs} pairs of ${thousands(records)} records`
  })
  return [...lines, '', `(2 workers at 10K, on ${machine.cores} cores, ${machine.cpu}.)`]
}
