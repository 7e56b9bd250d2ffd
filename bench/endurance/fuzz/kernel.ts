import { equal, ok } from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { Dealer, Subscriber } from 'zeromq'
import { endKernelProcess, type KernelProcess, startKernelProcess } from '#copylab/notebook/kernel/kernel-process.js'
import { decodeMessage, encodeMessage, type Message, request } from '#copylab/notebook/kernel/wire.js'
import { projectRoot } from '#copylab/project.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { messageFrames, shownFrames } from './frames.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

/** What a notebook asks a kernel. */
const asked: Readonly<Record<string, object>> = {
  kernel_info_request: {},
  execute_request: {
    code: 'let a = 1; a',
    silent: false,
    store_history: true,
    allow_stdin: false,
    stop_on_error: true,
  },
  is_complete_request: { code: 'if (1) {' },
  inspect_request: { code: 'console.log', cursor_pos: 9, detail_level: 0 },
  complete_request: { code: 'console.', cursor_pos: 8 },
  comm_info_request: { target_name: 'jupyter.widget' },
  history_request: { output: false, raw: true, hist_access_type: 'tail', n: 10 },
  comm_open: { comm_id: 'a', target_name: 'b', data: {} },
  interrupt_request: {},
  input_reply: { value: 'a' },
}

const ownValues = fc.constantFrom<unknown>(
  'const b: number = "x"',
  'throw new Error("a")',
  'import x from "nowhere"',
  '`${',
  'class {',
  '/*',
  '\ud83d',
  'a.b.c.',
  'await 1',
  'export {}',
  1_000_000,
  -5,
  0.5,
  'kernel_info_request',
)

/** Seconds that the kernel may take for a whole cell, which is a net for one that never answers. */
const answerMs = 120_000
/** Growth of a kernel that takes many cells, each of which it compiles; a leak is far above it. */
const mostGrowthMiB = 400

/**
 * A running kernel: after whatever it was sent, it still answers a cell; what was sent shows
 * nothing in that cell; its memory stays within bounds.
 */
export async function fuzzKernel(options: EnduranceOptions): Promise<Fuzzed> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-fuzz-'))
  const running = await startKernelProcess(folder, projectRoot, {})
  const client = openClient(running)
  try {
    await client.cell()
    const before = residentMiB(running)
    const inputs = fc.array(
      fc.tuple(fc.constantFrom('shell' as const, 'control' as const), messageFrames(asked, ownValues)),
      {
        minLength: 1,
        maxLength: 120,
        size: 'max',
      },
    )
    const found = await fuzzed(
      {
        name: 'messages to a kernel',
        inputs,
        lasting: true,
        show: (messages) => shownFrames(messages.map(([, frames]) => frames)),
        count: shareOf(10_000, options),
        sizeOf: ({ length }) => length,
        outcome: async (messages) => {
          for (const [channel, frames] of messages) await client.send(channel, frames(running.connection.key))
          await client.cell()
          return 'a cell after them answered'
        },
      },
      options,
    )
    const growth = residentMiB(running) - before
    if (growth <= mostGrowthMiB) return found
    return { ...found, wrong: found.wrong + 1, examples: [...found.examples, `the kernel grew by ${growth} MiB`] }
  } finally {
    client.close()
    await endKernelProcess(running, 1)
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Client {
  send(channel: 'shell' | 'control', frames: readonly Buffer[]): Promise<void>
  /** Runs a cell, which has to answer and to show what it prints, and nothing else. */
  cell(): Promise<void>
  close(): void
}

function openClient({ connection, ended, stderr }: KernelProcess): Client {
  const { ip, key } = connection
  const options = { linger: 0, reconnectInterval: 20 }
  const sockets = { shell: new Dealer(options), control: new Dealer(options), own: new Dealer(options) }
  const iopub = new Subscriber({ ...options, receiveHighWaterMark: 0 })
  const { shell_port: shell, control_port: control, iopub_port: published } = connection
  for (const [name, port] of [
    ['shell', shell],
    ['control', control],
    ['own', shell],
  ] as const)
    sockets[name].connect(`ipc://${ip}:${port}`)
  iopub.connect(`ipc://${ip}:${published}`)
  iopub.subscribe()
  let heard: Message[] = []
  const drain = async (socket: Dealer | Subscriber, take: (message: Message) => void): Promise<void> => {
    for await (const frames of socket) take(decodeMessage(frames, key))
  }
  const reading = Promise.all([
    drain(sockets.shell, () => {}),
    drain(sockets.control, () => {}),
    drain(iopub, (message) => heard.push(message)),
  ])
  const died = Promise.race([ended.then((how) => `the kernel ended: ${how}`), reading.then(() => 'closed')])
  died.catch(() => {})

  /** A cell's reply, and what was published about it. */
  const run = async (code: string): Promise<{ readonly status: unknown; readonly shown: readonly Message[] }> => {
    heard = []
    const message = request('execute_request', { code, silent: false }, 'own')
    await sockets.own.send(encodeMessage(message, key))
    const late = delay(answerMs, 'no answer', { ref: false })
    const reply = await Promise.race([sockets.own.receive(), died, late])
    if (typeof reply === 'string') throw new Error(`${reply}\n${stderr()}`)
    const mine = (): Message[] => heard.filter(({ parent_header }) => parent_header.msg_id === message.header.msg_id)
    const isIdle = (): boolean => mine().some(({ content }) => content.execution_state === 'idle')
    // The first ones may be published before the subscription has arrived.
    for (let waited = 0; !isIdle() && waited < 2_000; waited += 5) await delay(5)
    return {
      status: decodeMessage(reply, key).content.status,
      shown: mine().filter(({ header }) => header.msg_type !== 'status'),
    }
  }

  return {
    send: (channel, frames) => sockets[channel].send([...frames]),
    cell: async () => {
      // tslab drops what follows a failed cell within 200 ms.
      for (let again = 0; ; again++) {
        const { status, shown } = await run("console.log('own')")
        if (status === 'aborted' && again < 100) {
          await delay(100)
          continue
        }
        equal(status, 'ok')
        ok(
          shown.every(({ header, content }) => header.msg_type === 'stream' && content.text === 'own\n'),
          JSON.stringify(shown),
        )
        return
      }
    },
    close: () => {
      for (const socket of [...Object.values(sockets), iopub]) socket.close()
    },
  }
}

/** Resident memory in MiB; 0 where the system does not tell. */
function residentMiB({ child }: KernelProcess): number {
  const path = `/proc/${child.pid}/status`
  if (!existsSync(path)) return 0
  return Math.round(Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) / 1024)
}
