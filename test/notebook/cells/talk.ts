import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Conversation, openConversation } from '../../../src/notebook/kernel/conversation.js'
import { endKernelProcess, startKernelProcess } from '../../../src/notebook/kernel/kernel-process.js'
import { projectRoot } from '../../../src/project.js'

/** Sends a request to a kernel and returns the content of its reply. */
export type Ask = (type: string, content: object) => Promise<Record<string, unknown>>

/** Starts a kernel in the folder of the notebooks, and ends it when `task` has ended. */
export async function talk(task: (ask: Ask) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'copylab-talk-'))
  const running = await startKernelProcess(folder, join(projectRoot, 'notebooks'), {})
  const conversation: Conversation = openConversation(running)
  try {
    await expect.poll(() => conversation.catchUp(200), { timeout: 30_000 }).toBeTruthy()
    await task(async (type, content) => {
      const { reply } = await conversation.ask(type, content as Record<string, unknown>, () => {})
      return (await reply).content
    })
  } finally {
    await conversation.shutDown()
    await endKernelProcess(running, 5_000)
    await conversation.close()
    rmSync(folder, { recursive: true })
  }
}
