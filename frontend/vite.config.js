import { defineConfig } from "vite";

// Names carry a hash, so WhiteNoise may let browsers keep every file for ever; nothing is inlined, because the
// content security policy allows fonts and pictures from our own origin only.
export default defineConfig({
  base: "/static/",
  publicDir: false,
  build: {
    manifest: "manifest.json",
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
    rollupOptions: { input: { main: "src/main.js" } },
  },
});
