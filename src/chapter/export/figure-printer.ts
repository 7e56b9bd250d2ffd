import { createRequire } from 'node:module'
import { withBrowser } from '../browser.js'
import { figureFont, figureFontCss } from './fonts.js'
import type { PrintFigure } from './print-figure.js'

/** Draws figures without a window. */
export interface FigurePrinter {
  /** The same figure gives the same text. */
  svg(figure: PrintFigure): Promise<string>
  /** For readers that show no SVG: so many times as many pixels as the figure is wide. */
  png(figure: PrintFigure, scale: number): Promise<Uint8Array>
}

/** What the browser's family name becomes in the SVG: Plotly takes no name with a digit. */
const alias = 'FigureFont'

/** Calls `task` with a printer of figures: plotly.js in a headless browser, which asks the network for nothing. */
export async function withFigurePrinter<T>(task: (printer: FigurePrinter) => Promise<T>): Promise<T> {
  return withBrowser(async (browser) => {
    const page = await browser.newPage()
    const css = figureFontCss().replaceAll(`'${figureFont}'`, alias)
    await page.setContent(`<!doctype html><style>${css}</style><p style="font-family:${alias}">a<b>b</b><i>c</i></p>`)
    await page.evaluate('document.fonts.ready.then(() => {})')
    // The ids of clip paths are random; seeded, they differ within a figure and not from run to run.
    await page.evaluate(
      'globalThis.seedRandom = () => { let state = 1; Math.random = () => (state = (state * 16807) % 2147483647) / 2147483647 }; seedRandom()',
    )
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js') })
    const drawn = async ({ data, layout }: PrintFigure, format: 'svg' | 'png', scale: number): Promise<string> => {
      const figure = JSON.stringify({
        data,
        layout: { ...layout, font: { ...(layout.font as object), family: alias } },
      })
      const { width, height } = layout
      const options = JSON.stringify({ format, width, height, scale })
      const url = (await page.evaluate(`seedRandom(), Plotly.toImage(${figure}, ${options})`)) as string
      return url.slice(url.indexOf(',') + 1)
    }
    return task({
      svg: async (figure) => decodeURIComponent(await drawn(figure, 'svg', 1)).replaceAll(alias, `'${figureFont}'`),
      png: async (figure, scale) => Buffer.from(await drawn(figure, 'png', scale), 'base64'),
    })
  })
}
