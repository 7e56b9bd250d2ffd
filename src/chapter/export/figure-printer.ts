import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import type { PlotlyFigure } from '../../notebook/figure-display.js'
import { withBrowser } from '../browser.js'
import { figureFont, figureFontCss } from './fonts.js'
import type { PrintFigure } from './print-figure.js'

/** Draws figures without a window. */
export interface FigurePrinter {
  /** Draws a figure as SVG. The same figure gives the same text. */
  svg(figure: PrintFigure): Promise<string>
  /**
   * Draws an SVG that `svg` returned as PNG, for readers that show no SVG; it has twice the
   * figure's width in pixels.
   */
  png(svg: string): Promise<Uint8Array>
  /** A figure as a screen shows it, as WebP in base64, with the fonts of this machine. */
  webp(figure: PlotlyFigure): Promise<string>
}

/** Approximate width of a notebook's column in pixels. */
const screenWidth = 760

/** Quality at which text is legible and a notebook of two dozen figures stays below 2 MB. */
const webpQuality = 0.5

/** Name that replaces the browser's family name in the SVG: Plotly takes no name with a digit. */
const alias = 'FigureFont'
/** Readers that do not have the font, Word and LibreOffice among them, take one as narrow. */
const families = `'${figureFont}', Calibri, Carlito, sans-serif`

/**
 * Calls `task` with a printer of figures: plotly.js in a headless browser, which asks the network
 * for nothing.
 */
export async function withFigurePrinter<T>(task: (printer: FigurePrinter) => Promise<T>): Promise<T> {
  return withBrowser(async (browser) => {
    const page = await browser.newPage()
    const css = figureFontCss().replaceAll(`'${figureFont}'`, alias)
    await page.setContent(
      `<!doctype html><style>${css}</style><body style="margin:0;font-family:${alias}">a<b>b</b><i>c</i>`,
    )
    await page.evaluate('document.fonts.ready.then(() => {})')
    // The ids of clip paths are random; seeded by the figure, they differ from another's and not
    // from run to run.
    await page.evaluate(
      'globalThis.seedRandom = (state) => { Math.random = () => (state = (state * 16807) % 2147483647) / 2147483647 }; seedRandom(1)',
    )
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('plotly.js-dist-min/plotly.min.js') })
    /**
     * Paints an image on a canvas and returns it in base64; `source` is an expression for the
     * image's address. A screen shot would depend on how busy the machine is.
     */
    const painted = async (
      source: string,
      type: string,
      { scale = 1, quality }: { scale?: number; quality?: number },
    ): Promise<string> => {
      const url = (await page.evaluate(`(async () => {
        const image = new Image()
        image.src = await ${source}
        await image.decode()
        const canvas = document.createElement('canvas')
        canvas.width = ${scale} * image.width
        canvas.height = ${scale} * image.height
        canvas.getContext('2d', { willReadFrequently: true }).drawImage(image, 0, 0, canvas.width, canvas.height)
        return canvas.toDataURL('${type}', ${quality})
      })()`)) as string
      return url.slice(url.indexOf(',') + 1)
    }
    return task({
      svg: async ({ data, layout }) => {
        const { width, height, font } = layout
        const figure = JSON.stringify({ data, layout: { ...layout, font: { ...(font as object), family: alias } } })
        const options = JSON.stringify({ format: 'svg', width, height })
        const url = (await page.evaluate(
          `seedRandom(${seedOf(figure)}), Plotly.toImage(${figure}, ${options})`,
        )) as string
        return decodeURIComponent(url.slice(url.indexOf(',') + 1)).replaceAll(alias, families)
      },
      png: async (svg) => {
        // An image does not see the page's fonts.
        const withFonts = JSON.stringify(svg.replace(/<svg[^>]*>/, (tag) => `${tag}<style>${figureFontCss()}</style>`))
        const source = `URL.createObjectURL(new Blob([${withFonts}], { type: 'image/svg+xml' }))`
        return new Uint8Array(Buffer.from(await painted(source, 'image/png', { scale: 2 }), 'base64'))
      },
      webp: async ({ data, layout = {} }) => {
        const { height = 450 } = layout as { height?: number }
        const options = JSON.stringify({ format: 'png', width: screenWidth, height })
        const source = `Plotly.toImage(${JSON.stringify({ data, layout })}, ${options})`
        return painted(source, 'image/webp', { quality: webpQuality })
      },
    })
  })
}

function seedOf(figure: string): number {
  return 1 + (createHash('sha256').update(figure).digest().readUInt32BE() % 2147483645)
}
