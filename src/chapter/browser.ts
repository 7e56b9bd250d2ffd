import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserType, LaunchOptions } from 'playwright-core'
import { packageRoot, projectRoot } from '../project.js'
import { hasPackedBrowser, needTools } from './tools/tools.js'

/**
 * Calls `task` with a headless browser and closes it. On Linux the browser is
 * `@sparticuz/chromium`, unpacked once below `node_modules/.cache`; elsewhere, and on Linux
 * machines that are not x64, an installed Chrome, Edge or Chromium. Throws an `Error` that says
 * what to install when there is none, `MissingToolsError` where packages are missing.
 */
export async function withBrowser<T>(task: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launch()
  try {
    return await task(browser)
  } finally {
    await browser.close()
  }
}

async function launch(): Promise<Browser> {
  needTools()
  // Loaded here, since it takes longer than most commands, which draw nothing.
  const { chromium } = await import('playwright-core')
  if (!hasPackedBrowser) return installed(chromium)
  const { default: packed } = await import('@sparticuz/chromium')
  const folder = await unpacked()
  // Fonts of the machine are used where there are any.
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(folder, 'fonts') }
  const options: LaunchOptions = { executablePath: join(folder, 'chromium'), args: packed.args }
  const launchWith = (env: Record<string, string | undefined>) => {
    const defined = Object.entries({ ...process.env, ...env }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    return chromium.launch({ ...options, env: Object.fromEntries(defined) })
  }
  // Machines without NSS and related libraries get those that come with the package.
  return launchWith(fonts).catch(() => launchWith({ ...fonts, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') }))
}

async function installed(chromium: BrowserType): Promise<Browser> {
  const refusals: string[] = []
  for (const channel of ['chrome', 'msedge', 'chromium']) {
    try {
      return await chromium.launch({ channel })
    } catch (error) {
      refusals.push(`${channel}: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  throw new Error(
    `Expected Chrome, Edge or Chromium to draw figures with, found none on this ${process.platform} machine (${refusals.join('; ')}): install Chrome`,
  )
}

/**
 * The folder with the browser's files. They appear in it all at once, so that processes which
 * unpack at the same time do not meet.
 */
async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const { version } = createRequire(entry)(join(dirname(entry), '..', '..', 'package.json'))
  const cache = join(projectRoot, 'node_modules', '.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder
  await mkdir(cache, { recursive: true })
  const fresh = await mkdtemp(join(cache, 'chromium-'))
  // The package unpacks into the folder for temporary files, and its libraries only where it
  // believes itself to be in a Lambda.
  const script = "(await import('@sparticuz/chromium')).default.executablePath()"
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `await ${script}`], {
    cwd: packageRoot,
    env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
  })
  await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontsConf(join(folder, 'fonts')))
  await rename(fresh, folder).catch(async (error) => {
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  })
  return folder
}

function fontsConf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>
`
}
