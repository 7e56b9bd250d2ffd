/** A meeting point of several members. */
export interface Barrier {
  /** Resolves when all members that have not left have arrived. */
  arrive(): Promise<void>
  /** Removes one member, which will not arrive again. */
  leave(): void
}

/** A barrier that can be used again and again. */
export function makeBarrier(members: number): Barrier {
  let left = members
  let waiting: (() => void)[] = []
  const openWhenComplete = (): void => {
    if (waiting.length < left) return
    const released = waiting
    waiting = []
    for (const release of released) release()
  }
  return {
    arrive: () =>
      new Promise((release) => {
        waiting.push(release)
        openWhenComplete()
      }),
    leave() {
      left--
      openWhenComplete()
    },
  }
}
