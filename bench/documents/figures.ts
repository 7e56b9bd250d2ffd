import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Figure, plotClaims, plotTotalTime, plotWorkerSeconds } from 'copylab/analysis'
import { withBrowser } from '#copylab/chapter/browser.js'
import { projectRoot } from '#copylab/project.js'
import type { Reference } from './reference.js'

/** A figure of the documents. */
export interface DocumentFigure {
  /** The page that shows it. */
  readonly page: string
  /** The file, seen from the project's folder. */
  readonly path: string
  readonly figure: Figure
}

/** All figures of the documents, by the data of the reference study. */
export function documentFigures({ main, at, verdicts }: Reference): DocumentFigure[] {
  const path = (name: string): string => `data/studies/${main.plan.name}/${name}.svg`
  return [
    { page: 'README.md', path: path('total-time'), figure: plotTotalTime(main, { where: at }) },
    { page: 'docs/claims.md', path: path('claims'), figure: plotClaims(verdicts) },
    { page: 'docs/method.md', path: path('worker-seconds'), figure: plotWorkerSeconds(main, { where: at }) },
  ]
}

/**
 * The figure's data, as a comment that ends its file: a file with another one is drawn from other
 * data.
 */
export function stampOf({ data }: Figure): string {
  return `<!-- ${JSON.stringify(data).replaceAll('--', '- -')} -->`
}

/** Draws a figure as an SVG that ends in its stamp. */
export async function drawSvg(figure: Figure): Promise<string> {
  const svg = await withBrowser(async (browser) => {
    const page = await browser.newPage()
    await page.addScriptTag({
      path: createRequire(join(projectRoot, 'package.json')).resolve('plotly.js-dist-min/plotly.min.js'),
    })
    const height = Number(figure.layout.height)
    const uri = (await page.evaluate(
      `Plotly.toImage(${JSON.stringify(figure)}, { format: 'svg', width: 760, height: ${height} })`,
    )) as string
    return decodeURIComponent(uri.slice(uri.indexOf(',') + 1))
  })
  return `${svg}\n${stampOf(figure)}\n`
}
