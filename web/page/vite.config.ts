import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'

// One classic script and one style sheet, with relative addresses: the same files work from the program, from any web host under any path, and from
// a folder opened by hand, where browsers refuse modules.
export default defineConfig({
  base: './',
  plugins: [svelte(), classic(), french()],
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    rollupOptions: {
      output: {
        format: 'iife',
        entryFileNames: 'assets/page-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
})

// classic makes index.html load the bundle as a classic, deferred script after engine.js, which says where the engine is.
function classic() {
  return {
    name: 'classic-script',
    transformIndexHtml: {
      order: 'post' as const,
      handler: (html: string) => html.replace(/<script type="module" crossorigin/, '<script defer').replace(/ crossorigin/g, ''),
    },
  }
}

// french puts the French of the page into a script of its own, which only those load who want it.
function french(): Plugin {
  const rooms = ['scenarios', 'lessons', 'page'].map((room) => JSON.parse(readFileSync(new URL(`../../words/fr/${room}.json`, import.meta.url), 'utf8')))
  const source = `window.ENTREPOT_FRENCH = ${JSON.stringify(Object.assign({}, ...rooms))}\n`
  const fileName = `assets/fr-${createHash('sha256').update(source).digest('hex').slice(0, 10)}.js`
  return {
    name: 'french',
    config: () => ({ define: { __FRENCH__: JSON.stringify('./' + fileName) } }),
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source })
    },
    configureServer(server) {
      server.middlewares.use('/' + fileName, (_, answer) => answer.setHeader('Content-Type', 'text/javascript').end(source))
    },
  }
}
