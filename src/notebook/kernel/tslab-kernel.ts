/**
 * The kernel that Jupyter starts (`notebooks/jupyter/kernels/tslab/kernel.json`), and headless
 * runs, too: the project's tslab, whose failed cells end with Jupyter's `error` output instead of a
 * stack on stderr. So JupyterLab, VS Code, papermill and nbconvert show and find the message.
 */

import { format, parseArgs } from 'node:util'
import type { ErrorOutput } from '../file/notebook-file.js'
import { answerRequests } from './answer-requests.js'
import { bindAtOnce } from './bind-at-once.js'
import { watchCells } from './cells/cell-program.js'
import { correctedExecutor } from './cells/execute-cells.js'
import { showLastValue } from './cells/show-last-value.js'
import { type CreateExecutor, tslabRequire } from './cells/tslab.js'
import { sendInOrder } from './ordered-output.js'
import { reportedDiagnostics, reportedError } from './reported-error.js'

interface Reply {
  header: { msg_type: string }
  content: unknown
  signAndSend(key: string, socket: unknown): void
}

interface Request {
  readonly content: object
  createReply(): Reply
}

interface Server {
  readonly connInfo: { readonly key: string }
  readonly iopub: unknown
}

type Publisher = (error: ErrorOutput) => void
type ReplyContent = Record<string, unknown> & { readonly status: string }

const latest = watchCells()
const jupyter = tslabRequire('../dist/jupyter.js')
const executor = tslabRequire('../dist/executor.js')

/**
 * Reports of the executor about the cell that runs: the values of each call of its `console.error`.
 */
let reports: unknown[][] = []
const createExecutor: CreateExecutor = correctedExecutor({
  createExecutor: executor.createExecutor,
  latest,
  showLast: showLastValue,
})
executor.createExecutor = ((root, converters, console) =>
  createExecutor(root, converters, {
    ...console,
    error: (...values) => void reports.push(values),
  })) satisfies CreateExecutor

const errors = new WeakMap<object, ErrorOutput>()
const publishers = new WeakMap<object, Publisher>()
/** Publishes an error of the cell that was started last, as tslab does with what is printed. */
let publish: Publisher | undefined
const { handleExecute, handleExecuteImpl } = jupyter.JupyterHandlerImpl.prototype
Object.assign(jupyter.JupyterHandlerImpl.prototype, {
  /** Cells come here one after the other. */
  async handleExecuteImpl(content: object, ...rest: unknown[]): Promise<unknown> {
    reports = []
    publish = publishers.get(content)
    try {
      const executionCount = await handleExecuteImpl.call(this, content, ...rest)
      // The compiler's messages about a module, which is taken all the same.
      for (const values of reports) console.error(...values)
      return executionCount
    } catch (failure) {
      // The number of a cell that failed; anything else is a failure of tslab itself.
      const error = reports.length > 0 ? errorOf(reports) : reportedError(failure)
      errors.set(content, error)
      publishers.get(content)?.(error)
      throw failure
    }
  },
  async handleExecute(content: object, ...rest: unknown[]): Promise<ReplyContent> {
    const reply = await handleExecute.call(this, content, ...rest)
    const { output_type, ...error } = errors.get(content) ?? {}
    // tslab says "abort" of cells that it drops after a failed one.
    return { ...reply, ...error, status: reply.status === 'abort' ? 'aborted' : reply.status }
  },
})

const { handleExecute: receive } = jupyter.ZmqServer.prototype
jupyter.ZmqServer.prototype.handleExecute = function (this: Server, socket: unknown, request: Request) {
  publishers.set(request.content, ({ output_type, ...content }) => {
    const message = request.createReply()
    message.header.msg_type = output_type
    message.content = content
    message.signAndSend(this.connInfo.key, this.iopub)
  })
  return receive.call(this, socket, request)
}

answerRequests(jupyter.ZmqServer.prototype)
bindAtOnce(jupyter.ZmqServer.prototype)

function errorOf(calls: readonly unknown[][]): ErrorOutput {
  const last = calls.at(-1) ?? []
  // A message of the compiler comes as a format and its values; anything else as the thrown value
  // alone.
  return last.length > 1 ? reportedDiagnostics(calls.map((values) => format(...values))) : reportedError(last[0])
}

sendInOrder(tslabRequire('zeromq'))
const { values } = parseArgs({ options: { 'config-path': { type: 'string' } }, allowPositionals: true })
tslabRequire('../dist/main.js').startKernel({ configPath: values['config-path'], enableFindLocal: false })

// Rejections that no cell awaited: tslab prints them, with a stack of compiled code.
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.removeAllListeners(event)
  process.on(event, (error: unknown) => (publish ? publish(reportedError(error)) : console.error(error)))
}
