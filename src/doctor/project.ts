import { createRequire } from 'node:module'
import { displayPath, inCheckout, packageRoot } from '../project.js'
import { staleBuild } from '../stale-build.js'
import { check, type DoctorCheck } from './check.js'

/**
 * Looks at what is installed and built in the project: the build, and the kernel of its
 * notebooks.
 */
export function projectChecks(): DoctorCheck[] {
  return [buildCheck(), kernelCheck()]
}

function buildCheck(): DoctorCheck {
  if (!inCheckout) return check('copylab', `installed in ${displayPath(packageRoot)}`, null)
  const stale = staleBuild()
  return check('build', stale ?? 'as new as its source', stale && 'npm run build')
}

function kernelCheck(): DoctorCheck {
  try {
    const tslab = createRequire(import.meta.url)('tslab/package.json') as { version: string }
    return check('tslab', tslab.version, null)
  } catch {
    return check('tslab', 'not found', 'run `npm install` in the project folder', 'problem')
  }
}
