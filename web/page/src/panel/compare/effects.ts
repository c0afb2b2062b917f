// Effects of a comparison in words.
import type { Compared, Effect, World } from '../../engine/types'
import { round3 } from '../answer'
import { f, int, n, percent, rate, signed, t } from '../../words'

export function effectOf(c: Compared, hub: number, good: number, before: boolean): Effect | undefined {
  return c.effects.find((e) => e.hub === hub && e.good === good && e.before === before)
}

/** sentence says what B does against A, with the interval where there is one. */
export function sentence(e: Effect, world: World, runs: number): string {
  const what = f('price of one %s in %s', t(world.goods[e.good].name), t(world.hubs[e.hub].name))
  const pairs = n(runs, '%s pair of runs', '%s pairs of runs')
  switch (e.verdict) {
    case 'raises':
      return f('B raises the %s by %s CFA (%s), 95 %% interval %s, %s.', what, money(e.difference), relative(e), span(e.low, e.high), pairs)
    case 'lowers':
      return f('B lowers the %s by %s CFA (%s), 95 %% interval %s, %s.', what, money(negative(e.difference)), relative(e), span(negative(e.high), negative(e.low)), pairs)
    case 'no difference':
      return f('B leaves the %s as it is, in all of %s.', what, pairs)
    case 'too few':
      return e.a === null || e.b === null
        ? f('There are too few runs in which A and B both have a %s to tell.', what)
        : f('There are too few runs to tell what B does to the %s; so far %s CFA, %s.', what, signed(money(e.difference)), pairs)
  }
  return f('What B does to the %s is not distinguishable from nothing: %s CFA, 95 %% interval %s, %s.', what, signed(money(e.difference)), signedSpan(e.low, e.high), pairs)
}

export function verdictName(e: Effect): string {
  switch (e.verdict) {
    case 'raises': return t('raises')
    case 'lowers': return t('lowers')
    case 'no difference': return t('no difference')
    case 'too few': return t('too few runs to tell')
  }
  return t('not distinguishable')
}

/** saved says what the luck that both have in common was worth. */
export function saved(share: number | null): string {
  if (share === null) return ''
  if (share <= 0) return t('Common luck did not help here: the difference varies as much as without it.')
  const head = f('A and B have the same luck, pair by pair: that took away %s of the variance of the difference.', percent(share))
  if (share < 0.5) return head
  return head + ' ' + f('Without it, about %s times as many runs would be needed.', share < 0.995 ? int(Math.round(1 / (1 - share))) : t('hundreds of'))
}

export function span(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : f('%s to %s', money(low), money(high))
}

/** signedSpan is the span of a difference, which may lie on both sides of nothing. */
export function signedSpan(low: number | null, high: number | null): string {
  return low === null || high === null ? '–' : f('%s to %s', signed(money(low)), signed(money(high)))
}

/** relative says the change of the price as a share, with a decimal where it is small. */
export function relative(e: Effect): string {
  return e.relative === null ? '' : signed(rate(e.relative))
}

function negative(x: number | null): number | null {
  return x === null ? null : -x
}

export function money(x: number | null): string {
  return int(x === null ? null : round3(x))
}
