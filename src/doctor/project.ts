import { createRequire } from 'node:module'
import { staleBuild } from '../stale-build.js'
import { check, type DoctorCheck } from './check.js'

/**
 * Looks at what is installed and built in the project: the build, and the kernel of its notebooks.
 */
export function projectChecks(): DoctorCheck[] {
  return [buildCheck(), kernelCheck()]
}

function buildCheck(): DoctorCheck {
  const stale = staleBuild()
  return check('build', stale ?? 'as new as its source', stale && 'npm run build')
}

function kernelCheck(): DoctorCheck {
  try {
    const tslab = createRequire(import.meta.url)('tslab/package.json') as { version: string }
    return check('tslab', tslab.version, null)
  } catch {
    return check('tslab', 'not found', 'run `npm ci` in the project folder', 'problem')
  }
}
