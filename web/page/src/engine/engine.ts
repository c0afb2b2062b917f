import type { Engine } from './types'
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
  return at?.kind === 'wasm' ? workerEngine(at) : serverEngine()
}
