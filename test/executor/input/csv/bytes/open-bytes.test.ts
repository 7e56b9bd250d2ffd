import { mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { type BytesOptions, openBytes } from '../../../../../src/executor/input/csv/bytes/open-bytes.js'
import { type FileEncoding, fileEncodings } from '../../../../../src/executor/input/file-spec.js'
import { projectRoot } from '../../../../../src/project.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-bytes-'))
const path = join(folder, 'orders.csv')
afterAll(() => rmSync(folder, { recursive: true }))

/** All that is read of the bytes, up to `length` at a time. */
async function read(bytes: Uint8Array, options: Omit<BytesOptions, 'name'>, length = 256 * 1024): Promise<string> {
  writeFileSync(path, bytes)
  const source = await openBytes(path, { name: 'orders.csv', ...options })
  const parts: Buffer[] = []
  try {
    for (;;) {
      const buffer = Buffer.alloc(length + 2, 0xff)
      const filled = await source.read(buffer, 1, length)
      expect([buffer[0], buffer[filled + 1]]).toEqual([0xff, 0xff])
      if (filled === 0) return Buffer.concat(parts).toString()
      parts.push(buffer.subarray(1, 1 + filled))
    }
  } finally {
    await source.close()
  }
}

/** The text as bytes, by other means than those of the tested code. */
function written(text: string, encoding: FileEncoding): Buffer {
  const units = Array.from({ length: text.length }, (_, k) => text.charCodeAt(k))
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text)
    case 'utf-16le':
      return Buffer.from(units.flatMap((unit) => [unit & 0xff, unit >> 8]))
    case 'utf-16be':
      return Buffer.from(units.flatMap((unit) => [unit >> 8, unit & 0xff]))
    case 'latin1':
      return Buffer.from(units)
    case 'windows-1252':
      return Buffer.from([...text].map((character) => windowsByte.get(character)!))
  }
}

/**
 * Code points of the bytes from 0x80 to 0x9F by the table CP1252.TXT of the Unicode Consortium; 0
 * for those that have none.
 */
const windowsCodes = [
  [0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0],
  [
    0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e,
    0x0178,
  ],
].flat()
const windowsByte = new Map(
  Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(windowsCodes[byte - 0x80] ?? byte), byte] as const),
)
windowsByte.set('\0', 0)
const assigned = [...windowsByte.keys()]

/** What begins with the byte order mark of another encoding is refused. */
const unmarked = (text: string): boolean => !/^(\u00ff\u00fe|\u00fe\u00ff|\u00ef\u00bb\u00bf)/.test(text)

/** Characters that the encoding has. */
const characters: Readonly<Record<FileEncoding, fc.Arbitrary<string>>> = {
  'utf-8': fc.string({ unit: 'binary', maxLength: 60 }),
  'utf-16le': fc.string({ unit: 'binary', maxLength: 60 }),
  'utf-16be': fc.string({ unit: 'binary', maxLength: 60 }),
  latin1: fc
    .array(fc.nat(255), { maxLength: 60 })
    .map((codes) => String.fromCharCode(...codes))
    .filter(unmarked),
  'windows-1252': fc
    .array(fc.constantFrom(...assigned), { maxLength: 60 })
    .map((all) => all.join(''))
    .filter(unmarked),
}

const lengths = [1, 2, 3, 7, 64, 256 * 1024]

describe('openBytes(path, options)', () => {
  test.each(fileEncodings)('reads %s as UTF-8, plain and gzipped, whatever is read at a time', async (encoding) => {
    await fc.assert(
      fc.asyncProperty(
        characters[encoding],
        fc.constantFrom(...lengths),
        fc.boolean(),
        async (text, length, isGzip) => {
          const bytes = written(text, encoding)
          const compressed = isGzip ? gzipSync(bytes) : bytes
          expect(await read(compressed, { encoding, compression: isGzip ? 'gzip' : null }, length)).toBe(text)
        },
      ),
      { numRuns: 150 },
    )
  })

  test.each(fileEncodings.filter((encoding) => encoding !== 'utf-8'))(
    'reads more %s than a chunk',
    async (encoding) => {
      const text = `${encoding.startsWith('utf-16') ? 'a😀\n' : 'aé\n'}b`.repeat(100_000)
      expect(await read(written(`x${text}`, encoding), { encoding })).toBe(`x${text}`)
    },
  )

  test('keeps a byte order mark, as in UTF-8', async () => {
    expect(await read(written('\ufeffa', 'utf-16be'), { encoding: 'utf-16be' })).toBe('\ufeffa')
    expect(await read(written('\ufeffa', 'utf-8'), {})).toBe('\ufeffa')
  })

  test.each<[string, FileEncoding, Buffer]>([
    ['orders.csv:2: byte 0x81 is no character of windows-1252', 'windows-1252', Buffer.from('aé\nb\x81', 'latin1')],
    ['orders.csv:3: U+D83D is no character of utf-16le', 'utf-16le', written('a\nb\n\ud83db', 'utf-16le')],
    ['orders.csv:1: U+DE00 is no character of utf-16be', 'utf-16be', written('a\ude00\nb', 'utf-16be')],
    ['orders.csv:2: U+D83D is no character of utf-16be', 'utf-16be', written('a\n\ud83d', 'utf-16be')],
    [
      'orders.csv:2: the file ends within a character of utf-16le',
      'utf-16le',
      Buffer.concat([written('ab\nc', 'utf-16le'), Buffer.of(0x61)]),
    ],
    [
      'orders.csv:1: the text begins with the byte order mark of utf-8, not of latin1',
      'latin1',
      written('\ufeffab', 'utf-8'),
    ],
    [
      'orders.csv:1: the text begins with the byte order mark of utf-16le, not of utf-16be',
      'utf-16be',
      written('\ufeffab', 'utf-16le'),
    ],
  ])('refuses: %s', async (message, encoding, bytes) => {
    for (const length of [1, 64]) {
      await expect(read(bytes, { encoding }, length)).rejects.toMatchObject({
        name: 'BadRecordError',
        message: expect.stringContaining(message),
      })
    }
  })

  test('names the line of a byte that is no character far into a file', async () => {
    const bytes = Buffer.from(`${'é,b\n'.repeat(200_000)}\x8d`, 'latin1')
    await expect(read(bytes, { encoding: 'windows-1252' })).rejects.toThrow('orders.csv:200001: byte 0x8D')
  })

  describe('gzip', () => {
    const text = Array.from({ length: 50_000 }, (_, k) => `${k},${(k * k) % 9973}\n`).join('')
    const member = gzipSync(text)

    test('reads a file longer than a chunk, members one after the other, and zeros after them', async () => {
      const content = Buffer.concat([member, gzipSync(''), gzipSync('the end'), Buffer.alloc(70_000)])
      expect(await read(content, { compression: 'gzip' }, 5_000)).toBe(`${text}the end`)
    })

    test.each([1, 5, 20, 1_000, member.length - 8, member.length - 1])('refuses the first %i bytes', async (bytes) => {
      await expect(read(member.subarray(0, bytes), { compression: 'gzip' })).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringMatching(/^orders.csv is damaged or cut off: unexpected end of file; get it again/),
      })
    })

    test('refuses a second member that is cut off, or that follows zeros', async () => {
      const torn = Buffer.concat([member, member.subarray(0, 500)])
      await expect(read(torn, { compression: 'gzip' })).rejects.toThrow('orders.csv is damaged or cut off')
      const apart = Buffer.concat([member, Buffer.alloc(3), member])
      await expect(read(apart, { compression: 'gzip' })).rejects.toThrow(
        `its compressed text ends at byte ${member.length}, and other bytes follow`,
      )
    })

    test('refuses whatever bit is changed, or reads the same', async () => {
      const short = gzipSync('id,item\n1,a\n2,b\n3,c\n')
      for (let bit = 0; bit < 8 * short.length; bit++) {
        const damaged = Buffer.from(short)
        damaged[bit >> 3]! ^= 1 << (bit & 7)
        const outcome = await read(damaged, { compression: 'gzip' }).catch((error: Error) => error.name)
        // The bits of the time and of the system are not of the text.
        expect(['InputError', 'id,item\n1,a\n2,b\n3,c\n']).toContain(outcome)
      }
    })
  })

  describe('zstd', () => {
    const text = Array.from({ length: 5_500 }, (_, k) => `${k};${(k * k) % 97};Größe ${k % 7} €\n`).join('')
    const fixture = (name: string): Buffer => readFileSync(join(projectRoot, 'test', 'fixtures', 'zstd', name))
    /** Frames of several blocks: with a window and a checksum, and of one segment without. */
    const frame = fixture('numbers.csv.zst')
    const unchecked = fixture('numbers-no-check.csv.zst')
    const skipped = Buffer.from('\x5a\x2a\x4d\x18\x03\0\0\0abc', 'latin1')
    /** A frame whose blocks are not compressed: one byte that is repeated, then three bytes. */
    const tiny = Buffer.from('\x28\xb5\x2f\xfd\x20\x07\x22\0\0x\x19\0\0abc', 'latin1')

    test.each(lengths.slice(3))('reads frames one after the other, %i bytes at a time', async (length) => {
      const content = Buffer.concat([skipped, frame, tiny, skipped, unchecked, tiny])
      expect(await read(content, { compression: 'zstd' }, length)).toBe(`${text}xxxxabc${text}xxxxabc`)
    })

    test('refuses a file that is cut off wherever it may be', async () => {
      const content = Buffer.concat([tiny, skipped, frame])
      for (let bytes = 1; bytes < content.length; bytes += bytes < 60 ? 1 : 997) {
        if (bytes === tiny.length || bytes === tiny.length + skipped.length) continue
        await expect(read(content.subarray(0, bytes), { compression: 'zstd' })).rejects.toMatchObject({
          name: 'InputError',
          message: expect.stringMatching(/^orders.csv is damaged or cut off: /),
        })
      }
    })

    test('refuses a bit that is changed', async () => {
      for (let at = 0; at < frame.length; at += 499) {
        const damaged = Buffer.from(frame)
        damaged[at]! ^= 1 << (at & 7)
        await expect(read(damaged, { compression: 'zstd' })).rejects.toMatchObject({ name: 'InputError' })
      }
    })

    test.each([
      ['a frame of zstd does not begin where it should', Buffer.concat([tiny, Buffer.from('abcd')])],
      ['a frame holds 7 bytes, not the 8 of its header', Buffer.from(tiny).fill(8, 5, 6)],
      ['compressed with a dictionary', Buffer.from('\x28\xb5\x2f\xfd\x21\x05\x07\x22\0\0x', 'latin1')],
      ['compressed with a window of 64 MiB, of which 32 can be read', Buffer.from('\x28\xb5\x2f\xfd\0\x80', 'latin1')],
    ])('refuses: %s', async (message, bytes) => {
      await expect(read(bytes, { compression: 'zstd' })).rejects.toThrow(message)
    })
  })

  test('rejects for a file that is not there', async () => {
    for (const compression of [null, 'gzip', 'zstd'] as const) {
      const opened = openBytes(join(folder, 'none.csv'), { name: 'none.csv', compression, encoding: 'latin1' })
      const source = await opened
      await expect(source.read(Buffer.alloc(9), 0, 9)).rejects.toThrow('ENOENT')
    }
    await expect(openBytes(join(folder, 'none.csv'), { name: 'none.csv' })).rejects.toThrow('ENOENT')
  })

  // Elsewhere there is no list of a process's open files.
  test.skipIf(process.platform !== 'linux')(
    'closes the file when its reader stops early, or never begins',
    async () => {
      const open = (): number =>
        readdirSync('/proc/self/fd').filter((fd) => {
          try {
            return readlinkSync(`/proc/self/fd/${fd}`) === realpathSync(path)
          } catch {
            return false
          }
        }).length
      const text = Buffer.alloc(4_000_000, 'a,b\n')
      for (const [bytes, options] of [
        [gzipSync(text, { level: 0 }), { compression: 'gzip' }],
        [text, { encoding: 'latin1' }],
      ] as const) {
        writeFileSync(path, bytes)
        const source = await openBytes(path, { name: 'orders.csv', ...options })
        await source.read(Buffer.alloc(100), 0, 100)
        expect(open()).toBe(1)
        await source.close()
        await expect.poll(open).toBe(0)
        await (await openBytes(path, { name: 'orders.csv', ...options })).close()
        expect(open()).toBe(0)
      }
    },
  )
})
