import type { Input } from '../executor/input/input.js'
import type { Server } from '../executor/server/server.js'
import type { DoctorCheck } from './check.js'
import { ceilingCheck } from './client.js'
import { machineChecks } from './machine.js'
import { projectChecks } from './project.js'
import { serverChecks } from './server.js'

export type { DoctorCheck as Check } from './check.js'

/**
 * Checks everything that a study on `server` needs: the machine, the project, the server, which it
 * starts or connects to, and how fast the client is with the input's records when nothing takes
 * them from it. Never throws.
 */
export async function examine(server: Server, input: Input, signal?: AbortSignal): Promise<DoctorCheck[]> {
  return [
    ...machineChecks(),
    ...projectChecks(),
    ...(await serverChecks(server, signal)),
    await ceilingCheck(input, signal),
  ]
}
