/** What reads files apart from copylab's own process: a worker's thread, or a session's process. */
export type OtherReader = 'thread' | 'session'

/** Words about each of them. */
export const otherReaders: {
  readonly [R in OtherReader]: {
    readonly name: string
    /** The option that asks for it, as in "for `sessions`". */
    readonly option: string
    /** What to do without it. */
    readonly instead: string
  }
} = {
  thread: {
    name: 'a worker thread',
    option: "`client: 'threads'`",
    instead: "take `client: 'event-loop'`",
  },
  session: {
    name: 'the process of a session',
    option: '`sessions`',
    instead: 'leave `sessions` out',
  },
}
