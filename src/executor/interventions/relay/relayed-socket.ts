import { Socket } from 'node:net'

/** The socket of a connection that pg opens to a server: it goes to a relay's port instead. */
export class RelayedSocket extends Socket {
  constructor(private readonly relayPort: number) {
    super()
  }

  override connect(..._: unknown[]): this {
    return super.connect(this.relayPort, '127.0.0.1')
  }
}
