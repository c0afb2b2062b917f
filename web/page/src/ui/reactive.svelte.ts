/** reactive makes an object whose fields can be followed by components and by plain modules. */
export function reactive<T extends object>(initial: T): T {
  const state = $state(initial)
  return state
}
