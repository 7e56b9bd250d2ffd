import type pg from 'pg'
import type { CopyStreamQuery } from 'pg-copy-streams'
import { monotonicMs } from '../clock.js'

/** When a COPY had its turn, by `monotonicMs`. */
export interface Turn {
  /** When it was sent, or, where it had been sent ahead, when the one before it was answered. */
  readonly beganAt: number
  /** When the server's answer came. */
  readonly answeredAt: number
}

/** A COPY that was sent and not answered yet. */
interface SentCopy {
  readonly stream: CopyStreamQuery
  readonly sentAt: number
  readonly onTurn: (turn: Turn) => void
}

/** Steps of pg-copy-streams between a COPY and its connection that its types do not declare. */
interface CopySteps extends CopyStreamQuery {
  handleCopyInResponse(connection: pg.Connection): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

/**
 * The COPYs of one connection, in the order in which they are sent: each once the one before it is
 * written to its end, whether that is answered yet or not. The server runs them one after the
 * other, each as a statement of its own, and goes on after one that it refuses ("Message Flow",
 * section "Simple Query", of PostgreSQL's manual).
 */
export class CopyLine {
  private readonly sent: SentCopy[] = []
  private lastAnswerAt = 0
  /** Resolves when the last COPY is written to its end; null where none is being written. */
  private writing: Promise<void> | null = null

  constructor(private readonly client: pg.Client) {}

  /**
   * Waits until what was sent before is written, sends the statement of the stream, and calls
   * `write`, which writes the stream to its end and resolves when it is answered. Throws the
   * signal's reason where it is aborted before.
   */
  async send<T>(
    stream: CopyStreamQuery,
    write: (stream: CopyStreamQuery) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T & Turn> {
    const before = this.writing
    let isWritten = (): void => {}
    const writing = new Promise<void>((resolve) => {
      isWritten = resolve
    }).then(() => {
      if (this.writing === writing) this.writing = null
    })
    this.writing = writing
    try {
      if (before) await before
      signal.throwIfAborted()
      let turn: Turn | null = null
      this.submit({ stream, sentAt: monotonicMs(), onTurn: (own) => (turn = own) }, isWritten)
      const result = await write(stream)
      return { ...result, ...turn! }
    } finally {
      isWritten()
    }
  }

  private submit(copy: SentCopy, onWritten: () => void): void {
    const { stream } = copy
    sendOnce(stream, { onWritten, onAnswer: () => this.answer(copy) })
    // pg hands answers to one query at a time: the first of the line.
    if (this.sent.push(copy) === 1) this.client.query(stream)
    else stream.submit(this.client.connection)
  }

  private answer({ sentAt, onTurn }: SentCopy): void {
    const answeredAt = monotonicMs()
    onTurn({ beganAt: Math.max(sentAt, this.lastAnswerAt), answeredAt })
    this.lastAnswerAt = answeredAt
    this.sent.shift()
    const next = this.sent[0]
    if (next) this.client.query(next.stream)
  }
}

/**
 * Lets a COPY be sent before pg submits it, and its payload follow its statement at once, where
 * pg-copy-streams first waits for the server's answer: so the payload is there when a backend has
 * read the statement. A server that refuses the statement answers with the error and passes over
 * the rest ("Message Flow", section "COPY Operations", of PostgreSQL's manual).
 */
function sendOnce(
  stream: CopyStreamQuery,
  { onWritten, onAnswer }: { readonly onWritten: () => void; readonly onAnswer: () => void },
): void {
  const { submit, handleCopyInResponse, handleReadyForQuery, handleError, _final } = stream as CopySteps
  let isSent = false
  Object.assign(stream, {
    submit(connection: pg.Connection): void {
      if (isSent) return
      isSent = true
      submit.call(stream, connection)
      handleCopyInResponse.call(stream, connection)
    },
    handleCopyInResponse(): void {},
    _final(done: (error?: Error | null) => void): void {
      _final.call(stream, done)
      onWritten()
    },
    handleReadyForQuery(): void {
      onAnswer()
      handleReadyForQuery.call(stream)
    },
    handleError(error: Error): void {
      onAnswer()
      handleError.call(stream, error)
    },
  })
}
