import { expect, test } from 'vitest'
import { answerRequests } from '../../../src/notebook/kernel/answer-requests.js'
import { decodeMessage, encodeMessage, request } from '../../../src/notebook/kernel/wire.js'

const key = 'of this test'
const route = Buffer.from('route')
const framesOf = (type: string): Buffer[] => [
  route,
  ...encodeMessage(request(type, {}, 's'), key).map((frame) => Buffer.from(frame)),
]

/** What a kernel, whose own answer fails, sends about frames: replies, and what it publishes. */
async function answersTo(frames: readonly Buffer[]): Promise<string[]> {
  const sent: string[] = []
  const socket = (name: string) => ({
    send: async (parts: readonly (Buffer | string)[]) => {
      const { header, content } = decodeMessage(
        parts.map((part) => Buffer.from(part)),
        key,
      )
      sent.push(
        `${name} ${header.msg_type} ${content.status ?? content.execution_state} ${content.evalue ?? ''}`.trim(),
      )
    },
  })
  const server = {
    connInfo: { key },
    iopub: socket('published'),
    handleShellMessage: async (): Promise<void> => {
      throw new Error('own answer')
    },
  }
  answerRequests(server)
  await server.handleShellMessage.call(server, ...([socket('reply'), ...frames] as unknown as []))
  return sent
}

test('answerRequests replies with the error where the own answer fails', async () => {
  expect(await answersTo(framesOf('complete_request'))).toEqual(['reply complete_reply error own answer'])
})

test('answerRequests answers a request for the history, and says nothing about what it does not know', async () => {
  const [busy, idle] = ['published status busy', 'published status idle']
  expect(await answersTo(framesOf('history_request'))).toEqual([busy, 'reply history_reply ok', idle])
  expect(await answersTo(framesOf('comm_open'))).toEqual([busy, idle])
})

test('answerRequests passes over what is no message, or one of another key', async () => {
  expect(await answersTo([])).toEqual([])
  expect(await answersTo([Buffer.from('<IDS|MSG>')])).toEqual([])
  expect(await answersTo([...framesOf('history_request').slice(0, -1), Buffer.from('{"a":1}')])).toEqual([])
})
