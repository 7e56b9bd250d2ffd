import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Connection } from 'copylab/executor'

/** Which of copylab's connections a line carries. */
export type Role = 'worker' | 'control' | 'observer' | 'other'

/** To the server, or back from it. */
export type Direction = 'up' | 'down'

/** One connection through a relay: to the client, and on to the server. */
export interface Line {
  readonly role: Role
  readonly near: Socket
  readonly far: Socket
}

/** What of a relay is disturbed; all of it where nothing is named. */
export interface Where {
  /** This line alone. */
  readonly line?: Line
  /** This direction alone. */
  readonly direction?: Direction
}

/** What has passed a relay from the client, over lines of one role. */
export interface Passed {
  readonly bytes: number
  /** Pieces in which the bytes came. */
  readonly sendings: number
  readonly connections: number
}

/** Point of a study, by what has passed over the lines of a role. */
export interface Moment {
  readonly role: Role
  readonly counted: keyof Passed
  /** The moment falls on what follows this number. */
  readonly after: number
}

/** A way to a server that can be disturbed. */
export interface Relay {
  /** Connection to the server through this relay. */
  readonly connection: Connection
  /**
   * Passes nothing on any more and closes nothing, as a network does that is gone; new connections
   * are taken, and not answered. Returns what ends it: then all that was held back is passed on.
   */
  stall(where?: Where): () => void
  /** Holds each piece back for a time, in its order. Returns what ends it. */
  delay(ms: number, where?: Where): () => void
  /** Breaks connections by a TCP reset. */
  reset(where?: Where): void
  /** Ends connections in good order. */
  end(where?: Where): void
  /** Resets new connections at once. Returns what ends it. */
  refuse(): () => void
  /** What has passed since the relay began, or since `heal`. */
  passed(role: Role): Passed
  /** Calls `act` once, at a moment, before what follows is passed on. */
  at(moment: Moment, act: (line: Line) => void): void
  /** Ends every disturbance, forgets the moment, breaks every connection, and counts anew. */
  heal(): void
}

interface Disturbance extends Where {
  readonly ms: number
  readonly over: Promise<void>
}

interface Watched extends Moment {
  readonly act: (line: Line) => void
}

const nothingYet = (): Passed => ({ bytes: 0, sendings: 0, connections: 0 })

/**
 * Calls `task` with a relay before a server, and closes it; a server that may be down, or come back
 * on another port, is given as a function. Connections to one that is down are reset.
 */
export async function withRelay<T>(
  server: Connection | (() => Connection | null),
  task: (relay: Relay) => Promise<T>,
): Promise<T> {
  const now = typeof server === 'function' ? server : () => server
  const direct = now()
  if (!direct) throw new Error('Expected the server to run when a relay is put before it')
  const sockets = new Set<Socket>()
  const lines = new Set<Line>()
  const disturbances = new Set<Disturbance>()
  const counts = new Map<Role, Passed>()
  let refusing = 0
  let watched: Watched | null = null

  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    return socket
  }
  const count = (line: Line, more: Passed): void => {
    const before = counts.get(line.role) ?? nothingYet()
    const now = {
      bytes: before.bytes + more.bytes,
      sendings: before.sendings + more.sendings,
      connections: before.connections + more.connections,
    }
    counts.set(line.role, now)
    if (watched?.role !== line.role || now[watched.counted] <= watched.after) return
    const { act } = watched
    watched = null
    act(line)
  }
  /** Resolves when a piece of a line may pass. */
  const free = async (line: Line | null, direction: Direction): Promise<void> => {
    const waited = new Set<Disturbance>()
    for (;;) {
      const next = [...disturbances].find(
        (one) =>
          !waited.has(one) && (!one.line || one.line === line) && (!one.direction || one.direction === direction),
      )
      if (!next) return
      waited.add(next)
      await (next.ms === Number.POSITIVE_INFINITY ? next.over : pause(next.ms))
    }
  }
  const carry = async (line: Line, direction: Direction): Promise<void> => {
    const [from, to] = direction === 'up' ? [line.near, line.far] : [line.far, line.near]
    try {
      for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        if (direction === 'up') count(line, { bytes: piece.length, sendings: 1, connections: 0 })
        await free(line, direction)
        if (!to.write(piece)) await drained(to)
      }
      await free(line, direction)
      to.end()
    } catch {
      await free(line, direction)
      to.destroy()
    }
  }
  const open = async (near: Socket): Promise<void> => {
    await free(null, 'up')
    const said = once(near, 'data') as Promise<[Buffer]>
    near.resume()
    const [first] = await said
    near.pause()
    const to = now()?.config
    if (!to) throw new Error('The server is down')
    const far = keep(connect(to.port!, to.host))
    far.once('error', () => near.resetAndDestroy())
    const line: Line = { role: roleIn(first), near, far }
    lines.add(line)
    near.once('close', () => lines.delete(line))
    near.unshift(first)
    count(line, { ...nothingYet(), connections: 1 })
    await Promise.all([carry(line, 'up'), carry(line, 'down')])
  }
  const listener = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (near) => {
    keep(near)
    if (refusing > 0) near.resetAndDestroy()
    // Where the server is down, or a client leaves before it has said anything.
    else open(near).catch(() => near.resetAndDestroy())
  })
  await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening))
  const { port } = listener.address() as AddressInfo

  const disturb = (ms: number, where: Where): (() => void) => {
    let end = (): void => {}
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    const disturbance = { ms, over, ...where }
    disturbances.add(disturbance)
    return () => {
      disturbances.delete(disturbance)
      end()
    }
  }
  const each = (how: (socket: Socket) => void, { line }: Where = {}): void => {
    for (const { near, far } of line ? [line] : lines) for (const socket of [near, far]) how(socket)
  }
  try {
    return await task({
      connection: { ...direct, config: { ...direct.config, host: '127.0.0.1', port } },
      stall: (where = {}) => disturb(Number.POSITIVE_INFINITY, where),
      delay: (ms, where = {}) => disturb(ms, where),
      reset: (where) => each((socket) => socket.resetAndDestroy(), where),
      end: (where) => each((socket) => socket.end(), where),
      refuse: () => {
        refusing++
        return () => {
          refusing--
        }
      },
      passed: (role) => counts.get(role) ?? nothingYet(),
      at: (moment, act) => {
        watched = { ...moment, act }
      },
      heal: () => {
        watched = null
        for (const socket of sockets) socket.destroy()
        disturbances.clear()
        counts.clear()
        refusing = 0
      },
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => listener.close(closed))
  }
}

/** Resolves when more can be written, or never again. */
function drained(to: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      to.off('drain', done)
      to.off('close', done)
      resolve()
    }
    to.on('drain', done)
    to.on('close', done)
    if (to.destroyed) done()
  })
}

/** The role that a connection's first message tells by `application_name`. */
function roleIn(first: Buffer): Role {
  const [, name] = /copylab\/[^/\0]*\/(w\d+|control|observer)\0/.exec(first.toString('latin1')) ?? []
  if (name === undefined) return 'other'
  return name === 'control' || name === 'observer' ? name : 'worker'
}
