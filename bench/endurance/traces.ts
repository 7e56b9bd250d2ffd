import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'

/** The processes whose command line names `folder`, or that work inside it. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') {
    const list = execFileSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).split('\n')
    return list.filter((line) => line.includes(folder)).map((line) => Number.parseInt(line, 10))
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) ||
          readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
        )
      } catch {
        return false
      }
    })
    .map(Number)
}

/** Whether a server listens on the port of 127.0.0.1. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

/** The folder of a slot's cluster. */
export function clusterOf(servers: string, slot = 1): string {
  const folder = join(servers, `slot-${slot}`)
  return join(folder, readdirSync(folder).find((name) => name.startsWith('postgresql-'))!)
}

/** The postmaster's process number, from the cluster's lock file. */
export function postmasterOf(servers: string, slot = 1): number {
  return Number.parseInt(readFileSync(join(clusterOf(servers, slot), 'data/postmaster.pid'), 'utf8'), 10)
}
