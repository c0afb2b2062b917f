// The lessons and their French come as a script of their own (vite.config.ts), when somebody opens the room.
import { learn } from '../words'
import type { Lesson } from './types'

declare global {
  interface Window {
    ENTREPOT_LESSONS?: { lessons: Lesson[]; pairs: Record<string, Lesson['pairs']>; fr: Record<string, string> }
  }
}

declare const __LESSONS__: string // address of the script that sets them

let loading: Promise<Lesson[]> | null = null

/** load returns the lessons in their order. It rejects if the script is not there, and may then be called again. */
export function load(): Promise<Lesson[]> {
  loading ??= script().catch((error) => {
    loading = null
    throw error
  })
  return loading
}

async function script(): Promise<Lesson[]> {
  await new Promise<void>((done, fail) => {
    const element = document.createElement('script')
    element.src = __LESSONS__
    element.onload = () => done()
    element.onerror = () => fail(new Error(__LESSONS__))
    document.head.append(element)
  })
  const { lessons, pairs, fr } = window.ENTREPOT_LESSONS!
  for (const l of lessons) l.pairs = pairs[l.id]
  learn(fr)
  return lessons
}
