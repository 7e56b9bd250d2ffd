import { within } from '../process/within.js'
import { openChannels } from './channels.js'
import { KernelError, withLastWords } from './kernel-error.js'
import type { KernelProcess } from './kernel-process.js'
import { type Message, request } from './wire.js'

/** Requests to a kernel, and what it answers. */
export interface Conversation {
  /**
   * Sends a request and returns the promise of its reply. `onPublished` is called with what the
   * kernel publishes about it as long as the conversation lasts, since work that goes on prints
   * into the cell that started it.
   */
  ask(
    type: string,
    content: Record<string, unknown>,
    onPublished?: (message: Message) => void,
  ): Promise<{ readonly reply: Promise<Message> }>
  /**
   * The kernel's answer once all that it published before has arrived, too; null when that takes
   * longer than `timeoutMs`.
   */
  catchUp(timeoutMs: number): Promise<Message | null>
  /** Asks the kernel to end. */
  shutDown(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the conversation with a kernel that was started. Its promises reject with `KernelError`
 * when the kernel ends or cannot be understood.
 */
export function openConversation({
  connection,
  ended,
  stderr,
}: Pick<KernelProcess, 'connection' | 'ended' | 'stderr'>): Conversation {
  const replies = new Map<string, (reply: Message) => void>()
  const idles = new Map<string, () => void>()
  const listeners = new Map<string, (message: Message) => void>()
  const channels = openChannels(connection, {
    onReply: (message) => settle(replies, message),
    onPublished: (message) => {
      if (message.header.msg_type === 'status' && message.content.execution_state === 'idle') settle(idles, message)
      listeners.get(parentOf(message))?.(message)
    },
  })
  const broken = brokenBy(channels.reading, ended, stderr)

  const send = async (message: Message): Promise<{ reply: Promise<Message>; idle: Promise<void> }> => {
    const id = message.header.msg_id
    const reply = new Promise<Message>((resolve) => replies.set(id, resolve))
    const idle = new Promise<void>((resolve) => idles.set(id, resolve))
    await channels.send('shell', message)
    return { reply, idle }
  }

  return {
    ask: async (type, content, onPublished) => {
      const message = request(type, content, connection.key)
      if (onPublished) listeners.set(message.header.msg_id, onPublished)
      const { reply } = await send(message)
      return { reply: Promise.race([reply, broken]) }
    },
    catchUp: async (timeoutMs) => {
      const { reply, idle } = await send(request('kernel_info_request', {}, connection.key))
      const both = Promise.all([reply, idle]).then(([answer]) => answer)
      return within(timeoutMs, Promise.race([both, broken]))
    },
    shutDown: () => channels.send('control', request('shutdown_request', { restart: false }, connection.key)),
    close: async () => {
      channels.close()
      await channels.reading.catch(() => {})
    },
  }
}

/**
 * A promise that rejects with `KernelError` when the kernel has ended, or at once at a message that
 * cannot be read, instead of a wait for a reply that will not come.
 */
function brokenBy(reading: Promise<unknown>, ended: Promise<string>, stderr: () => string): Promise<never> {
  const unread = reading.then(
    () => new Promise<never>(() => {}),
    (error: unknown) => {
      throw new KernelError('The kernel cannot be understood', { cause: error })
    },
  )
  const died = ended.then((how) => {
    throw new KernelError(withLastWords(`The kernel ended: ${how}`, stderr()))
  })
  const broken = Promise.race([unread, died])
  broken.catch(() => {})
  return broken
}

function parentOf({ parent_header }: Message): string {
  return parent_header.msg_id ?? ''
}

function settle(waiting: Map<string, (message: Message) => void>, message: Message): void {
  waiting.get(parentOf(message))?.(message)
  waiting.delete(parentOf(message))
}
