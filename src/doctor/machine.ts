import { accessSync, constants, statfsSync } from 'node:fs'
import os from 'node:os'
import { dataFolder } from '../project.js'
import { makeFolder } from '../writable.js'
import { check, type DoctorCheck } from './check.js'

const minFreeBytes = 2 * 1024 ** 3
const minMemoryBytes = 2 * 1024 ** 3
const gib = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`

/** Checks the machine: its Node.js, its cores, its free memory and its disk. */
export function machineChecks(): DoctorCheck[] {
  return [nodeCheck(), coresCheck(), memoryCheck(), diskCheck()]
}

function nodeCheck(): DoctorCheck {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > 20 || (major === 20 && minor >= 19)
  return check('Node.js', process.version, fits ? null : 'install Node.js 20.19 or newer', fits ? 'ok' : 'problem')
}

function coresCheck(): DoctorCheck {
  const cores = os.availableParallelism()
  return check(
    'cores',
    `${cores} × ${os.cpus()[0]?.model.trim() || 'unknown processor'}`,
    cores >= 2 ? null : 'on one core client and server take turns: no worker count can win; use a machine with more',
  )
}

function memoryCheck(): DoctorCheck {
  const free = os.freemem()
  return check(
    'free memory',
    gib(free),
    free >= minMemoryBytes ? null : `end other programs: below ${gib(minMemoryBytes)} the machine may swap`,
  )
}

function diskCheck(): DoctorCheck {
  try {
    makeFolder(dataFolder)
    accessSync(dataFolder, constants.W_OK)
    const { bavail, bsize } = statfsSync(dataFolder)
    const free = bavail * bsize
    const enough = free >= minFreeBytes
    return check(
      'disk',
      `${gib(free)} free in data/`,
      enough ? null : `free some space: a study of 717,000 records needs about ${gib(minFreeBytes)}`,
    )
  } catch (error) {
    return check('disk', (error as Error).message, 'make the folder data/ writable for you', 'problem')
  }
}
