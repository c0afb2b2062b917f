// What the compiler of components and a browser would give to modules that are loaded here without either.
const here = globalThis as Record<string, unknown>
here.$state = <T>(x: T) => x
here.matchMedia = () => ({ matches: false, addEventListener() {} })
here.MutationObserver = class { observe() {} }
here.document = { documentElement: {} }
