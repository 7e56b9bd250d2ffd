import type { Misfit } from './inspection.js'

/** Maximum number of places that are named of a kind, and of kinds. */
const [maxPlaces, maxKinds] = [3, 50]

/** Records that do not fit, by their kind. */
export class Misfits {
  private readonly kinds = new Map<string, { count: number; readonly first: string[] }>()
  /** Misfits of more kinds than are kept. */
  private others = 0

  add(kind: string, place: string): void {
    const known = this.kinds.get(kind)
    if (known) {
      known.count++
      if (known.first.length < maxPlaces) known.first.push(place)
    } else if (this.kinds.size < maxKinds) this.kinds.set(kind, { count: 1, first: [place] })
    else this.others++
  }

  /** The kinds, the most frequent first. */
  list(): readonly Misfit[] {
    const kinds = [...this.kinds].map(([kind, { count, first }]) => ({ kind, count, first }))
    const others = this.others === 0 ? [] : [{ kind: 'others', count: this.others, first: [] }]
    return [...kinds.sort((a, b) => b.count - a.count), ...others]
  }
}
