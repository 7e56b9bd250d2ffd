import { markdownTable } from '#copylab/analysis/tables/render.js'
import { presets } from '#copylab/cli/start/presets.js'

/** What each preset of `copylab start` measures. */
export function presetsText(): string[] {
  const header = [
    'preset',
    'workers',
    'batch sizes',
    'blocks',
    'fresh blocks that confirm',
    'blocks of the other studies',
    'sessions of those that take reasons away',
  ]
  return markdownTable(
    header,
    Object.entries(presets).map(
      ([name, { workers, batchSizes, blocks, confirmBlocks, sideBlocks, reasonSessions }]) => [
        `\`${name}\``,
        workers.join(', '),
        batchSizes.map((size) => size.toLocaleString('en-US')).join('; '),
        String(blocks),
        confirmBlocks === 0 ? 'none' : String(confirmBlocks),
        sideBlocks === 0 ? 'none' : String(sideBlocks),
        reasonSessions === 0 ? 'none' : String(reasonSessions),
      ],
    ),
  )
}
