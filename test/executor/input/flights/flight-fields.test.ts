import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { readCsv } from '../../../../src/executor/input/csv/syntax/read-csv.js'
import {
  daySyntax,
  dayWords,
  lineText,
  makeFlightFields,
  readFlights,
} from '../../../../src/executor/input/flights/flight-fields.js'

const day = '2001-01-07'

/** A line as it is read, in the shape of the file; null for one that is refused. */
interface Read {
  readonly line: number
  readonly text: string
  readonly flight: { minute: number; delay: number; distance: number; route: string; originCode: number } | null
}

/** Computes the fields of a flight by the plainest means, to compare with. */
function expected(lines: readonly string[]): Read[] {
  const flight = /^2001-01-07 ([01]\d|2[0-3]):([0-5]\d),(-?\d+),(-?\d+),([A-Z0-9]{3}),([A-Z0-9]{3})$/
  return lines.flatMap((text, k) => {
    if (text === '') return []
    const line = k + 2
    const fields = flight.exec(text)
    if (!fields) return { line, text, flight: null }
    const [, hours, minutes, delay, distance, origin, destination] = fields
    const isPlausible =
      Number(delay) >= -1440 && Number(delay) <= 10_080 && Number(distance) >= 0 && Number(distance) <= 12_451
    if (!isPlausible) return { line, text, flight: null }
    return {
      line,
      text,
      flight: {
        minute: Number(hours) * 60 + Number(minutes),
        delay: Number(delay) + 0,
        distance: Number(distance) + 0,
        route: `${origin}-${destination}`,
        originCode: Number.parseInt(origin!, 36),
      },
    }
  })
}

describe('readFlights(records, from, end, day, to)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-lines-'))
  const path = join(folder, `flights-${day}.csv`)
  afterAll(() => rmSync(folder, { recursive: true }))

  async function read(content: string, chunkBytes?: number): Promise<Read[]> {
    writeFileSync(path, content)
    const found: Read[] = []
    for await (const records of readCsv(path, daySyntax, { name: 'flights', chunkBytes })) {
      // All at once up to the first that is refused, then from the one after it on.
      for (let from = 0; from < records.count; ) {
        const fields = makeFlightFields(records.count - from)
        const until = readFlights(records, from, records.count, dayWords(day), fields)
        const code = (at: number): string => records.bytes.toString('latin1', at, at + 3)
        for (let k = from; k < Math.min(until + 1, records.count); k++) {
          const originAt = fields.originsAt[k - from]!
          found.push({
            line: records.lines[k]!,
            text: lineText(records, k),
            flight:
              k === until
                ? null
                : {
                    minute: fields.minutes[k - from]!,
                    delay: fields.delays[k - from]!,
                    distance: fields.distances[k - from]!,
                    route: `${code(originAt)}-${code(originAt + 4)}`,
                    originCode: fields.origins[k - from]!,
                  },
          })
        }
        from = until + 1
      }
    }
    return found
  }

  const flightLine = fc
    .record({
      time: fc
        .tuple(fc.nat(23), fc.nat(59))
        .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')),
      delay: fc.integer({ min: -1500, max: 10_200 }),
      distance: fc.integer({ min: -3, max: 12_460 }),
      airports: fc.stringMatching(/^[A-Z0-9]{3},[A-Z0-9]{3}$/),
    })
    .map(({ time, delay, distance, airports }) => `${day} ${time},${delay},${distance},${airports}`)
  /** A line with one character taken out, put in or exchanged. */
  const damagedLine = fc
    .tuple(flightLine, fc.nat(40), fc.constantFrom('', ',', '-', '0', 'A', 'a', ' ', '"', '\r', '\u00e9'), fc.nat(1))
    .map(([line, at, character, removed]) => line.slice(0, at) + character + line.slice(at + removed))
  const anyLine = fc.oneof({ weight: 6, arbitrary: flightLine }, { weight: 3, arbitrary: damagedLine }, fc.constant(''))

  test('reads what a line says, whatever the size of a chunk, and refuses every other line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyLine, { maxLength: 30 }),
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        async (lines, chunkBytes, ended) => {
          const content = `date,delay,distance,origin,destination\n${lines.join('\n')}${ended ? '\n' : ''}`
          expect(await read(content, chunkBytes)).toEqual(expected(lines))
        },
      ),
      { numRuns: 300 },
    )
  })

  test('a file of a header alone has no lines', async () => {
    expect(await read('date,delay,distance,origin,destination')).toEqual([])
    expect(await read('')).toEqual([])
  })
})
