import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { it, type TestContext } from 'vitest'

/** Below this share of idle time, others are at work on this machine. */
const minIdle = 0.8
const attempts = 2

/** The share of all cores' time that nobody uses while this process sleeps. */
async function idleShare(): Promise<number> {
  const read = () =>
    cpus().reduce(
      ({ idle, all }, { times }) => ({
        idle: idle + times.idle,
        all: all + Object.values(times).reduce((sum, time) => sum + time, 0),
      }),
      { idle: 0, all: 0 },
    )
  const before = read()
  await setTimeout(500)
  const after = read()
  return (after.idle - before.idle) / (after.all - before.all)
}

/** A test by `measuredAlone`. */
export function itAlone(name: string, test: () => Promise<void>): void {
  it(name, (context) => measuredAlone(context, test))
}

/**
 * Runs a test that asks where time goes. It passes only by its own assertions, and what fails while
 * nobody else is at work fails. Where others are at work right before or after an assertion fails,
 * it is tried again, and after that reported as skipped, with the reason.
 */
export async function measuredAlone(context: TestContext, test: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = await idleShare()
    try {
      return await test()
    } catch (error) {
      if ((error as Error).name !== 'AssertionError') throw error
      const idle = Math.min(before, await idleShare())
      if (idle >= minIdle) throw error
      if (attempt < attempts) continue
      const { message } = error as Error
      const reason = `could not be measured in ${attempts} attempts: the cores were idle for only ${Math.round(100 * idle)} % of the time while this test slept, so others are at work here (${message})`
      // The default reporter does not show the note of a skipped test.
      console.warn(`${context.task.name}: ${reason}`)
      context.skip(reason)
    }
  }
}
