import { isUtf8 } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EncodingEvidence, type EncodingFacts } from '../../../../../src/executor/input/csv/bytes/encoding-evidence.js'
import { encodingOf } from '../../../../../src/executor/input/csv/bytes/encoding-of.js'

function factsOf(bytes: Uint8Array, chunkBytes = bytes.length || 1): EncodingFacts {
  const evidence = new EncodingEvidence()
  for (let at = 0; at < bytes.length; at += chunkBytes) evidence.add(bytes.subarray(at, at + chunkBytes))
  return evidence.end()
}
const found = (bytes: Uint8Array) => encodingOf(factsOf(bytes))

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const utf16le = (text: string): Buffer => Buffer.from(text, 'utf16le')
const utf16be = (text: string): Buffer => utf16le(text).swap16()

describe('encodingOf(facts)', () => {
  test.each([
    ['ASCII, which shows nothing', Buffer.from('id,item\n1,a\n'), 'utf-8', null],
    ['nothing', Buffer.alloc(0), 'utf-8', null],
    ['UTF-8', Buffer.from('id,item\n1,Größe\n'), 'utf-8', { line: 2, text: '1,Größe' }],
    ['UTF-8 with a mark', Buffer.from('\ufeffid\n1\n'), 'utf-8', null],
    ['UTF-8 with a NUL', Buffer.from('id,é\n1,a\0b\n2,\0\n3,c\n'), 'utf-8', { line: 1, text: 'id,é' }],
    ['latin1', latin1('id,place\n1,Lund\n2,Peñaranda\n'), 'latin1', { line: 3, text: '2,Peñaranda' }],
    ['windows-1252', latin1('id,item\n1,é\n2,5 \x80\r\n3'), 'windows-1252', { line: 3, text: '2,5 €' }],
    ['UTF-16 with a mark', utf16le('\ufeffid,title\n1,north\n'), 'utf-16le', { line: 1, text: 'id,title' }],
    ['UTF-16 with a mark, backwards', utf16be('\ufeffid,title\r\n1\n'), 'utf-16be', { line: 1, text: 'id,title' }],
    ['UTF-16', utf16le('id,title\n1,上上上😀\n'), 'utf-16le', { line: 1, text: 'id,title' }],
    ['UTF-16, backwards', utf16be('号,一一一\n1,中\u0100\n'), 'utf-16be', { line: 1, text: '号,一一一' }],
    ['UTF-16 without a newline', utf16le('id,title'), 'utf-16le', { line: 1, text: 'id,title' }],
    [
      'latin1 in which one pair of bytes is UTF-8 by chance',
      latin1(`${'é\n'.repeat(60)}« CAF\u00c9\u00a0»\n`),
      'latin1',
      { line: 1, text: 'é' },
    ],
  ])('finds %s', (_, bytes, encoding, shown) => {
    expect(found(bytes)).toEqual({ kind: 'found', encoding, shown })
  })

  test('shows at most 40 characters, from a little before the one that matters on', () => {
    const bytes = Buffer.from(`a\n${'x'.repeat(100)}é${'y'.repeat(300)}\n`)
    expect(found(bytes)).toMatchObject({ shown: { line: 2, text: `${'x'.repeat(16)}é${'y'.repeat(23)}` } })
  })

  const foreign = (shown: string): string =>
    `the text is not UTF-8, and in latin1 it has letters and signs in a row that no language has (line 1, ${shown})`
  const others = ['WINDOWS-1250', 'WINDOWS-1251', 'SHIFT_JIS', 'GB18030']
  const utf32 = (text: string): Buffer =>
    Buffer.from(Uint32Array.from([...text].map((one) => one.codePointAt(0)!)).buffer)

  test.each<[string, readonly string[], Buffer, (readonly string[])?]>([
    [
      'line 1 is UTF-8 ("Größe"), and line 3 is not ("2,Peñaranda" in windows-1252)',
      ['utf-8', 'windows-1252'],
      Buffer.concat([Buffer.from('Größe\n1,a\n'), latin1('2,Peñaranda\n')]),
    ],
    [
      'its byte order mark is that of UTF-8, and line 2 is not ("\u00e9" in latin1)',
      ['utf-8', 'latin1'],
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), latin1('id\n\xe9\n')]),
    ],
    [
      'the text is not UTF-8, and in line 2 stands the byte 0x81, which is no character of windows-1252',
      ['latin1'],
      latin1('id\nM\x81ller\n'),
      ['WINDOWS-1250', 'SHIFT_JIS'],
    ],
    [foreign('"êîä;èìÿ"'), ['latin1'], latin1('êîä;èìÿ\n1;Ïðèâåò\n'), others],
    [
      foreign('"id,–¼‘O"').replace('latin1', 'windows-1252'),
      ['windows-1252'],
      latin1('id,\x96¼\x91O\n1,\x8eR\x93c\x91¾\x98Y\n'),
      others,
    ],
    [foreign('"½s¸¹,©m¦W"'), ['latin1'], latin1('½s¸¹,©m¦W\n1,¤ý¤p©ú\n'), others],
    [foreign('"1,Ma³gorzata"'), ['latin1'], latin1('1,Ma³gorzata\n'), others],
    ['the text is UTF-32LE', [], utf32('\ufeffid,名前\n'), ['UTF-32LE']],
    ['the text is UTF-32LE', [], utf32('id,name\n1,a\n'), ['UTF-32LE']],
    ['the text is UTF-32BE', [], utf32('\ufeffid,名前\n').swap32(), ['UTF-32BE']],
    ['the text is UTF-32BE', [], utf32('id,name\n1,a\n').swap32(), ['UTF-32BE']],
  ])('leaves open where %s', (reason, readings, bytes, others = []) => {
    expect(found(bytes)).toEqual({ kind: 'open', readings, reason, others })
  })

  test.each([
    'id;äöüÄÖÜß\n1;Müßiggang\n',
    'créée, «été» – Noël, Où? À côté, 5 m², 50 µm, Nº1, ¿Qué?\n',
    'col·lecció, O´Brien, Måløy, Ærø, kääntää, þjóð, ðæð\n',
  ])('takes %s for what it is', (text) => {
    expect(found(latin1(text.replaceAll('–', '-')))).toMatchObject({ kind: 'found', encoding: 'latin1' })
  })
})

describe('EncodingEvidence', () => {
  const bytes = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 30 }).map((text) => Buffer.from(text)),
        fc.constantFrom(Buffer.from('\n'), Buffer.from('abc,'), Buffer.from('x'.repeat(150)), Buffer.of(0)),
        fc.uint8Array({ maxLength: 6 }).map((part) => Buffer.from(part)),
      ),
      { maxLength: 12 },
    )
    .map((parts) => Buffer.concat(parts))

  test('tells the same whatever the size of a chunk', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom(1, 2, 3, 7, 64), (all, chunkBytes) => {
        expect(factsOf(all, chunkBytes)).toEqual(factsOf(all))
      }),
      { numRuns: 300 },
    )
  })

  test('agrees with Node on what is UTF-8, and names the first line that is not', () => {
    fc.assert(
      fc.property(bytes, (all) => {
        const { first, counts, newlines } = factsOf(all)
        expect(counts.notUtf8 === 0).toBe(isUtf8(all))
        expect(newlines.all).toBe(all.filter((byte) => byte === 10).length)
        if (first.notUtf8 === null) return
        const lines = all.toString('latin1').split('\n')
        const bad = lines.findIndex((line) => !isUtf8(latin1(line)))
        expect(first.notUtf8.line).toBe(bad + 1)
      }),
      { numRuns: 500 },
    )
  })

  test('counts the characters beyond ASCII of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const beyond = [...text].filter((character) => character > '\x7f').length
        expect(factsOf(Buffer.from(`x${text}`)).counts).toEqual({ utf8: beyond, notUtf8: 0 })
      }),
    )
  })
})
