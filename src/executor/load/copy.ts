import { Writable } from 'node:stream'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { monotonicMs } from '../clock.js'
import { CopyLine, type Turn } from './copy-line.js'

/**
 * Bytes per CopyData message: rows written one by one cap Node at a fraction of what a backend
 * takes. pg-copy-streams hands the socket two chunks for each message, its head and its content, so
 * that fewer messages cost less of the client's time.
 */
const messageBytes = 1 << 20

/** Result of one COPY: rows counted by the server and the times in milliseconds. */
export interface Copied extends Turn {
  /** Rows that the server counted. */
  readonly records: number
  /** Time spent waiting until the socket had room for the next message. */
  readonly backPressureMs: number
  /**
   * Time from the last byte handed to the socket, or from the COPY's turn where that came later, to
   * the server's confirmation: of the commit too, where the COPY is a transaction of its own.
   */
  readonly commitMs: number
}

/**
 * One COPY: sends a complete payload of `records` records with back-pressure and resolves when it
 * is committed. An abort sends CopyFail, so the server rolls the COPY back and the connection stays
 * usable; one that is written to its end by then is not rolled back.
 */
export type Copy = (payload: Uint8Array, records: number, signal: AbortSignal) => Promise<Copied>

/**
 * Makes the COPY that sends payloads over a worker's own connection. One that is called while
 * another runs is sent ahead: its payload follows the other's at once.
 */
export function copyWith(client: pg.Client, sql: string): Copy {
  const line = new CopyLine(client)
  return async (payload, _records, signal) => {
    const stream = copyFrom(sql)
    const sent = await line.send(stream, () => send(payload, stream, signal), signal)
    const { backPressureMs, writtenAt, beganAt, answeredAt } = sent
    const commitMs = answeredAt - Math.max(writtenAt, beganAt)
    return { records: stream.rowCount, backPressureMs, commitMs, beganAt, answeredAt }
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

/** COPY of the null trial: writes equal chunks into a stream that drops them. */
export const copyIntoNothing: Copy = async (payload, records, signal) => {
  const nothing = new Writable({ write: (_chunk, _encoding, done) => done() })
  const beganAt = monotonicMs()
  const { backPressureMs, writtenAt } = await send(payload, nothing, signal)
  const answeredAt = monotonicMs()
  return { records, backPressureMs, commitMs: answeredAt - writtenAt, beganAt, answeredAt }
}

/** A payload that was written to its end. */
interface Written extends Pick<Copied, 'backPressureMs'> {
  /** When its last byte was handed over, by `monotonicMs`. */
  readonly writtenAt: number
}

/**
 * Writes the payload message by message, each once the one before it is handed over, and waits for
 * the stream's end; an abort destroys the stream. `pipeline` does this too, at a cost per COPY that
 * is visible with small batches.
 */
function send(payload: Uint8Array, stream: Writable, signal: AbortSignal): Promise<Written> {
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
      resolve({ backPressureMs, writtenAt })
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
