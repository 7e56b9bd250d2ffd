import { lastLines } from '../../last-lines.js'
import type { Output } from '../file/notebook-file.js'

/** The kernel could not be started, or ended while it was in use. */
export class KernelError extends Error {
  override readonly name = 'KernelError'
  /** Outputs that the running cell had shown by then. */
  readonly outputs: readonly Output[]
  constructor(message: string, options?: ErrorOptions & { readonly outputs?: readonly Output[] }) {
    super(message, options)
    this.outputs = options?.outputs ?? []
  }
}

/** A message with the last lines that the kernel process wrote to stderr. */
export function withLastWords(message: string, stderr: string): string {
  const lastWords = lastLines(stderr, 20)
  return lastWords === '' ? message : `${message}\n${lastWords}`
}
