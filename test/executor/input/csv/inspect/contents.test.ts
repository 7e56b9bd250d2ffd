import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Files, useExports } from './exports-folder.js'

const { inspected } = useExports()

describe('what a compressed file holds is looked at', () => {
  const tar = Buffer.concat([
    Buffer.from('orders.csv'),
    Buffer.alloc(247),
    Buffer.from('ustar\x0000'),
    Buffer.alloc(250),
  ])
  test.each<[string, Files, string]>([
    ['a tar archive', { 'a.csv.gz': gzipSync(tar) }, 'a.csv.gz is a tar archive: unpack it'],
    [
      'a Parquet file',
      { 'a.csv.gz': gzipSync('PAR1\x15\x04\x15') },
      'a.csv.gz is a Parquet file: write its records as CSV',
    ],
    [
      'a compressed file',
      { 'a.csv.gz': gzipSync(gzipSync('id,t\n1,a\n')) },
      'a.csv.gz is compressed twice, by gzip and gzip: unpack it once',
    ],
  ])('%s is refused by name', async (_, files, message) => {
    await expect(inspected(files)).rejects.toThrow(message)
  })

  test('members one after the other are one text', async () => {
    const members = Buffer.concat([gzipSync('id,t\n1,a\n'), gzipSync('2,b\n')])
    expect(await inspected({ 'a.csv.gz': members })).toMatchObject({ records: 2, header: true })
  })
})

test.each<[string, Buffer, string]>([
  [
    'UTF-32',
    Buffer.from(Uint32Array.from([...'\ufeffid,t\n1,a\n'].map((one) => one.charCodeAt(0))).buffer),
    'the encoding of a.csv: the text is UTF-32LE; convert it by iconv -f UTF-32LE -t UTF-8',
  ],
  [
    'Windows-1251',
    Buffer.from('êîä;èìÿ\n1;Ïðèâåò\n', 'latin1'),
    "say `encoding: 'latin1'` (--file-encoding), or convert it by iconv -f WINDOWS-1250, WINDOWS-1251, SHIFT_JIS, GB18030 or another -t UTF-8",
  ],
])('text in %s is refused with the way to convert it', async (_, bytes, remedy) => {
  await expect(inspected({ 'a.csv': bytes })).rejects.toThrow(remedy)
})
