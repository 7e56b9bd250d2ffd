import { Dealer, Subscriber } from 'zeromq'
import type { ConnectionFile } from './kernel-process.js'
import { decodeMessage, encodeMessage, type Message } from './wire.js'

/** Callbacks for what a kernel sends. */
export interface Listeners {
  /** Called with each reply to a request. */
  onReply(message: Message): void
  /** Called with each message that the kernel publishes: outputs, and when it is busy and idle. */
  onPublished(message: Message): void
}

/** The sockets to a kernel. */
export interface Channels {
  /**
   * Cells and questions go over `shell`, the request to shut down over `control`, which is read
   * while a cell runs.
   */
  send(channel: 'shell' | 'control', message: Message): Promise<void>
  /** Settles when the channels are closed. Rejects at the first message that cannot be read. */
  readonly reading: Promise<unknown>
  close(): void
}

/** Opens the sockets of a connection file; a kernel that starts later is waited for. */
export function openChannels({ transport, ip, key, ...ports }: ConnectionFile, listeners: Listeners): Channels {
  const options = { linger: 0, reconnectInterval: 20 }
  const shell = new Dealer(options)
  const control = new Dealer(options)
  const iopub = new Subscriber({ ...options, receiveHighWaterMark: 0 })
  const address = (port: number) => `${transport}://${ip}:${port}`
  shell.connect(address(ports.shell_port))
  control.connect(address(ports.control_port))
  iopub.connect(address(ports.iopub_port))
  iopub.subscribe()
  return {
    send: (channel, message) => (channel === 'shell' ? shell : control).send(encodeMessage(message, key)),
    reading: Promise.all([read(shell, key, listeners.onReply), read(iopub, key, listeners.onPublished)]),
    close: () => {
      for (const socket of [shell, control, iopub]) socket.close()
    },
  }
}

async function read(socket: Dealer | Subscriber, key: string, onMessage: (message: Message) => void): Promise<void> {
  for await (const frames of socket) onMessage(decodeMessage(frames, key))
}
