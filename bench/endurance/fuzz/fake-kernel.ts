import { Router, XPublisher } from 'zeromq'
import type { KernelProcess } from '#copylab/notebook/kernel/kernel-process.js'
import { decodeMessage, encodeMessage, type Message, request } from '#copylab/notebook/kernel/wire.js'

/** A message that is sent without being asked for. */
export interface Unasked {
  readonly channel: 'shell' | 'iopub'
  /** Its frames, none for none; `parent` is the header of the cell's request. */
  frames(key: string, parent: object): readonly Buffer[]
}

/** What a fake kernel does about a cell. */
export interface Script {
  /** Published before any request, so about no cell. */
  readonly early: readonly Unasked[]
  /** Sent after the cell's request, before the right answer. */
  readonly before: readonly Unasked[]
  /** Sent after the right answer, before that to the next question. */
  readonly after: readonly Unasked[]
  /**
   * Whether the right answer is sent; or the kernel ends in its place; or it never comes, and
   * `onSilence` is called.
   */
  readonly ending: 'answers' | 'dies' | 'is silent'
  readonly onSilence: () => void
}

/** A kernel that is none, behind sockets that are. */
export interface FakeKernel {
  /** What a conversation with it needs. */
  readonly process: Pick<KernelProcess, 'connection' | 'ended' | 'stderr'>
  /** Settles when it has published what comes before any request. */
  readonly begun: Promise<void>
  /** Header of the cell's request, once it has arrived. */
  asked(): Message['header'] | null
  /** What it answered the cell of its own accord, once it has. */
  answered(): { readonly stream: Message; readonly reply: Message } | null
  /** Settles when it was asked to shut down; never does in one that died. */
  readonly shutDown: Promise<void>
  close(): void
}

/** Opens one whose sockets' paths begin with `path`. */
export async function openFakeKernel(path: string, script: Script): Promise<FakeKernel> {
  const key = 'of the fake kernel'
  const sockets = { shell: new Router(), control: new Router(), iopub: new XPublisher({ sendHighWaterMark: 0 }) }
  const ports = { shell: 1, iopub: 2, control: 4 }
  for (const name of ['shell', 'iopub', 'control'] as const) await sockets[name].bind(`ipc://${path}:${ports[name]}`)
  const closeAll = (): void => {
    for (const socket of Object.values(sockets)) if (!socket.closed) socket.close()
  }
  let die = (_: string): void => {}
  const ended = new Promise<string>((resolve) => {
    die = resolve
  })
  let cell: Message['header'] | null = null
  let own: ReturnType<FakeKernel['answered']> = null

  const answer = async (identity: Buffer, frames: readonly Buffer[]): Promise<void> => {
    const { header } = decodeMessage(frames, key)
    const sendUnasked = async (all: readonly Unasked[]): Promise<void> => {
      for (const { channel, frames: framesOf } of all) {
        const unasked = framesOf(key, cell!)
        if (unasked.length === 0) continue
        if (channel === 'shell') await sockets.shell.send([identity, ...unasked])
        else await sockets.iopub.send([...unasked])
      }
    }
    const made = (type: string, content: Record<string, unknown>): Message => ({
      ...request(type, content, 'fake'),
      parent_header: header,
    })
    const publish = (message: Message): Promise<void> => sockets.iopub.send(encodeMessage(message, key))
    const reply = async (message: Message): Promise<void> => {
      await sockets.shell.send([identity, ...encodeMessage(message, key)])
      await publish(made('status', { execution_state: 'idle' }))
    }
    if (header.msg_type !== 'execute_request') {
      await sendUnasked(script.after)
      return reply(made('kernel_info_reply', { language_info: {} }))
    }
    cell = header
    await sendUnasked(script.before)
    if (script.ending === 'dies') {
      closeAll()
      die('it was ended by SIGKILL')
    } else if (script.ending === 'is silent') script.onSilence()
    else {
      own = {
        stream: made('stream', { name: 'stdout', text: 'right\n' }),
        reply: made('execute_reply', { status: 'ok', execution_count: 7 }),
      }
      await publish(own.stream)
      await reply(own.reply)
    }
  }

  const begin = async (): Promise<void> => {
    // What is published before the subscription has arrived reaches nobody.
    await sockets.iopub.receive()
    for (const { frames } of script.early) {
      const unasked = frames(key, {})
      if (unasked.length > 0) await sockets.iopub.send([...unasked])
    }
  }
  const begun = begin()
  const serve = async (): Promise<void> => {
    await begun
    for await (const [identity, ...frames] of sockets.shell) await answer(identity!, frames)
  }
  const served = serve()
  // Its end is that of its sockets; a fault of its own shows as a kernel that does not answer.
  served.catch(() => {})
  const shutDown = sockets.control.receive().then(([, ...frames]) => {
    if (decodeMessage(frames, key).header.msg_type !== 'shutdown_request') throw new Error('Not asked to shut down')
  })
  shutDown.catch(() => {})
  const connection = {
    transport: 'ipc',
    ip: path,
    shell_port: ports.shell,
    iopub_port: ports.iopub,
    stdin_port: 3,
    control_port: ports.control,
    hb_port: 5,
    signature_scheme: 'hmac-sha256',
    key,
  } as const
  return {
    process: { connection, ended, stderr: () => '' },
    begun,
    asked: () => cell,
    answered: () => own,
    shutDown,
    close: closeAll,
  }
}
