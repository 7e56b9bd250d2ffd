import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { loopback } from '../free-port.js'
import { parseNotebook } from '../notebook/notebook-file.js'
import { withFigurePrinter } from './export/figure-printer.js'
import { type BareFigure, bareFigures, htmlWithPicture, pictureOf } from './static-pictures.js'

/** Draws the figures of notebooks that a Jupyter server is about to save (`notebooks/jupyter/server/copylab_pictures.py`). */
export interface PictureService {
  /** Where it is asked; nobody who does not know it gets an answer. */
  readonly address: string
  /** The notebooks, as their paths in the server's folder, whose last save left figures without a picture. */
  readonly lacking: () => readonly string[]
}

/** What a Jupyter server asks, with whether one of its kernels computes. */
interface Asked {
  readonly path: string
  readonly busy: boolean
  readonly notebook: object
}

/** JupyterLab takes what is typed while it saves for saved, so a save waits no longer; what is drawn later is in the next one. */
const patienceMs = 5_000

/**
 * Calls `task` with a service that draws pictures until `task` ends. It draws each figure once, and none while a kernel computes, since the cell may be
 * measuring: that figure gets its picture at a later save. `onFailure` is told, once, why none can be drawn.
 */
export async function withPictureService<T>(
  task: (service: PictureService) => Promise<T>,
  onFailure: (reason: string) => void,
): Promise<T> {
  const secret = `/${randomUUID()}`
  const pictures = new Map<string, string>()
  const lacking = new Set<string>()
  let drawing: Promise<void> = Promise.resolve()
  let canDraw = true

  const draw = (figures: readonly BareFigure[]): Promise<void> => {
    drawing = drawing.then(async () => {
      const missing = figures.filter(({ key }) => !pictures.has(key))
      if (missing.length === 0 || !canDraw) return
      await withFigurePrinter(async (printer) => {
        for (const one of missing) pictures.set(one.key, await pictureOf(one, printer))
      }).catch((error: Error) => {
        canDraw = false
        onFailure(error.message)
      })
    })
    return drawing
  }

  const answer = async ({ path, busy, notebook }: Asked): Promise<readonly [number, number, string][]> => {
    const bare = bareFigures(parseNotebook(JSON.stringify(notebook)))

    if (!busy) {
      const enough = new AbortController()
      await Promise.race([draw(bare), delay(patienceMs, undefined, { signal: enough.signal }).catch(() => {})])
      enough.abort()
    }
    const drawn = bare.filter(({ key }) => pictures.has(key))
    if (drawn.length < bare.length && canDraw) lacking.add(path)
    else lacking.delete(path)
    return drawn.map((one) => [one.cell, one.output, htmlWithPicture(one, pictures.get(one.key)!)])
  }

  const server = createServer((request: IncomingMessage, response) => {
    if (request.method !== 'POST' || request.url !== secret) return void response.writeHead(404).end()
    text(request)
      .then(async (body) => JSON.stringify(await answer(JSON.parse(body) as Asked)))
      .then(
        (body) => response.end(body),
        (error: Error) => response.writeHead(400).end(error.message),
      )
  })
  await new Promise<void>((done, failed) => {
    server.once('error', failed)
    server.listen(0, loopback, done)
  })
  try {
    const { port } = server.address() as AddressInfo
    return await task({ address: `http://${loopback}:${port}${secret}`, lacking: () => [...lacking] })
  } finally {
    server.closeAllConnections()
    server.close()
    await drawing
  }
}
