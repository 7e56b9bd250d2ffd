/** A socket of ZeroMQ that messages are published by, as far as its sending goes. */
interface PublisherPrototype {
  bindSync(this: object, address: string): void
  send(this: object, message: unknown): Promise<void>
}

/**
 * Makes the publishers of a `zeromq` module send one message after the other, however many wait. A
 * cell that prints much at once would lose most of it: ZeroMQ drops what exceeds its limit of
 * unsent messages, and its binding refuses to send while it is sending.
 */
export function sendInOrder({ Publisher }: { readonly Publisher: { readonly prototype: PublisherPrototype } }): void {
  const { bindSync, send } = Publisher.prototype
  let sent: Promise<unknown> = Promise.resolve()
  Object.defineProperties(Publisher.prototype, {
    bindSync: {
      value(this: { sendHighWaterMark: number }, address: string) {
        this.sendHighWaterMark = 0
        bindSync.call(this, address)
      },
    },
    send: {
      value(this: { readonly closed: boolean }, message: unknown) {
        sent = sent.then(() => (this.closed ? undefined : send.call(this, message)))
        return sent
      },
    },
  })
}
