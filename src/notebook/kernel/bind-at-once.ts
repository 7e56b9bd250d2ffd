interface Socket {
  bindSync(address: string): void
}

interface Server {
  readonly connInfo: { readonly transport: string; readonly ip: string }
  bindSocket(socket: Socket, port: number): Promise<void>
}

/**
 * Makes a tslab server bind each of its sockets before anything else happens. While a socket is
 * being bound in the background, ZeroMQ's binding refuses to send and to receive ("Socket is
 * blocked by a bind or unbind operation"): on a busy machine the first message can come in between,
 * and the loop that takes messages ends with it, so that the kernel never answers.
 */
export function bindAtOnce(prototype: Server): void {
  prototype.bindSocket = async function (socket, port) {
    const { transport, ip } = this.connInfo
    socket.bindSync(`${transport}://${ip}:${port}`)
  }
}
