import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process as it can be seen from outside. */
interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
  /** The folder that it works in; null when that cannot be read. */
  readonly folder: string | null
  /** Its `TMPDIR`; null when there is none, or it cannot be read. */
  readonly temporary: string | null
}

/** Whose processes are looked for. */
export interface Traces {
  /** The folder for temporary files of the run. */
  readonly temporary: string
  /** The folder of the checkout. */
  readonly checkout: string
  /** The processes that there were before. */
  readonly before: ReadonlySet<number>
  /** How long those that are ending are waited for; 20 seconds when absent. */
  readonly waitMs?: number
}

/** The numbers of all processes. */
export function processIds(): Set<number> {
  return new Set(processes().map(({ pid }) => pid))
}

/** Names each process that the tests started and that does not end, with the ports that it has. */
export async function leftProcesses(traces: Traces): Promise<string[]> {
  const end = Date.now() + (traces.waitMs ?? 20_000)
  for (;;) {
    const left = ofTests(traces)
    if (left.length === 0) return []
    if (Date.now() > end) return left.map(nameOf)
    await sleep(100)
  }
}

/**
 * Those that the tests started: by their folder for temporary files, which everything inherits, or,
 * where that is not known, by what they name, unless a process of before, other than this one,
 * started them.
 */
function ofTests({ temporary, checkout, before }: Traces): Process[] {
  const all = new Map(processes().map((one) => [one.pid, one]))
  const isOwn = ({ parent }: Process): boolean => {
    const above = all.get(parent)
    if (parent === process.pid || parent <= 1 || above === undefined) return true
    return !before.has(parent) && isOwn(above)
  }
  return [...all.values()].filter((one) => {
    if (one.pid === process.pid || before.has(one.pid)) return false
    if (one.temporary !== null) return isIn(temporary, one.temporary)
    const named = [temporary, checkout].some(
      (folder) => one.command.includes(folder) || (one.folder !== null && isIn(folder, one.folder)),
    )
    return named && isOwn(one)
  })
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function nameOf({ pid, command }: Process): string {
  const ports = listeningPorts(pid)
  const told = ports.length > 0 ? `, listening on ${ports.map((port) => `port ${port}`).join(', ')}` : ''
  return `process ${pid}${told}: ${command.slice(0, 300)}`
}

function processes(): Process[] {
  if (process.platform !== 'linux') {
    const list = execFileSync('ps', ['-axww', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    return [...list.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, command]) => ({
      pid: Number(pid),
      parent: Number(parent),
      command: command!,
      folder: null,
      temporary: null,
    }))
  }
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const read = (file: string): string | null => orNull(() => readFileSync(`/proc/${name}/${file}`, 'utf8'))
    const stat = read('stat')
    // The name of the program, in brackets, may hold anything.
    const [state, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
    if (stat === null || state === 'Z') return []
    return {
      pid: Number(name),
      parent: Number(parent),
      command: (read('cmdline') ?? '').replaceAll('\0', ' ').trim(),
      folder: orNull(() => readlinkSync(`/proc/${name}/cwd`)),
      temporary: /(?:^|\0)TMPDIR=([^\0]*)/.exec(read('environ') ?? '')?.[1] ?? null,
    }
  })
}

/** The TCP ports that a process listens on; none where the system does not tell. */
function listeningPorts(pid: number): number[] {
  const inodes = new Set(
    (orNull(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map(
      (file) => /^socket:\[(\d+)\]$/.exec(orNull(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? '')?.[1],
    ),
  )
  const lines = ['tcp', 'tcp6'].flatMap((table) =>
    (orNull(() => readFileSync(`/proc/net/${table}`, 'utf8')) ?? '').trim().split('\n').slice(1),
  )
  const ports = lines.flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    return state === '0A' && inodes.has(inode) ? [Number.parseInt(local!.split(':')[1]!, 16)] : []
  })
  return [...new Set(ports)].sort((a, b) => a - b)
}

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
