import { encodeMessage, type Message, request } from './wire.js'

interface Socket {
  send(frames: readonly (Buffer | string)[]): Promise<void>
}

interface Server {
  readonly connInfo: { readonly key: string }
  readonly iopub: Socket
  handleShellMessage(socket: Socket, ...frames: Buffer[]): Promise<void>
}

/**
 * Makes a tslab kernel answer a request for its history, which JupyterLab sends to each kernel: it
 * keeps none. tslab alone complains in the terminal about requests that it does not know.
 */
export function answerHistory(prototype: Server): void {
  const { handleShellMessage } = prototype
  prototype.handleShellMessage = async function (socket, ...frames) {
    const start = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>')
    const header = JSON.parse(frames[start + 2]?.toString() ?? '{}') as Message['header']
    if (header.msg_type !== 'history_request') return handleShellMessage.call(this, socket, ...frames)
    const about = (type: string, content: Record<string, unknown>): string[] =>
      encodeMessage({ ...request(type, content, header.session), parent_header: header }, this.connInfo.key)
    await this.iopub.send(about('status', { execution_state: 'busy' }))
    await socket.send([...frames.slice(0, start), ...about('history_reply', { status: 'ok', history: [] })])
    await this.iopub.send(about('status', { execution_state: 'idle' }))
  }
}
