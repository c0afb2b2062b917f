// The lessons, in their order. They are part of the page: nothing is fetched.
import type { Lesson } from './types'

const files = import.meta.glob('../../../lessons/*.json', { eager: true, import: 'default' }) as Record<string, Lesson>

export const lessons: Lesson[] = Object.values(files).sort((a, b) => a.number - b.number)

export function lessonOf(id: string): Lesson | undefined {
  return lessons.find((l) => l.id === id)
}
