import { bare, changes } from '../../edit'
import type { Catalog, State } from '../../engine/types'
import { n, t } from '../../words'

/** describe names a state: its scenario, what is laid over it, and how much was changed by hand. */
export function describe(state: State, catalog: Catalog | null): string {
  const title = (name: string) => t(catalog?.scenarios.find((s) => s.name === name)?.title ?? name)
  const parts = [state.file ? t('your own file') : title(state.scenario!), ...(state.layers ?? []).map(title)]
  const byHand = changes(state) - changes(bare(state))
  return parts.join(' + ') + (byHand ? ', ' + n(byHand, '%s change', '%s changes') : '')
}
