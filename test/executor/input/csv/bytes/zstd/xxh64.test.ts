import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Xxh64 } from '../../../../../../src/executor/input/csv/bytes/zstd/xxh64.js'

function digestOf(...chunks: readonly Uint8Array[]): bigint {
  const checksum = new Xxh64()
  for (const chunk of chunks) checksum.update(Buffer.from(chunk))
  return checksum.digest()
}

/** Bytes as xxHash's own check makes them (xsum_sanity_check.c). */
function checkBytes(length: number): Buffer {
  let state = 2654435761n
  return Buffer.from(
    Array.from({ length }, () => {
      const byte = Number(state >> 56n)
      state = BigInt.asUintN(64, state * 11400714785074694797n)
      return byte
    }),
  )
}

describe('Xxh64', () => {
  test.each([
    [0, 0xef46db3751d8e999n],
    [1, 0xe934a84adb052768n],
    [4, 0x9136a0dca57457een],
    [14, 0x8282dcc4994e35c8n],
    [222, 0xb641ae8cb691c174n],
  ])("has the values of xxHash's own check for %i bytes", (length, expected) => {
    expect(digestOf(checkBytes(length))).toBe(expected)
  })

  test('does not depend on how the bytes are divided', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (chunks) => {
        expect(digestOf(...chunks)).toBe(digestOf(Buffer.concat(chunks)))
      }),
    )
  })
})
