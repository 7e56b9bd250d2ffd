import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from '../loading/copylab.js'
import { race } from '../loading/race.js'
import { limitOfFiles, readers } from '../peers/readers.js'

/** Loaders that read CSV files. */
export const files = race({
  name: 'files',
  title: "CSV files into the same table: the server's own limit, copylab, other readers of CSV",
  peers: [limitOfFiles, ...readers],
  ours: pipeline,

  async prepare({ csv, joined }) {
    for (const file of readdirSync(csv).sort()) {
      appendFileSync(joined!, readFileSync(join(csv, file), 'utf8').replace(/^.*\n/, ''))
    }
  },
})
