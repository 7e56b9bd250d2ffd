import { reportedError } from './reported-error.js'
import { decodeMessage, encodeMessage, type Message, request } from './wire.js'

interface Socket {
  send(frames: readonly (Buffer | string)[]): Promise<void>
}

interface Server {
  readonly connInfo: { readonly key: string }
  readonly iopub: Socket
  handleShellMessage(socket: Socket, ...frames: Buffer[]): Promise<void>
}

/** The requests that tslab answers. */
const answered = new Set([
  'kernel_info_request',
  'execute_request',
  'is_complete_request',
  'inspect_request',
  'complete_request',
  'comm_info_request',
  'shutdown_request',
])

/**
 * Makes a tslab kernel answer every request that it can read, and pass over every other message.
 * Where tslab's own answer fails, the reply is the error: by itself it would publish that as one of
 * the cell that was started last. It keeps no history, for which JupyterLab asks each kernel; what
 * it does not know it would complain about, into that cell too.
 */
export function answerRequests(prototype: Server): void {
  const { handleShellMessage } = prototype
  prototype.handleShellMessage = async function (socket, ...frames) {
    const message = read(frames, this.connInfo.key)
    if (message === null) return
    const { header } = message
    const about = (type: string, content: Record<string, unknown>): string[] =>
      encodeMessage({ ...request(type, content, header.session), parent_header: header }, this.connInfo.key)
    const reply = (content: Record<string, unknown>): Promise<void> => {
      const route = frames.slice(
        0,
        frames.findIndex((frame) => frame.toString() === '<IDS|MSG>'),
      )
      return socket.send([...route, ...about(header.msg_type.replace(/request$/, 'reply'), content)])
    }
    if (answered.has(header.msg_type)) {
      try {
        await handleShellMessage.call(this, socket, ...frames)
      } catch (error) {
        const { output_type, ...content } = reportedError(error)
        await reply({ status: 'error', ...content })
      }
      return
    }
    await this.iopub.send(about('status', { execution_state: 'busy' }))
    if (header.msg_type === 'history_request') await reply({ status: 'ok', history: [] })
    await this.iopub.send(about('status', { execution_state: 'idle' }))
  }
}

/** The message in a list of frames; null for what is none, or was signed with another key. */
function read(frames: readonly Buffer[], key: string): Message | null {
  try {
    return decodeMessage(frames, key)
  } catch {
    return null
  }
}
