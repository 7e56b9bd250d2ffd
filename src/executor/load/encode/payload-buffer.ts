import { checkedInteger } from '../../../check.js'

/**
 * A growable buffer that is used again from part to part. It grows by doubling and never shrinks,
 * so that a load allocates only until its largest part has been seen.
 */
export interface PayloadBuffer {
  bytes: Buffer
  /** A view of the memory of `bytes`, for multi-byte numbers. */
  view: DataView
  /** Bytes written since the last encode began. */
  length: number
}

/** A payload buffer with room for `capacityBytes`. */
export function makePayloadBuffer(capacityBytes = 1 << 20): PayloadBuffer {
  checkedInteger('capacityBytes', capacityBytes, { from: 1 })
  return { ...allocate(capacityBytes), length: 0 }
}

/**
 * Makes room for `size` bytes after those written. A view handed out earlier keeps the memory it
 * had.
 */
export function reserve(target: PayloadBuffer, size: number): void {
  const needed = target.length + size
  if (needed <= target.bytes.length) return
  let capacity = target.bytes.length
  while (capacity < needed) capacity *= 2
  const grown = allocate(capacity)
  target.bytes.copy(grown.bytes, 0, 0, target.length)
  target.bytes = grown.bytes
  target.view = grown.view
}

function allocate(capacity: number): { bytes: Buffer; view: DataView } {
  const bytes = Buffer.allocUnsafeSlow(capacity)
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
}
