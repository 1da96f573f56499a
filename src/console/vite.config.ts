import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds `dist/console`, which `npm ci` produces, the admin listener serves and the package contains. */
export default defineConfig({
  plugins: [react()],
  // The admin plane replaces this with a fresh nonce whenever it serves the page.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    // Separate files instead of `data:` URLs, which the page's content security policy does not allow for
    // fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    // Browsers that support light-dark(): all since mid-2024.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Keeps main.tsx's first import first, whichever chunk it ends up in.
    rolldownOptions: { output: { strictExecutionOrder: true } },
  },
})
