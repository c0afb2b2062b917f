// What a reader chose is kept in his browser, and only that: who chooses nothing leaves nothing behind. Where nothing can be kept (a folder opened
// by hand, a private window), the page does without.
const prefix = 'entrepot.'

export function kept(name: string): string {
  try {
    return localStorage.getItem(prefix + name) ?? ''
  } catch {
    return ''
  }
}

/** keep stores a choice; an empty one is forgotten. */
export function keep(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(prefix + name, value)
    else localStorage.removeItem(prefix + name)
  } catch {
    // see above
  }
}
