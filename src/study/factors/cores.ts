/** Numbers of the cores that the server's processes and the client's threads may use. */
export interface Cores {
  readonly server: readonly number[]
  readonly client: readonly number[]
}

/** Cores that all share, as the system assigns them. */
export const sharedCores = 'shared'

const maxCore = 4095

/**
 * Returns the cores that a level names, null for `shared`. Throws `TypeError` for what is no level,
 * and for one that is spelled otherwise than its cores are.
 */
export function coresOf(text: string): Cores | null {
  if (text === sharedCores) return null
  const [server, client, more] = text.split('/').map(coresIn)
  if (!server || !client || more !== undefined) {
    throw new TypeError(`Expected cores such as 0/1, the server's and the client's, got ${JSON.stringify(text)}`)
  }
  return { server, client }
}

/** Text for a level: "server on cores 0-3, client on 4-7". */
export function coresWords(text: string): string {
  if (coresOf(text) === null) return 'shared cores'
  const [server, client] = text.split('/')
  return `server on cores ${server}, client on ${client}`
}

/** Spells cores in ascending order: "0-3+6". */
export function coresText(cores: readonly number[], separator = '+'): string {
  const runs: [number, number][] = []
  for (const core of cores) {
    const last = runs.at(-1)
    if (last && core === last[1] + 1) last[1] = core
    else runs.push([core, core])
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(separator)
}

/** The cores that "0-3+6" names; null where it is not spelled so. */
function coresIn(text: string): number[] | null {
  const runs = text.split('+').map((run) => /^(\d+)(?:-(\d+))?$/.exec(run))
  const cores = runs.flatMap((run) => {
    const [from, to] = [Number(run?.[1]), Number(run?.[2] ?? run?.[1])]
    return from <= to && to <= maxCore ? Array.from({ length: to - from + 1 }, (_, k) => from + k) : [Number.NaN]
  })
  const isAscending = cores.every((core, k) => k === 0 || core > cores[k - 1]!)
  return isAscending && coresText(cores) === text ? cores : null
}
