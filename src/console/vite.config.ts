import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `dist/console`: what `npm ci` builds, the admin listener serves and the package carries. */
export default defineConfig({
  plugins: [react()],
  // The admin plane puts a fresh nonce in its place whenever it serves the page.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // Files, never `data:` addresses, which the page's content security policy does not take for fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    // Those that know light-dark(): every one since the middle of 2024.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // What main.tsx imports first runs first, whichever file it was put into.
    rolldownOptions: { output: { strictExecutionOrder: true } },
  },
})
