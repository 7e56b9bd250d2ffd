/**
 * Returns a function that computes its value once for each object, and keeps it for as long as the
 * object exists. The object must not change: studies and their trials do not.
 */
export function oncePer<K extends object, V>(compute: (object: K) => V): (object: K) => V {
  const computed = new WeakMap<K, { readonly value: V }>()
  return (object) => {
    const known = computed.get(object)
    if (known) return known.value
    const value = compute(object)
    computed.set(object, { value })
    return value
  }
}
