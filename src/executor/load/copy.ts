import { Writable } from 'node:stream'
import type pg from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { monotonicMs } from '../clock.js'

/**
 * Bytes per CopyData message: rows written one by one cap Node at a fraction of what a backend
 * takes. pg-copy-streams hands the socket two chunks for each message, its head and its content, so
 * that fewer messages cost less of the client's time.
 */
const messageBytes = 1 << 20

/** Result of one COPY: rows counted by the server and the times in milliseconds. */
export interface Copied {
  /** Rows that the server counted. */
  readonly records: number
  /** Time spent waiting until the socket had room for the next message. */
  readonly backPressureMs: number
  /**
   * Time from the last byte handed to the socket to the server's confirmation: of the commit too,
   * where the COPY is a transaction of its own.
   */
  readonly commitMs: number
}

/**
 * One COPY: sends a complete payload of `records` records with back-pressure and resolves when it
 * is committed. An abort sends CopyFail, so the server rolls the COPY back and the connection stays
 * usable.
 */
export type Copy = (payload: Uint8Array, records: number, signal: AbortSignal) => Promise<Copied>

/** Makes the COPY that sends payloads over a worker's own connection. */
export function copyWith(client: pg.Client, sql: string): Copy {
  return async (payload, _records, signal) => {
    const stream = client.query(sendAtOnce(copyFrom(sql)))
    const times = await send(payload, stream, signal)
    return { records: stream.rowCount, ...times }
  }
}

/** COPYs of one worker in one transaction, which `commit` ends where a COPY has begun it. */
export interface Transaction {
  readonly copy: Copy
  readonly commit: () => Promise<void>
}

/**
 * Makes the first COPY begin a transaction by the statements `begin`, and leaves it open. One that
 * is not committed ends with its connection, which undoes all of it.
 */
export function inOneTransaction(client: pg.Client, begin: string, copy: Copy): Transaction {
  let begun: Promise<unknown> | null = null
  return {
    async copy(payload, records, signal) {
      begun ??= client.query(begin)
      await begun
      return copy(payload, records, signal)
    },
    async commit() {
      if (begun) await client.query('COMMIT')
    },
  }
}

/** Steps of pg-copy-streams between a COPY and its connection that its types do not declare. */
interface CopySteps extends CopyStreamQuery {
  handleCopyInResponse(connection: pg.Connection): void
}

/**
 * Lets the payload follow its statement at once, where pg-copy-streams first waits for the server's
 * answer, so that the payload is there when a backend has read the statement. A server that refuses
 * the statement answers with the error and passes over the rest ("Message Flow", section "COPY
 * Operations", of PostgreSQL's manual).
 */
function sendAtOnce(stream: CopyStreamQuery): CopyStreamQuery {
  const { submit, handleCopyInResponse } = stream as CopySteps
  return Object.assign(stream, {
    submit(connection: pg.Connection): void {
      submit.call(stream, connection)
      handleCopyInResponse.call(stream, connection)
    },
    handleCopyInResponse(): void {},
  })
}

/** COPY of the null trial: writes equal chunks into a stream that drops them. */
export const copyIntoNothing: Copy = async (payload, records, signal) => {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() })
  return { records, ...(await send(payload, nothing, signal)) }
}

/**
 * Writes the payload message by message, each once the one before it is handed over, and waits for
 * the stream's end; an abort destroys the stream. `pipeline` does this too, at a cost per COPY that
 * is visible with small batches.
 */
function send(payload: Uint8Array, stream: Writable, signal: AbortSignal): Promise<Omit<Copied, 'records'>> {
  return new Promise((resolve, reject) => {
    let from = 0
    let backPressureMs = 0
    let writtenAt = monotonicMs()
    let over = false

    const abort = (): void => void stream.destroy(signal.reason as Error)
    const end = (): void => {
      over = true
      signal.removeEventListener('abort', abort)
    }
    const handedOver = (): void => {
      const now = monotonicMs()
      backPressureMs += now - writtenAt
      writtenAt = now
      if (from < payload.length) next()
      else stream.end()
    }
    const next = (): void => {
      const message = payload.subarray(from, from + messageBytes)
      from += messageBytes
      stream.write(message, (error) => {
        // A message that the server has already refused is handed over to its end; no other
        // follows.
        if (!error && !over) handedOver()
      })
    }

    stream.once('finish', () => {
      end()
      resolve({ backPressureMs, commitMs: monotonicMs() - writtenAt })
    })
    // Of several errors the first counts: a connection that breaks emits one more for a COPY that
    // was refused.
    stream.on('error', (error) => {
      end()
      reject(error)
    })
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    else next()
  })
}
