import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { loopback } from '../free-port.js'
import { parseNotebook } from '../notebook/file/notebook-file.js'
import { type BareFigure, bareFigures, drawPictures, htmlWithPicture, type Pictures } from './static-pictures.js'

/**
 * Draws the figures of notebooks that a Jupyter server saves
 * (`notebooks/jupyter/server/copylab_pictures.py`), each once.
 */
export interface PictureService {
  /** Address of the service; it is secret, and nobody who does not know it gets an answer. */
  readonly address: string
  readonly pictures: Pictures
  /**
   * Draws the figures that were asked for without waiting. Returns the notebooks, as their paths in
   * the server's folder, that may lack pictures.
   */
  readonly finish: () => Promise<readonly string[]>
}

/** A Jupyter server's request: the pictures that there are, or, if it waits, all. */
interface Asked {
  readonly path: string
  readonly wait: boolean
  readonly notebook: object
}

interface Answer {
  /** Pictures, each with the position of its figure: index of the cell, index of the output. */
  readonly pictures: readonly (readonly [number, number, string])[]
  /** Number of figures that have no picture yet. */
  readonly lacking: number
}

/**
 * Calls `task` with a service that draws until `task` ends. `onFailure` is called, once, with the
 * reason why nothing can be drawn.
 */
export async function withPictureService<T>(
  task: (service: PictureService) => Promise<T>,
  onFailure: (reason: string) => void,
): Promise<T> {
  const secret = `/${randomUUID()}`
  const pictures: Pictures = new Map()
  /** Figures that each notebook lacked at its last request. */
  const lacking = new Map<string, readonly BareFigure[]>()
  let drawing: Promise<void> = Promise.resolve()
  let canDraw = true

  const draw = (figures: readonly BareFigure[]): Promise<void> => {
    drawing = drawing.then(async () => {
      if (!canDraw) return
      await drawPictures(figures, pictures).catch((error: Error) => {
        canDraw = false
        onFailure(error.message)
      })
    })
    return drawing
  }

  const answer = async ({ path, wait, notebook }: Asked): Promise<Answer> => {
    const bare = bareFigures(parseNotebook(JSON.stringify(notebook)))
    lacking.set(
      path,
      bare.filter(({ key }) => !pictures.has(key)),
    )
    if (wait) await draw(bare)
    const drawn = bare.filter(({ key }) => pictures.has(key))
    const missing = bare.filter(({ key }) => !pictures.has(key))
    return {
      pictures: drawn.map((one) => [one.cell, one.output, htmlWithPicture(one, pictures.get(one.key)!)]),
      lacking: canDraw ? missing.length : 0,
    }
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
  const finish = async (): Promise<readonly string[]> => {
    const left = [...lacking].filter(([, figures]) => figures.length > 0)
    await draw(left.flatMap(([, figures]) => figures))
    return canDraw ? left.map(([path]) => path) : []
  }
  try {
    const { port } = server.address() as AddressInfo
    return await task({ address: `http://${loopback}:${port}${secret}`, pictures, finish })
  } finally {
    server.closeAllConnections()
    server.close()
    await drawing
  }
}
