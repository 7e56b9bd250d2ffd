import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Connection, url } from 'copylab/executor'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'
import { type Skipped, withSmallDisk } from './small-disk.js'
import { placesOfStudy, tryStudy } from './tried-study.js'
import type { FaultOptions } from './try-faults.js'

/** What came of a journal's disk that is full. */
export interface FullJournals {
  readonly moments: number
  /** Of them, those at which a measured trial had begun. */
  readonly inMeasured: number
  readonly studies: number
}

const diskBytes = 2 << 20
/** Moments of one study, one in each of its calls. */
const momentsPerStudy = 4
/** Room for what a session writes beside its trials. */
const sessionBytes = 16 << 10

/** Lets the disk of the journal be full at drawn moments of studies, and makes room each time. */
export async function tryFullJournals(
  direct: Connection,
  { moments, seed, folder, trouble, progress, signal }: FaultOptions,
): Promise<FullJournals | Skipped> {
  const random = makeRandom(seed)
  const { user, password, database, host, port } = direct.config
  const server = url(`postgresql://${user}:${password}@${host}:${port}/${database}`)
  let tried = 0
  let inMeasured = 0
  let studies = 0
  return withSmallDisk(join(folder, 'small disk'), diskBytes, async (disk) => {
    const studiesFolder = join(disk.folder, 'studies')
    const begin = () => {
      const name = `journals-${studies++}`
      // Nothing holds the control connection back here, and the table may be gone before a look.
      const looks = { hold: () => () => {}, direct: () => null }
      return { name, study: tryStudy({ name, folder: studiesFolder, server, ...looks, trouble, signal }) }
    }
    const undisturbed = begin()
    await undisturbed.study.finish()
    const trialBytes = journalOf(studiesFolder, undisturbed.name).length / placesOfStudy
    while (tried < moments) {
      const { name, study } = begin()
      for (let k = 0; k < momentsPerStudy && tried < moments && study.missing() > 0; k++) {
        signal.throwIfAborted()
        disk.fill(random.uniform() * (sessionBytes + study.missing() * trialBytes))
        const { how, said } = await study.call()
        disk.clear()
        if (how === 'hangs') trouble.note('hangs', `${name}: ${said}`)
        checkLines(studiesFolder, name, (text) => trouble.note('unreadable', text))
        if (how === 'complete') continue
        tried++
        if (study.hasBegun()) inMeasured++
        if (!said.includes(name)) trouble.note('unclear', `${name}, does not name its file: ${said}`)
        progress(`journal's disk full, ${tried} of ${moments} moments`)
      }
      await study.finish()
    }
    return { moments: tried, inMeasured, studies }
  })
}

function journalOf(folder: string, name: string): string {
  const file = readdirSync(join(folder, name)).find((entry) => entry.endsWith('.jsonl'))
  return file === undefined ? '' : readFileSync(join(folder, name, file), 'utf8')
}

/** Tells of lines that are torn, or glued to others, right after a call. */
function checkLines(folder: string, name: string, tell: (text: string) => void): void {
  let text: string
  try {
    text = journalOf(folder, name)
  } catch {
    // The disk was full before there was a folder.
    return
  }
  if (text !== '' && !text.endsWith('\n'))
    tell(`${name} ends in a torn line of ${text.length - text.lastIndexOf('\n')} bytes`)
  for (const [k, line] of text.split('\n').slice(0, -1).entries()) {
    if (!line.startsWith(`{"line":${k + 1},`) || !line.endsWith('"}'))
      tell(`${name}, line ${k + 1}: …${line.slice(-40)}`)
  }
}
