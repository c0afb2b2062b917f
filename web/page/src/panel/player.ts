// Playing: the week follows the clock and not the frames, so that a slow machine skips drawings and not weeks.
import { session } from '../session.svelte'
import { reactive } from '../ui/reactive.svelte'

/** Weeks a second that can be chosen; Infinity: as fast as they come. */
export const speeds = [1, 4, 10, 26, Infinity]

/** calm says whether the reader asked for less motion. */
export function calm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}

let frame = 0
let since = 0 // when playing began, ms
let from = 0 // and at which week
let speed = 0

export function play(): void {
  const last = session.last
  if (session.tick >= last && session.run?.done) session.tick = 0
  session.playing = true
  begin()
  if (!frame) frame = requestAnimationFrame(next)
}

export function pause(): void {
  session.playing = false
}

/** seek goes to a week; playing goes on from there. */
export function seek(tick: number): void {
  session.tick = Math.max(0, Math.min(tick, session.last))
  begin()
}

function begin(): void {
  since = performance.now()
  from = session.tick
  speed = session.speed
}

function next(now: number): void {
  frame = 0
  const run = session.run
  if (!session.playing || !run) return
  if (speed !== session.speed) begin()
  const came = run.weeks - 1
  const due = speed === Infinity ? came : from + Math.floor(((now - since) / 1000) * speed)
  if (due > came) begin() // weeks are waited for, not made up for
  const tick = Math.min(due, came)
  if (tick > session.tick) session.tick = tick
  if (session.tick >= session.last && run.done) session.playing = false
  else frame = requestAnimationFrame(next)
}

/**
 * The week that figures show: that of the page, but while it plays no faster than one can read. Long tables follow a moment after the rest, and both
 * between two weeks, so that no frame has all of it to do.
 */
export const reading = reactive({ tick: 0, table: 0 })
const readable = 400 // ms
const apart = 35 // ms between week, figures and tables: two frames
let readAt = 0
let due = 0

/** follow lets figures and tables follow the page; called at every change of the week or of playing. */
export function follow(): void {
  const tick = session.tick
  if (session.playing) {
    if (due || performance.now() - readAt < readable) return
    readAt = performance.now()
    due = window.setTimeout(figures, apart)
    return
  }
  clearTimeout(due)
  due = 0
  reading.tick = reading.table = tick
}

function figures(): void {
  reading.tick = session.tick
  due = window.setTimeout(tables, apart)
}

function tables(): void {
  due = 0
  reading.table = reading.tick
}
