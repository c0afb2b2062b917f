// A lesson as its file has it: web/lessons/*.json, which the program's tests read by the same names.
import type { EventEdit } from '../engine/types'

export interface Lesson {
  id: string; number: number; title: string; question: string; level: string; minutes: number
  goals: string[]; hook: { text: string; source: string }[]; world: string
  states: Record<string, Omit<LessonState, 'seed'>>; names: Record<string, string>; seed: string; seeds?: number
  given: { text: string; state: string; until: string; show: Chart[] }
  predictions: Prediction[]
  show: Chart[]
  measures: Measure[]
  columns: string[]; observe: Row[]
  explain: Passage[]
  tasks: Task[]
  discuss: { question: string; answer: string }[]
  transfer: string[]; limits: string[]
  teacher: {
    aim: string; prior: string[]; plan: { minutes: number; what: string }[]; beliefs: { belief: string; answer: string }[]; projector: string; class: string
  }
  readings: string[]
  ensemble?: { a: string; b: string; hub: string; good: string; runs: number }
  reference?: { hub: string; good: string; week: string }
  expect: Expected[]
  pairs: Record<string, (number | null)[]> // measures under the seeds 1, 2, ..., from pairs/pairs.json
}

export interface LessonState { scenario: string; layers?: string[]; parameters?: Record<string, string>; events?: EventEdit[] }

/** What a lesson says will come; with a claim it is shown beside what the draws say. */
export interface Expected { of: string; from?: number; to?: number; but?: number; claim?: string; as?: Format }

/** A row of the table of results. Parts add up to the row above them that is none; `pairs` is the measure whose mean over the draws stands beside. */
export interface Row { text: string; as: Format; of: string[]; part?: boolean; pairs?: string }

export type Format = 'cfa' | 'signed' | 'percent' | 'signed percent' | 'units' | 'signed units' | 'count' | 'decimal'

/** A prediction is a choice where it has options, and a number on a scale otherwise. */
export interface Prediction {
  id: string; question: string; of: string; pairs?: boolean // an effect: the mean of the draws tells what came true
  options?: { text: string; from?: number; to?: number; feedback: string }[]
  as?: Format; low?: number; high?: number; step?: number; near?: number; hit?: string; too_low?: string; too_high?: string; chart?: boolean
}

export interface Bar { name: string; of?: string; run?: string; from?: string; to?: string }

export interface Chart {
  kind: 'price' | 'book' | 'costs' | 'bars' | 'dots' | 'fan' | 'reference'
  title?: string; hub?: string; good?: string; runs?: string[]; from?: string; to?: string; week?: string; hidden?: boolean; as?: Format; of?: string; bars?: Bar[]
}

export interface Measure {
  id: string; of?: string; run?: string; hub?: string; good?: string; part?: string; arc?: string; from?: string; to?: string; week?: string
  is?: 'minus' | 'plus' | 'over' | 'change' | 'compound' | 'rest' | 'share' | 'above' | 'first' | 'lowest' | 'highest'; args?: string[]; than?: number
}

export interface Passage { text: string; values?: { of: string; as: Format }[]; when?: { of: string; from?: number; to?: number }; says?: Record<string, string> }

export interface Task { text: string; state: string; show: Chart[]; explain: Passage[]; answer: string }

/** The answer to the question `reference`: lines to hold a price against. Money in CFA; -1: no price. */
export interface Reference {
  kind: 'reference'; hub: number; good: number; week: number; price: number; units: number
  zero_intelligence: { rounds: number; mean: number; low: number; high: number; units: number; efficiency: number } | null
  spatial: { from: number; weeks: number; mean: number; sold: number; price: number; low: number; high: number; used: number; sources: { hub: number; units: number; price: number; cost: number }[] }
  delivered: { hub: number; price: number; cost: number; total: number }[]
}
