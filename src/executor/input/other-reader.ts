/**
 * What reads files and connects apart from the process that was called: a worker's thread, or the
 * process of a session.
 */
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
