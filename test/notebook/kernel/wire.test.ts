import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMessage, encodeMessage, request } from '../../../src/notebook/kernel/wire.js'

const frames = (content: Record<string, unknown>, key: string) =>
  encodeMessage(request('execute_request', content, 'session'), key).map((frame) => Buffer.from(frame))

test('decodeMessage(encodeMessage(m, key), key) gives m, whatever routing prefix precedes it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string({ minLength: 1 }), (content, key) => {
      const message = request('execute_request', content, 'session')
      const sent = [Buffer.from('route'), ...encodeMessage(message, key).map((frame) => Buffer.from(frame))]
      expect(decodeMessage(sent, key)).toEqual(JSON.parse(JSON.stringify(message)))
    }),
  )
})

test('decodeMessage throws for another key, a changed part and a missing part', () => {
  const sent = frames({ code: '1' }, 'key')
  expect(() => decodeMessage(sent, 'other')).toThrow('wrong signature')
  expect(() => decodeMessage([...sent.slice(0, -1), Buffer.from('{"code":"2"}')], 'key')).toThrow('wrong signature')
  expect(() => decodeMessage(sent.slice(0, -1), 'key')).toThrow('incomplete')
})

test('decodeMessage throws for parts that are no objects, and for a header without its fields', () => {
  const key = 'key'
  const sent = (...parts: readonly unknown[]) => {
    const [delimiter] = frames({}, key)
    const texts = parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    const hmac = createHmac('sha256', key)
    for (const text of texts) hmac.update(text)
    return [delimiter!, Buffer.from(hmac.digest('hex')), ...texts.map((text) => Buffer.from(text))]
  }
  const header = { msg_id: 'a', msg_type: 'stream', session: 's' }
  expect(decodeMessage(sent(header, {}, {}, {}), key).header).toEqual(header)
  for (const part of [null, [], 1, '"x"', '{']) {
    expect(() => decodeMessage(sent(header, {}, {}, part), key)).toThrow('A part of the message is no object')
  }
  expect(() => decodeMessage(sent({ ...header, msg_type: 1 }, {}, {}, {}), key)).toThrow('has no id, type or session')
})
