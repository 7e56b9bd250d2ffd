import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { DelayLine } from '../../../src/executor/interventions/relay/delay-line.js'

/** A line between two ends that keep what happens to them. */
function lineOf(delayMs: number, takes: () => boolean = () => true) {
  const got: { readonly at: number; readonly text: string }[] = []
  const asked: string[] = []
  const line = new DelayLine(
    delayMs,
    { pause: () => asked.push('pause'), resume: () => asked.push('resume') },
    {
      write(bytes) {
        got.push({ at: performance.now(), text: bytes.toString() })
        return takes()
      },
      end: () => got.push({ at: performance.now(), text: 'end' }),
    },
  )
  return { line, got, asked, texts: () => got.map(({ text }) => text).join(' ') }
}

describe('DelayLine', () => {
  it('passes bytes and their end on in order, none of them early', async () => {
    const { line, got, texts } = lineOf(30)
    const taken: number[] = []
    for (const text of ['a', 'b', 'c']) {
      taken.push(performance.now())
      line.take(Buffer.from(text))
      await pause(7)
    }
    taken.push(performance.now())
    line.take(null)
    expect(texts()).toBe('')
    await expect.poll(texts).toBe('a b c end')
    for (const [k, { at }] of got.entries()) expect(at - taken[k]!).toBeGreaterThan(29)
  })

  it('passes on at once without a delay', () => {
    const { line, texts } = lineOf(0)
    line.take(Buffer.from('a'))
    line.take(null)
    expect(texts()).toBe('a end')
  })

  it('holds what the receiver does not take yet', async () => {
    let takes = false
    const { line, texts } = lineOf(1, () => takes)
    for (const text of ['a', 'b', 'c']) line.take(Buffer.from(text))
    await expect.poll(texts).toBe('a')
    await pause(10)
    expect(texts()).toBe('a')
    takes = true
    line.drained()
    expect(texts()).toBe('a b c')
  })

  it('lets its sender pause while 32 MiB are on their way', async () => {
    const { line, asked, got } = lineOf(20)
    const bytes = Buffer.alloc(16 * 2 ** 20)
    for (let k = 0; k < 2; k++) line.take(bytes)
    expect(asked).not.toContain('pause')
    line.take(bytes)
    expect(asked.at(-1)).toBe('pause')
    await expect.poll(() => got.length).toBe(3)
    expect(asked.at(-1)).toBe('resume')
  })

  it('forgets what is on its way when it is cut', async () => {
    const { line, texts } = lineOf(5)
    line.take(Buffer.from('a'))
    line.cut()
    await pause(20)
    expect(texts()).toBe('')
  })
})
