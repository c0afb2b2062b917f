import type { Engine } from './types'
import { inParts } from './parts'
import { serverEngine } from './server'
import { workerEngine, type Wasm } from './worker'

declare global {
  interface Window {
    /** Set by engine.js: the program's server, else where the engine's WebAssembly is. */
    ENTREPOT_ENGINE?: { kind: 'server' } | Wasm
    /** The language that the program was started with, if one was asked for. */
    ENTREPOT_LANGUAGE?: string
  }
}

/** engine is the backing that engine.js names. */
export function engine(): Engine {
  const at = window.ENTREPOT_ENGINE
  if (at?.kind !== 'wasm') return serverEngine()
  const processors = Math.max(2, Math.min(4, navigator.hardwareConcurrency || 2))
  return inParts(workerEngine(at, processors + 1), processors) // one worker more than parts: a comparison does not keep a run waiting
}
