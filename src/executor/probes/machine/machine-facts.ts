import type { CoreTopology, MachineFacts } from '../../../study/context.js'
import { attempted } from './attempted.js'
import type { ReadFiles } from './read-files.js'

const processors = '/sys/devices/system/cpu'
const clock = '/sys/devices/system/clocksource/clocksource0/current_clocksource'

/** Facts of a machine of which nothing can be read, for one reason. */
export const unreadMachine = (reason: string): MachineFacts => ({
  topology: null,
  clockSource: null,
  missing: { topology: reason, clockSource: reason },
})

/** Reads the processors and the source of the time of a Linux machine. */
export async function readMachine(read: ReadFiles): Promise<MachineFacts> {
  const topology = await attempted(() => readTopology(read), notShown('topology'))
  const clockSource = await attempted(() => readClockSource(read), notShown('clock source'))
  return {
    topology: topology.value,
    clockSource: clockSource.value,
    missing: {
      ...(topology.value === null && { topology: topology.reason }),
      ...(clockSource.value === null && { clockSource: clockSource.reason }),
    },
  }
}

const notShown = (what: string): string => `its system does not show the ${what} in /sys, as Linux does`

async function readClockSource(read: ReadFiles): Promise<string | null> {
  const [source] = await read([clock])
  return source!.trim() || null
}

async function readTopology(read: ReadFiles): Promise<CoreTopology | null> {
  const [online] = await read([`${processors}/online`])
  const numbers = numbersOf(online!)
  const files = await read(
    numbers.flatMap((number) =>
      ['physical_package_id', 'thread_siblings_list'].map((file) => `${processors}/cpu${number}/topology/${file}`),
    ),
  )
  return topologyOf(numbers.map((_, k) => ({ socket: files[2 * k]!, siblings: files[2 * k + 1]! })))
}

/**
 * Counts sockets, cores and threads from the files of each processor that is online: the number of
 * its socket, and the list of the threads of its core (Documentation/admin-guide/cputopology). Null
 * where one is missing.
 */
export function topologyOf(
  processors: readonly { readonly socket: string; readonly siblings: string }[],
): CoreTopology | null {
  const known = processors.every(({ socket, siblings }) => socket.trim() !== '' && numbersOf(siblings).length > 0)
  if (processors.length === 0 || !known) return null
  const cores = new Set(processors.map(({ siblings }) => siblings.trim()))
  return {
    sockets: new Set(processors.map(({ socket }) => socket.trim())).size,
    cores: cores.size,
    threadsPerCore: Math.max(...[...cores].map((siblings) => numbersOf(siblings).length)),
  }
}

/** Returns the numbers of a list such as "0-3,8"; none for a text that is no such list. */
export function numbersOf(list: string): number[] {
  if (!/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(list.trim())) return []
  return list
    .trim()
    .split(',')
    .flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number)
      return Array.from({ length: to! - from! + 1 }, (_, k) => from! + k)
    })
}
