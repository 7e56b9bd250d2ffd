import { type FileHandle, open } from 'node:fs/promises'
import { BadRecordError } from '../../errors.js'
import type { Records } from '../../records/records.js'
import type { RawRecords } from '../input.js'

/** Bytes read at a time where nothing else is said. */
const defaultPieceBytes = 256 * 1024
/** Memory that a long record has made larger than this does not serve another file. */
const mostSpareBytes = 4 * defaultPieceBytes
/** A record longer than this is taken for one whose end is missing. */
const longestRecord = 64 * 1024 * 1024
/** Room for the beginning of a record whose end comes with the next piece. */
const usualRest = 4096

/** A piece of a file and the records that were cut out of it. The same object holds one piece after the other. */
export abstract class Piece {
  /** Complete records of the piece. */
  count = 0
  /** What was read last, behind the beginning of the record whose end was not there before. */
  bytes: Buffer = Buffer.allocUnsafeSlow(0)

  protected name = ''
  protected nextLine = 1
  /** Bytes of `bytes` that were read; there is always room for one more. Those before `consumed` are cut. */
  protected filled = 0
  protected consumed = 0

  /** Makes ready for a file. */
  protected restart(name: string): void {
    this.name = name
    this.nextLine = 1
    this.filled = 0
    this.consumed = 0
  }

  /** Reads at least so many more bytes, unless the file ends, and cuts them. Returns whether the file may go on. Throws `BadRecordError`. */
  async read(file: FileHandle, least: number): Promise<boolean> {
    const bytes = this.makeRoom(least)
    const { bytesRead } = await file.read(this.bytes, this.filled, bytes, null)
    this.filled += bytesRead
    const ended = bytesRead === 0
    this.cut(ended)
    return !ended
  }

  /** Number of the first line of the record at a position from 0, from 1. */
  abstract line(position: number): number

  /** Cuts the complete records out of what is not cut yet; all of it when the file has ended. */
  protected abstract cut(ended: boolean): void

  /** Moves what is not cut yet to the front, and says for how many more bytes there is room behind it. */
  private makeRoom(least: number): number {
    const rest = this.filled - this.consumed
    if (rest > longestRecord) {
      throw new BadRecordError(this.name, this.nextLine, 'the record is longer than 64 MiB: is a quote never closed?')
    }
    // As much again as there is of a long record: then to look for its end anew costs no more than twice.
    const bytes = Math.max(least, rest)
    const target =
      rest + bytes < this.bytes.length ? this.bytes : Buffer.allocUnsafeSlow(Math.max(rest, usualRest) + bytes + 1)
    this.bytes.copy(target, 0, this.consumed, this.filled)
    this.bytes = target
    this.filled = rest
    this.consumed = 0
    return bytes
  }
}

/**
 * A way to read files piece by piece: `begin` makes a piece ready for its file. Memory is constant, the same piece is given out again and again,
 * and that of a file that is closed serves the next one. The file is closed when the consumer stops early.
 */
export function pieceReader<P extends Piece>(
  make: () => P,
): (path: string, begin: (piece: P) => void, pieceBytes?: number) => AsyncGenerator<P> {
  const spare: P[] = []
  return async function* read(path, begin, pieceBytes = defaultPieceBytes) {
    const file = await open(path)
    const piece = spare.pop() ?? make()
    begin(piece)
    try {
      for (let goesOn = true; goesOn; ) {
        goesOn = await piece.read(file, pieceBytes)
        if (piece.count > 0) yield piece
      }
    } finally {
      if (piece.bytes.length <= mostSpareBytes) spare.push(piece)
      await file.close()
    }
  }
}

/** Pieces as raw records, which `analyse` adds to the columns. */
export async function* rawRecords<P extends Piece>(
  pieces: AsyncIterable<P>,
  analyse: (piece: P, from: number, end: number, to: Records) => void,
): AsyncGenerator<RawRecords> {
  for await (const piece of pieces) {
    yield {
      count: piece.count,
      line: (position) => piece.line(position),
      analyse: (from, end, to) => analyse(piece, from, end, to),
    }
  }
}
