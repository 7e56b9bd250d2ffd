import { performance } from 'node:perf_hooks'

/** Bytes that wait for their time at most, before no more are taken. */
const maxWaitingBytes = 32 * 2 ** 20
/** Timers fire within a millisecond: what is due within half of one is passed on. */
const early = 0.5

/** Where a line's bytes go, such as a socket. */
export interface Receiver {
  /** Takes bytes; returns whether it takes more at once, else it emits `drain`. */
  write(bytes: Buffer): boolean
  end(): void
}

/** Where a line's bytes come from. */
export interface Sender {
  pause(): unknown
  resume(): unknown
}

/**
 * Passes bytes on `delayMs` after they came, in their order, as a long line does: it takes any
 * number of them while others are on their way. The end comes as late as the bytes.
 */
export class DelayLine {
  private readonly waiting: { readonly due: number; readonly bytes: Buffer | null }[] = []
  private waitingBytes = 0
  private timer: NodeJS.Timeout | null = null
  private blocked = false

  constructor(
    private readonly delayMs: number,
    private readonly from: Sender,
    private readonly to: Receiver,
  ) {}

  /** Takes bytes, or null for their end. */
  take(bytes: Buffer | null): void {
    this.waiting.push({ due: performance.now() + this.delayMs, bytes })
    this.waitingBytes += bytes?.length ?? 0
    if (this.waitingBytes > maxWaitingBytes) this.from.pause()
    if (this.timer === null && !this.blocked) this.passOn()
  }

  /** To be called when the receiver takes more again. */
  drained(): void {
    if (!this.blocked) return
    this.blocked = false
    this.passOn()
  }

  /** Forgets what is on its way. */
  cut(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.waiting.length = 0
  }

  private passOn(): void {
    this.timer = null
    const now = performance.now()
    let passed = 0
    while (passed < this.waiting.length && this.waiting[passed]!.due <= now + early && !this.blocked) {
      const { bytes } = this.waiting[passed++]!
      if (bytes === null) this.to.end()
      else {
        this.waitingBytes -= bytes.length
        this.blocked = !this.to.write(bytes)
      }
    }
    this.waiting.splice(0, passed)
    if (this.waitingBytes <= maxWaitingBytes) this.from.resume()
    const next = this.waiting[0]
    if (next && !this.blocked) this.timer = setTimeout(() => this.passOn(), Math.round(next.due - now))
  }
}
