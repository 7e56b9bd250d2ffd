// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code of cells has templates.

/** Cells as people write them, for one notebook: each is run after those above it. */

/** A cell, and what it shows as plain text: `null` for nothing, an error as "Name: message". */
export interface OrdinaryCell {
  readonly code: string
  readonly shows: string | RegExp | null
}

export const ordinaryCells: readonly OrdinaryCell[] = [
  // Shorthand properties.
  { code: "const server = { name: 's' }, input = [1, 2]\nconst a = 1", shows: null },
  { code: 'console.log({ a })', shows: '{ a: 1 }' },
  { code: '({ server, input })', shows: "{ server: { name: 's' }, input: [ 1, 2 ] }" },
  {
    code: 'function made(a: number) { return { a, input, deep: { server: [{ server }] }, ...{ input } } }\nJSON.stringify(made(5))',
    shows: '{"a":5,"input":[1,2],"deep":{"server":[{"server":{"name":"s"}}]}}',
  },
  {
    code: 'const keysOf = (given: object) => Object.keys(given).join()\nkeysOf({ server, input, a })',
    shows: 'server,input,a',
  },
  {
    code: 'const shadowed = [7].map((a) => { const input = a + 1; return { a, input } })\nJSON.stringify(shadowed)',
    shows: '[{"a":7,"input":8}]',
  },
  {
    code: 'const withDefault = (x = a, { y = server } = {}) => ({ x, y, a })\nJSON.stringify(withDefault())',
    shows: '{"x":1,"y":{"name":"s"},"a":1}',
  },
  {
    code: 'class Job { a = 5; run() { return { a, own: this.a } } }\nJSON.stringify(new Job().run())',
    shows: '{"a":1,"own":5}',
  },
  {
    code: 'const getters = { get input() { return { input } }, [`k${a}`]: { a } }\nJSON.stringify(getters)',
    shows: '{"input":{"input":[1,2]},"k1":{"a":1}}',
  },
  { code: 'const __proto__ = 3, __dirname = "here"', shows: null },
  { code: 'JSON.stringify([Object.keys({ __proto__, a }), __dirname])', shows: '[["__proto__","a"],"here"]' },

  // Destructuring.
  { code: 'const { name: serverName, ...rest } = server\n;[serverName, rest]', shows: "[ 's', {} ]" },
  {
    code: 'const { length } = input, [head, ...tail] = [...input, 3]\n;[length, head, tail]',
    shows: '[ 2, 1, [ 2, 3 ] ]',
  },
  { code: "let first = 0, third = ''\nconst source = { first: 1, second: { third: 'c' } }", shows: null },
  { code: '({ first, second: { third } } = source)\n;[first, third]', shows: "[ 1, 'c' ]" },
  { code: 'const { first: one, second: { third: three } } = source\n;[one, three]', shows: "[ 1, 'c' ]" },
  {
    code: '({ first = 9, missing: third = `d` } = {} as { first?: number; missing?: string })\n;[first, third]',
    shows: "[ 9, 'd' ]",
  },
  { code: '[first, a2] = [a, first]; var a2: number\n;[first, a2]', shows: '[ 1, 9 ]' },
  {
    code: "const { first, fresh = 'new' } = { first: 'again' } as { first: string; fresh?: string }\n;[first, fresh]",
    shows: "[ 'again', 'new' ]",
  },
  {
    code: 'for (const [key, { n }] of Object.entries({ p: { n: 1 }, q: { n: 2 } })) console.log(key, n, { a })',
    shows: 'p 1 { a: 1 }\nq 2 { a: 1 }',
  },

  // Top-level await.
  {
    code: 'const { got = 1, ...others } = await Promise.resolve({ got: 2, more: 3 })\n;[got, others]',
    shows: '[ 2, { more: 3 } ]',
  },
  { code: 'for await (const value of [Promise.resolve(1), 2]) console.log(value)', shows: '1\n2' },
  { code: 'async function* counting(to: number) { for (let n = 1; n <= to; n++) yield n }', shows: null },
  { code: 'let sum = 0\nfor await (const n of counting(4)) { if (n === 2) continue; sum += n }\nsum', shows: '8' },
  { code: 'if (a) { await null; console.log("later") } else console.log("never")', shows: 'later' },
  {
    code: 'const all = await Promise.all(input.map(async (n) => ({ n, a })))\nJSON.stringify(all)',
    shows: '[{"n":1,"a":1},{"n":2,"a":1}]',
  },
  { code: 'Promise.resolve({ a })', shows: '{ a: 1 }' },
  { code: 'const soon = async () => { await null; return 42 }\nsoon()', shows: '42' },
  { code: "Promise.reject(new RangeError('too far'))", shows: 'RangeError: too far' },

  // Variables that later cells change, or declare again.
  {
    code: 'let workers = 4, [low, high] = [1, 9]\nfunction twice() { return workers * 2 }\nconst more = () => ++workers\nconst range = () => [low, high]',
    shows: null,
  },
  { code: 'workers = 8\ntwice()', shows: '16' },
  { code: 'more(); workers++\n;[workers, twice(), more()]', shows: '[ 10, 20, 11 ]' },
  { code: '[low, high] = [high, low]\nrange()', shows: '[ 9, 1 ]' },
  {
    code: 'let workers = 20, high = `no number`\n;[twice(), workers, more(), range()]',
    shows: '[ 40, 20, 21, [ 9, 1 ] ]',
  },
  { code: 'workers = 10; high += "!"\n;[twice(), range(), high]', shows: "[ 20, [ 9, 1 ], 'no number!' ]" },
  { code: 'var total = 1; var step = () => (total += 1)', shows: null },
  { code: 'var total = 5; step(); total', shows: '6' },
  { code: "let workers = 7; throw new RangeError('never mind')", shows: 'RangeError: never mind' },
  { code: '[workers, twice()]', shows: '[ 10, 20 ]' },
  { code: "const workers = 'none';\n`${workers} ${twice()}`", shows: 'none 20' },
  { code: 'let calls = 0; class Counter { count() { return ++calls } static peek = () => calls }', shows: null },
  {
    code: 'new Counter().count(); calls += 10\n;[calls, Counter.peek(), new Counter().count()]',
    shows: '[ 11, 11, 12 ]',
  },
  { code: 'function twice(text: string) { return text + text }\n;[workers].map(twice)[0]', shows: 'nonenone' },
  { code: 'const a: string = "text"\n;({ a })', shows: "{ a: 'text' }" },

  // Types, classes, enums.
  {
    code: "interface Point { x: number }\ntype Named = Point & { label?: string }\nenum Colour { Red, Green = 'g' }\nconst at: Named = { x: 1 }",
    shows: null,
  },
  {
    code: 'const there: Named = { ...at, label: `${Colour.Green}` }\n;[there, Colour[0]]',
    shows: "[ { x: 1, label: 'g' }, 'Red' ]",
  },
  {
    code: 'interface Point { y: string }\nenum Colour { Blue = 5 }\nconst second: Point = { y: `${Colour.Blue}` }\nsecond',
    shows: "{ y: '5' }",
  },
  {
    code: 'abstract class Shape<T> { constructor(protected readonly size: T) {} abstract area(): number }\nclass Square extends Shape<number> { area() { return this.size ** 2 } static unit = new Square(1) }',
    shows: null,
  },
  {
    code: 'class Cube extends Square { #side = 2; get volume() { return this.#side * this.area() } }\n[new Cube(3).volume, Square.unit.area(), new Cube(1) instanceof Shape]',
    shows: '[ 18, 1, true ]',
  },
  { code: "class Square { kind = 'new' }\nnew Square().kind", shows: 'new' },
  { code: 'namespace Units { export const kilo = 1000; export const of = (n: number) => n * kilo }', shows: null },
  { code: 'const two = Units.of(2)', shows: null },
  { code: '[two, Units.kilo]', shows: '[ 2000, 1000 ]' },
  {
    code: 'export const exported = { a }; export default function named() { return exported }\nexport { two }',
    shows: null,
  },
  { code: 'named()', shows: "{ a: 'text' }" },
  {
    code: 'const Hidden = class { private secret = 1; tell() { return this.secret } }\nnew Hidden().tell()',
    shows: '1',
  },
  {
    code: 'declare global { interface Math { double(n: number): number } }\nMath.double = (n) => n * 2\n;[1, 2].map(Math.double)',
    shows: '[ 2, 4 ]',
  },
  {
    code: 'function over(x: number): number; function over(x: string): string\nfunction over(x: any) { return x }\n;[over(1), over("x"), (a satisfies string).length]',
    shows: "[ 1, 'x', 4 ]",
  },

  // Statements and expressions.
  {
    code: 'outer: for (const i of [0, 1, 2]) for (let j = 0; ; j++) { if (j > i) continue outer; if (i === 2) break outer; console.log(i, j) }',
    shows: '0 0\n1 0\n1 1',
  },
  {
    code: 'try { throw new TypeError("t") } catch ({ message }) { console.log({ message }) } finally { console.log("done") }',
    shows: "{ message: 't' }\ndone",
  },
  {
    code: 'const tag = (parts: TemplateStringsArray, ...values: unknown[]) => parts.raw.join("|") + values.join()',
    shows: null,
  },
  { code: 'tag`a${a}\\n${{ toString: () => server?.name ?? "none" }}`', shows: 'a|\\n|text,s' },
  {
    code: 'const match = /(?<year>\\d{4})-(?<month>\\d\\d)/u.exec("on 2026-11")?.groups\nconst { year } = match!\n;[year, match?.["month"], "a/b".replace(/\\//g, "-")]',
    shows: "[ '2026', '11', 'a-b' ]",
  },
  {
    code: 'function* ids(): Generator<number> { let n = 0; while (true) yield n++ }\nconst id = ids()\n;[id.next().value, ...[1, 2].map(() => id.next().value)]',
    shows: '[ 0, 1, 2 ]',
  },
  {
    code: 'const symbol = Symbol("s"), lookup = new Map([["k", { a }]]), seen = new Set([1, 1])\nlet odd = { [symbol]: 1, set value(v: number) { this[symbol] = v }, get value() { return this[symbol] } }',
    shows: null,
  },
  {
    code: 'odd.value = 3; odd.value ||= 9; odd.value **= 2\n;[odd[symbol], lookup.get("k")?.a, seen.size, lookup.get("none")?.a ?? "-"]',
    shows: "[ 9, 'text', 1, '-' ]",
  },
  { code: 'lookup', shows: "Map(1) { 'k' => { a: 'text' } }" },
  {
    code: 'const recursive = (n: number): number => (n < 2 ? 1 : n * recursive(n - 1)), big = 10n ** 20n;\n`${recursive(5)} ${big}`',
    shows: '120 100000000000000000000',
  },
  {
    code: 'switch (typeof a) { case "string": { const a = 1; console.log({ a }); break } default: console.log("no") }',
    shows: '{ a: 1 }',
  },

  // Modules.
  {
    code: "import pLimit from 'p-limit'\nimport * as path from 'node:path'\nimport os, { cpus as cores } from 'os'\nimport type { Study } from 'copylab/executor'\nconst limit = pLimit(2)",
    shows: null,
  },
  {
    code: 'const sizes = await Promise.all([1, 2].map((n) => limit(async () => n * 10)))\n;[sizes, path.basename("/a/b"), cores().length > 0, typeof os.tmpdir]',
    shows: "[ [ 10, 20 ], 'b', true, 'function' ]",
  },
  {
    code: "const { default: again } = await import('p-limit')\nconst none: Study | null = null\nJSON.stringify({ path: typeof { path }.path, same: again === pLimit, none })",
    shows: '{"path":"object","same":true,"none":null}',
  },
  {
    code: "import { setTimeout as sleep } from 'node:timers/promises'\nimport assert from 'node:assert/strict'\nconst begun = performance.now()\nawait sleep(5)\nassert.ok(performance.now() - begun >= 4)",
    shows: null,
  },

  // Danfo and Plotly.
  {
    code: "import * as dfd from 'danfojs-node'\nconst columns = { name: ['a', 'b', 'c'], kind: ['x', 'y', 'x'], value: [4, 2, 3] }\nconst df = new dfd.DataFrame(columns)\ndf.head(2).print()",
    shows: /a +│ x +│ 4/,
  },
  { code: 'df', shows: 'Data frame, 3 rows × 3 columns\nname | kind | value\na | x | 4\nb | y | 2\nc | x | 3' },
  {
    code: "df.query(df['value'].gt(2))",
    shows: 'Data frame, 2 rows × 3 columns\n| name | kind | value\n0 | a | x | 4\n2 | c | x | 3',
  },
  {
    code: "df.groupby(['kind']).col(['value']).mean()",
    shows: /^Data frame, 2 rows × 2 columns\nkind \| value_mean\nx \| 3\.50\ny \| 2\.00$/,
  },
  {
    code: "df.groupby(['kind'])",
    shows: '- A data frame in 2 groups by kind: mean(), sum(), count() or agg(…) give a table.',
  },
  {
    code: "df.addColumn('double', df['value'].mul(2), { inplace: true })\ndfd.toCSV(df.sortValues('value'))",
    shows: /^name,kind,value,double\nb,y,2,4\nc,x,3,6\na,x,4,8$/,
  },
  { code: "df['value']", shows: 'Series, 3 rows × 1 column\nvalue\n4\n2\n3' },
  { code: "df['value'].mean()", shows: '3' },
  {
    code: "const data = [{ x: df['name'].values, y: df['value'].values, type: 'bar' }], layout = { title: { text: 'Bars' } }\n;({ data, layout })",
    shows: '[figure] Bars',
  },
  {
    code: "import { show } from 'copylab/notebook'\nshow({ data, layout: { ...layout, title: 'Again' } })",
    shows: '[figure] Again',
  },

  // What copylab gives, as a last value.
  {
    code: "import { compare, summarise, trialRows, trialsFrame } from 'copylab/analysis'\nimport { readStudy } from 'copylab/executor'\nconst study = readStudy('reference-workers')\nstudy",
    shows:
      /^Study reference-workers: 540 measured trials in 30 blocks; total time in ms\ntreatment \| trials \| .*\n1 worker, 10K \| 30 \|/,
  },
  {
    code: 'const to = { workers: 4, batchSize: 10_000 }\ncompare(study, { a: { ...to, workers: 2 }, b: to })',
    shows: /^- 2 workers vs 4 at 10K/,
  },
  { code: 'summarise(study, { where: { batchSize: 10_000 } })', shows: /^6 rows × \d+ columns; .*treatment\n/ },
  { code: 'trialRows(study)', shows: /^540 rows × \d+ columns; shown are the first 20 rows and the first 12 columns/ },
  {
    code: 'trialsFrame(study)',
    shows: /^Data frame, 540 rows × \d+ columns; shown are the first 20 rows and the first 12 columns\n/,
  },
  { code: '(async () => study)()', shows: /^Study reference-workers/ },
  { code: '[{ a: 1 }, { a: 2 }]', shows: '2 rows × 1 column\na\n1\n2' },
  { code: '[{ x: [1], y: [2], z: 1 }]', shows: '[ { x: [ 1 ], y: [ 2 ], z: 1 } ]' },

  // Mistakes, at the place where they were typed.
  {
    code: 'compare(study, {\n  a: { workers: 2, batchsize: 10_000 }, b: to })',
    shows: 'TypeScriptError: 2:20 - Expected properties, got `batchsize`: did you mean `batchSize`?',
  },
  {
    code: 'compare(study, { a: to, b: to, metrc: "totalMs" } as any)',
    shows: 'TypeError: Expected options, got `metrc`: did you mean `metric`?',
  },
  {
    code: 'const text: number = { server }.server.name',
    shows: "TypeScriptError: 1:7 - Type 'string' is not assignable to type 'number'.",
  },
  { code: '  ({ nowhere, server })', shows: /^TypeScriptError: 1:6 - .*'nowhere'/ },
  { code: 'let open: any = 1', shows: null },
  { code: 'open()', shows: 'TypeError: open is not a function' },
  { code: "const a = 5\nthrow new Error('before the end')", shows: 'Error: before the end' },
  { code: 'a.length', shows: '4' },
]
