import { defineConfig } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'

// One classic script and one style sheet, with relative addresses: the same files work from the program, from any web host under any path, and from
// a folder opened by hand, where browsers refuse modules.
export default defineConfig({
  base: './',
  plugins: [svelte(), classic()],
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
