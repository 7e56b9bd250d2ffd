import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Dealer, Subscriber } from 'zeromq'
import { withKernel } from '../../../src/entries/chapter.js'
import { decodeMessage, encodeMessage, type Message, request } from '../../../src/notebook/kernel/wire.js'
import { projectRoot } from '../../../src/project.js'

const key = 'of this test'
const spec = join(projectRoot, 'notebooks', 'jupyter', 'kernels', 'tslab')

/**
 * Starts the kernel as Jupyter does, runs cells, and returns what it published and replied about
 * each.
 */
async function runCells(cells: readonly string[]): Promise<{ published: Message[]; reply: Message }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-jupyter-'))
  const connection = join(folder, 'connection.json')
  const ip = join(folder, 'socket')
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 }
  writeFileSync(connection, JSON.stringify({ transport: 'ipc', ip, ...ports, signature_scheme: 'hmac-sha256', key }))
  const { argv } = JSON.parse(readFileSync(join(spec, 'kernel.json'), 'utf8')) as { argv: string[] }
  const [command, ...args] = argv.map((word) =>
    word.replace('{resource_dir}', spec).replace('{connection_file}', connection),
  )
  const kernel = spawn(command!, args, { cwd: join(projectRoot, 'notebooks'), stdio: 'ignore' })
  const shell = new Dealer({ linger: 0, reconnectInterval: 20 })
  const iopub = new Subscriber({ linger: 0, reconnectInterval: 20 })
  const ask = async (type: string, content: Record<string, unknown>): Promise<Message> => {
    await shell.send(encodeMessage(request(type, content, 'test'), key))
    return decodeMessage(await shell.receive(), key)
  }
  try {
    shell.connect(`ipc://${ip}:1`)
    iopub.connect(`ipc://${ip}:2`)
    iopub.subscribe()
    await ask('kernel_info_request', {})
    // The subscription has arrived when something of ours is published.
    const published: Message[] = []
    void (async () => {
      for await (const frames of iopub) published.push(decodeMessage(frames, key))
    })()
    while (published.length === 0) await ask('kernel_info_request', {})
    const results: { published: Message[]; reply: Message }[] = []
    for (const code of cells) {
      const reply = await ask('execute_request', { code, silent: false })
      const id = reply.parent_header.msg_id
      const mine = () => published.filter(({ parent_header }) => parent_header.msg_id === id)
      await expect.poll(() => mine().some(({ content }) => content.execution_state === 'idle')).toBe(true)
      results.push({ published: mine().filter(({ header }) => header.msg_type !== 'status'), reply })
      // tslab drops what follows a failed cell within 200 ms.
      await new Promise((done) => setTimeout(done, 300))
    }
    return results
  } finally {
    kernel.kill('SIGKILL')
    await once(kernel, 'exit')
    for (const socket of [shell, iopub]) socket.close()
    rmSync(folder, { recursive: true })
  }
}

test("the kernel of Jupyter publishes a failed cell's error, as message and as reply, and nothing on stderr", async () => {
  const [fine, failed, refused, awaited] = await runCells([
    "console.error('kept'); 1 + 1",
    "import { readStudy } from 'copylab/executor'\nreadStudy('nowhere')",
    "const n: number = 'text'",
    "await Promise.reject(new TypeError('refused'))",
  ])
  expect(fine!.published.map(({ header }) => header.msg_type)).toEqual(['stream', 'stream'])
  expect(fine!.reply.content).toMatchObject({ status: 'ok', execution_count: 1 })
  expect(failed!.published.map(({ header }) => header.msg_type)).toEqual(['error'])
  const evalue = expect.stringMatching(/^Expected the name of a study in data\/studies, got "nowhere"; there are /)
  expect(failed!.published[0]!.content).toMatchObject({ ename: 'RangeError', evalue })
  expect(failed!.published[0]!.content.traceback).toHaveLength(1)
  expect(failed!.reply.content).toMatchObject({ status: 'error', ename: 'RangeError', evalue, execution_count: 2 })
  expect(refused!.published.map(({ content }) => content.ename)).toEqual(['TypeScriptError'])
  expect(awaited!.published).toMatchObject([{ content: { ename: 'TypeError', evalue: 'refused' } }])
}, 60_000)

test('withKernel gets what Jupyter gets: the same errors, of cells and of what no cell awaited', async () => {
  const cells = [
    'function inner() { throw new RangeError("no", { cause: new Error("why") }) }\ninner()',
    "const n: number = 'text'\nconst m: string = 1",
    "Promise.reject(new Error('nobody waits for this'))\nawait new Promise((done) => setTimeout(done, 100))",
    "throw 'a word'",
  ]
  const published = (await runCells(cells)).map(({ published }) =>
    published.filter(({ header }) => header.msg_type === 'error').map(({ content }) => content),
  )
  expect(published.map((errors) => errors.map(({ ename }) => ename))).toEqual([
    ['RangeError'],
    ['TypeScriptError'],
    ['Error'],
    ['Error'],
  ])
  await withKernel({ cwd: join(projectRoot, 'notebooks') }, async (kernel) => {
    for (const [k, code] of cells.entries()) {
      const execution = await kernel.execute(code)
      expect(execution.outputs()).toEqual(published[k]!.map((error) => ({ output_type: 'error', ...error })))
    }
  })
}, 60_000)
