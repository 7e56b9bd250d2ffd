import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { compressionOf, signatureBytes } from '../../../../../src/executor/input/csv/bytes/compression-of.js'

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

describe('compressionOf(first, name)', () => {
  test.each([
    ['text', latin1('id,item\n1,a\n'), null],
    ['nothing', Buffer.alloc(0), null],
    ['text in UTF-16', latin1('\xff\xfei\0d\0'), null],
    ['text that begins like names of formats', latin1('PAR1,BZh9,ustar,PK,ORC\n'), null],
    ['gzip', gzipSync('id,item\n'), 'gzip'],
    ['zstd', latin1('\x28\xb5\x2f\xfd\x20\x07\x22\0\0x'), 'zstd'],
    ['zstd after a frame that is skipped', latin1('\x50\x2a\x4d\x18\x04\0\0\0'), 'zstd'],
  ])('knows %s by its bytes, whatever the name', (_, first, compression) => {
    expect(compressionOf(first, 'a.csv')).toBe(compression)
  })

  const workbook = Buffer.from(
    zipSync({ '[Content_Types].xml': latin1('<Types/>'), 'xl/workbook.xml': latin1('<a/>') }),
  )
  const archive = Buffer.from(zipSync({ 'orders.csv': latin1('id\n1\n') }))
  const tar = Buffer.concat([latin1('orders.csv'), Buffer.alloc(247), latin1('ustar\x0000')])

  test.each([
    ['a zip archive: unpack it', archive],
    ['a zip archive: unpack it', Buffer.from(zipSync({}))],
    ['an Excel workbook: save its sheet as CSV', workbook],
    ['an old Excel workbook: save its sheet as CSV', latin1('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0')],
    ['compressed by xz: unpack it', latin1('\xfd7zXZ\0\0\x04')],
    ['compressed by bzip2: unpack it', latin1('BZh91AY&SY\x01')],
    ['compressed by lz4: unpack it', latin1('\x04\x22\x4d\x18\x64')],
    ['a tar archive: unpack it', tar],
    ['a Parquet file: write its records as CSV', latin1('PAR1\x15\x04\x15')],
    ['an SQLite database: write its records as CSV', latin1('SQLite format 3\0\x10')],
    ["a dump in pg_dump's own format: restore it, and copy its table as CSV", latin1('PGDMP\x01\x0e')],
    ['a PDF document: get its table as CSV', latin1('%PDF-1.7\n')],
    ['an HTML page: get the file itself, or save its table as CSV', latin1('\r\n<!DOCTYPE html>\n<html>')],
    ['an XML document: get the file itself, or save its table as CSV', Buffer.from('\ufeff<?xml version="1.0"?>')],
    ['JSON: write its records as CSV', latin1('[\n  { "id": 1 }\n]\n')],
  ])('refuses what is %s', (message, bytes) => {
    expect(() => compressionOf(bytes.subarray(0, signatureBytes), 'orders.csv')).toThrow(
      expect.objectContaining({ name: 'InputError', message: `orders.csv is ${message}` }),
    )
  })
})
