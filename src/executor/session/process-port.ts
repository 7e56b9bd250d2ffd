import type { EventEmitter } from 'node:events'
import type { Port } from '../calls/port-calls.js'

/** Either end of the channel between a process and its child. */
interface End extends Pick<EventEmitter, 'on' | 'once'> {
  readonly connected: boolean
  send?(message: unknown, handle: undefined, options: undefined, sent: (error: Error | null) => void): boolean
  disconnect?(): void
}

/** Returns the channel to a child, or to the parent, as a port for calls. */
export function processPort(end: End): Port {
  return {
    postMessage(message) {
      // A message to a process that has just ended is lost; the end of the channel is told apart.
      if (end.connected) end.send?.(message, undefined, undefined, () => {})
    },
    on: (event, listener) => end.on(event, listener),
    once: (event, listener) => end.once(event === 'close' ? 'disconnect' : event, listener),
    close() {
      if (end.connected) end.disconnect?.()
    },
  }
}
