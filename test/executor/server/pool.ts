import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import pg from 'pg'

/** How a pool behaves. */
export interface PoolOptions {
  /**
   * `transaction`: a client has a backend from its first statement to the end of that transaction;
   * `session`: for as long as it is connected.
   */
  readonly mode: 'transaction' | 'session'
  /**
   * Which free backend is taken: the one that was freed last, as PgBouncer does, or first, or any.
   */
  readonly takes?: 'last' | 'first' | 'any'
  /**
   * Whether what a connection is started with is refused, as by PgBouncer by default; dropped else.
   */
  readonly strict?: boolean
  /** Whether clients get the number of a real backend rather than one that the pool makes up. */
  readonly tellsBackend?: boolean
  /** How many backends there are; 2 when absent. */
  readonly backends?: number
}

interface Backend {
  readonly socket: Socket
  readonly pid: number
  readonly end: () => void
}

/** One message of the protocol: its type, and all its bytes. */
interface Message {
  readonly type: string
  readonly bytes: Buffer
}

/** Cuts what a socket receives into messages. */
function messages(onMessage: (message: Message) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 5 && rest.length >= 1 + rest.readInt32BE(1)) {
      const length = 1 + rest.readInt32BE(1)
      onMessage({ type: String.fromCharCode(rest[0]!), bytes: rest.subarray(0, length) })
      rest = rest.subarray(length)
    }
  }
}

function message(type: string, ...parts: readonly (string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part)
      const number = Buffer.alloc(4)
      number.writeInt32BE(part)
      return number
    }),
  )
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

/**
 * Calls `task` with the port of a pool before a server. Clients need no password; the pool has that
 * of `config`.
 */
export async function withPool<T>(
  config: pg.ClientConfig,
  { mode, takes = 'last', strict = false, tellsBackend = false, backends = 2 }: PoolOptions,
  task: (port: number) => Promise<T>,
): Promise<T> {
  const free: Backend[] = []
  const all: Backend[] = []
  const waiting: ((backend: Backend) => void)[] = []
  const sockets = new Set<Socket>()

  async function open(): Promise<Backend> {
    const client = new pg.Client(config)
    client.on('error', () => {})
    await client.connect()
    const socket = (client.connection.stream as Socket).setNoDelay(true)
    socket.removeAllListeners('data')
    const { processID } = client as pg.Client & { processID: number }
    const backend = { socket, pid: processID, end: () => void socket.destroy() }
    all.push(backend)
    return backend
  }
  for (let k = 0; k < backends; k++) free.push(await open())
  const take = (): Promise<Backend> => {
    const at = takes === 'last' ? -1 : takes === 'first' ? 0 : Math.floor(Math.random() * free.length)
    const [backend] = free.splice(at, 1)
    return backend ? Promise.resolve(backend) : new Promise((given) => waiting.push(given))
  }
  const give = (backend: Backend): void => {
    backend.socket.removeAllListeners('data')
    const next = waiting.shift()
    if (next) next(backend)
    else free.push(backend)
  }

  function serve(client: Socket): void {
    let backend: Promise<Backend> | null = null
    let inTransaction = false
    let pending = 0
    const toClient = (own: Backend) =>
      messages(({ type, bytes }) => {
        client.write(bytes)
        if (type !== 'Z') return
        pending--
        inTransaction = bytes[5] !== 'I'.charCodeAt(0)
        if (pending === 0 && !inTransaction && mode === 'transaction') {
          backend = null
          give(own)
        }
      })
    const assigned = (): Promise<Backend> => {
      backend ??= take().then((own) => {
        own.socket.on('data', toClient(own))
        return own
      })
      return backend
    }
    let order = Promise.resolve()
    const fromClient = messages(({ type, bytes }) => {
      if (type === 'X') return void client.end()
      if (type === 'Q' || type === 'S') pending++
      order = order.then(async () => void (await assigned()).socket.write(bytes))
    })
    client.on('close', async () => {
      const own = await backend
      // What a client leaves in the midst is not handed on to another.
      own?.end()
    })
    client.once('data', (start) => {
      const parameters = start.subarray(8).toString().split('\0')
      if (strict && parameters.includes('options')) {
        const said = 'unsupported startup parameter: options'
        return void client.end(message('E', 'SFATAL\0', 'C08P01\0', `M${said}\0`, '\0'))
      }
      const pid = tellsBackend ? all[0]!.pid : 1_000_000 + sockets.size
      client.write(
        Buffer.concat([
          message('R', 0),
          message('S', 'server_version\0', '18.0\0'),
          message('K', pid, 7),
          message('Z', 'I'),
        ]),
      )
      client.on('data', fromClient)
    })
  }

  const server = createServer((socket) => {
    sockets.add(socket.setNoDelay(true))
    socket.on('error', () => {})
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await task((server.address() as AddressInfo).port)
  } finally {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
    for (const backend of all) backend.end()
  }
}
