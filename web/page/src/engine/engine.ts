import type { Engine } from './types'
import { serverEngine } from './server'
import { workerEngine, type Wasm } from './worker'

declare global {
  interface Window {
    /** Set by engine.js: "server" where the program serves the page, else where the engine's WebAssembly is. */
    ENTREPOT_ENGINE?: 'server' | Wasm
    /** The language that the program was started with, if one was asked for. */
    ENTREPOT_LANGUAGE?: string
  }
}

/** engine is the backing that engine.js names. */
export function engine(): Engine {
  const at = window.ENTREPOT_ENGINE
  return typeof at === 'object' ? workerEngine(at) : serverEngine()
}
