import { join } from 'node:path'
import { program } from 'copylab/executor'
import { type BatchForm, batchForms, type Loader, variantsOf, workerCounts } from '../loading/loader.js'
import { peersFolder } from '../places.js'
import type { Settings } from '../rounds/contestant.js'
import type { FindTool, MissingTool } from './tools.js'

/** What a peer may load from. */
export interface Arena {
  readonly records: number
  /** Folder of CSV files with a header line, of which the server may read each. */
  readonly csv: string
  /**
   * Options of a program for how they are written.
   * @default none: clean ones
   */
  readonly spelling?: readonly string[]
  /** All their records in one file without a header, where there is one. */
  readonly joined?: string
  /** Folder of ready-made parts, by batch size, where there are some. */
  readonly parts?: string
}

/** A program that loads, and how: it is run by copylab's factor `loader`. */
export interface Peer {
  readonly name: string
  /** @default 'peer' */
  readonly kind?: 'limit' | 'peer'
  /** The tool that it rests on. */
  readonly tool: FindTool
  /** Command and arguments; `tool` is where the tool was found. */
  readonly line: (tool: string, arena: Arena) => readonly [command: string, ...args: string[]]
  /** What its clock holds, from its line `ready` to its line `done`. */
  readonly clock: string
  readonly settings: Settings
  /** @default 1 to 4 */
  readonly workers?: readonly number[]
  /** @default all */
  readonly batches?: readonly BatchForm[]
}

/** The path of one of the bench's scripts. */
export const script = (file: string): string => join(peersFolder, file)

/** Arguments that most of the bench's scripts take. */
export const common = ['--workers', '{workers}', '--table', '{table}'] as const

/** A peer that is here. */
export interface FoundPeer {
  readonly name: string
  readonly loader: (arena: Arena) => Loader
}

/** A peer that was left out, as a result shows it. */
export interface SkippedPeer extends Omit<MissingTool, 'state'> {
  readonly name: string
}

/** Result of a search for several peers. */
export interface Peers {
  readonly found: readonly FoundPeer[]
  readonly skipped: readonly SkippedPeer[]
  /** Versions of every tool that the found ones rest on. */
  readonly versions: Readonly<Record<string, string>>
}

/** Looks for the tools of peers; where `wanted` is false for the limit's alone. */
export async function findPeers(peers: readonly Peer[], wanted: boolean): Promise<Peers> {
  const found: FoundPeer[] = []
  const skipped: SkippedPeer[] = []
  const versions: Record<string, string> = {}
  for (const peer of peers) {
    if (!wanted && peer.kind !== 'limit') continue
    const tool = await peer.tool()
    if (tool.state === 'missing') {
      skipped.push({ name: peer.name, reason: tool.reason, remedy: tool.remedy })
    } else {
      Object.assign(versions, tool.versions)
      found.push({ name: peer.name, loader: (arena) => loaderOf(peer, tool.path, arena) })
    }
  }
  return { found, skipped, versions }
}

function loaderOf(peer: Peer, tool: string, arena: Arena): Loader {
  const { name, kind = 'peer', clock, settings, workers = workerCounts, batches = batchForms } = peer
  const [command, ...args] = peer.line(tool, arena)
  const level = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const loader = program({
    name: level,
    command,
    args,
    ready: 'ready',
    done: 'done',
  })
  return {
    name,
    kind,
    clock,
    settings,
    variants: variantsOf(arena.records, { loader }, { workers, batches }),
  }
}

/** Lines for the terminal about what was left out. */
export function skippedLines(skipped: readonly SkippedPeer[]): string[] {
  return skipped.map(({ name, reason, remedy }) => `skipped: ${name}: ${reason}: ${remedy}`)
}
