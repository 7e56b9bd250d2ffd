/** Packages with known holes that nobody mends, by the versions that have them. */
const versions: Readonly<Record<string, RegExp>> = {
  request: /^2\.(\d|[1-8]\d)\./,
  'har-validator': /./,
  'tough-cookie': /^[0-3]\./,
  'form-data': /^[0-2]\./,
  'node-fetch': /^([01]|2\.[0-6])\./,
  uuid: /^[0-3]\./,
}

/** Returns each package of a lock file that is in such a version, by its place and version. */
export function unmaintained(lock: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, { readonly version?: string }>> }
  return Object.entries(packages).flatMap(([place, { version = '' }]) => {
    const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
    return versions[name]?.test(version) ? [`${place} ${version}`] : []
  })
}
