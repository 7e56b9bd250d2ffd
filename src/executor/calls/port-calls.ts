import { type PackedError, packError, unpackError } from './packed-error.js'

/** Functions that the other side of a port may call, by name, with one argument or none. */
type Calls = Readonly<Record<string, (argument: never) => unknown>>

type Answer<Call extends Calls[string]> = Awaited<ReturnType<Call>>

/**
 * What passes messages, of which `message` and `close` tell: a port between threads, or the channel
 * between two processes.
 */
export interface Port {
  postMessage(message: unknown): void
  on(event: string, listener: (message: unknown) => void): unknown
  once(event: string, listener: () => void): unknown
  close(): void
}

/** The other side of a port. */
export interface Peer<Theirs extends Calls> {
  /**
   * Calls a function of the other side: resolves with its result, or rejects with what it threw,
   * and also when the other side is gone.
   */
  call<Name extends keyof Theirs & string>(
    name: Name,
    ...argument: Parameters<Theirs[Name]>
  ): Promise<Answer<Theirs[Name]>>
  close(): void
}

type Message =
  | { readonly type: 'call'; readonly id: number; readonly name: string; readonly argument: unknown }
  | { readonly type: 'result'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: PackedError }

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/**
 * Answers the calls that come through the port by the functions `ours`, and returns the other side
 * for calls to it. `goneError` makes the error of calls that wait when the other side goes, or that
 * come later; it may wait for its reason, and is not called where no call needs it, so that nothing
 * of a job that was done waits for the end of its thread.
 */
export function connectPort<Ours extends Calls, Theirs extends Calls>(
  port: Port,
  ours: Ours,
  goneError: () => Error | Promise<Error>,
): Peer<Theirs> {
  const pending = new Map<number, Pending>()
  let calls = 0
  let gone = false

  async function answer(id: number, name: string, argument: unknown): Promise<void> {
    try {
      const value = await ours[name]!(argument as never)
      port.postMessage({ type: 'result', id, value } satisfies Message)
    } catch (error) {
      port.postMessage({ type: 'error', id, error: packError(error) } satisfies Message)
    }
  }

  async function call(name: string, argument?: unknown): Promise<unknown> {
    if (gone) throw await goneError()
    return new Promise((resolve, reject) => {
      const id = calls++
      pending.set(id, { resolve, reject })
      port.postMessage({ type: 'call', id, name, argument } satisfies Message)
    })
  }

  async function rejectPending(): Promise<void> {
    const error = await goneError()
    for (const waiting of pending.values()) waiting.reject(error)
    pending.clear()
  }

  port.on('message', (given) => {
    const message = given as Message
    if (message.type === 'call') {
      void answer(message.id, message.name, message.argument)
      return
    }
    const waiting = pending.get(message.id)
    pending.delete(message.id)
    if (message.type === 'result') waiting?.resolve(message.value)
    else waiting?.reject(unpackError(message.error))
  })
  port.once('close', () => {
    gone = true
    if (pending.size > 0) void rejectPending()
  })

  return {
    call: call as Peer<Theirs>['call'],
    close: () => port.close(),
  }
}
