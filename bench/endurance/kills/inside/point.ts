/** What is killed: the client, its postmaster, the guardian of that, or one backend. */
export const targets = ['client', 'server', 'guardian', 'backend'] as const
/** One of `targets`. */
export type Target = (typeof targets)[number]

/**
 * What happens in a client, and is counted: a line of progress; a statement that is no COPY; a
 * COPY; data of a COPY, its end included; an answer of the server; a connection that is ready; a
 * line of the journal; a change of a lock, folder or file; the start of a program.
 */
export const events = [
  'progress',
  'statement',
  'copy',
  'data',
  'answer',
  'login',
  'journal',
  'file',
  'program',
] as const
/** One of `events`. */
export type Event = (typeof events)[number]

/** `amid`: after the first half of its bytes, where it has bytes; else after it. */
export const moments = ['before', 'amid', 'after'] as const
/** One of `moments`. */
export type Moment = (typeof moments)[number]

/** Where in a run of the client something is killed. */
export interface Point {
  readonly target: Target
  /**
   * Number of the run's trial in which events are counted, from 1; 0 for what precedes the first.
   * Where the trial has too few, they are counted in the next.
   */
  readonly trial: number
  readonly event: Event
  /** Which of these events, from 1. Where there is no such target yet, the first that has one. */
  readonly nth: number
  readonly moment: Moment
}

/** What a client notes just before it kills. */
export interface Strike extends Point {
  /** Whether a measured trial had handed over its first COPY, and was not verified yet. */
  readonly inMeasured: boolean
  /** The client of the trial that ran; null before the first. */
  readonly client: 'event-loop' | 'threads' | null
}

/** What a client is told by the environment variable `orderVariable`, as JSON. */
export interface Order {
  /** Null where nothing is to be killed. */
  readonly point: Point | null
  /** The file that the strike is noted in. */
  readonly evidence: string
}

/** The environment variable that holds a client's order. */
export const orderVariable = 'COPYLAB_ENDURANCE_KILL'
