import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

const server = "http://localhost:3000";

export default defineConfig({
  plugins: [solid()],
  build: {
    target: "es2022",
    // The polyfill is an inline script, and small assets become data: URLs; the content security
    // policy allows neither.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // Which file comes with which page, for the test that weighs them.
    manifest: true,
    rolldownOptions: {
      output: {
        // The libraries change rarely, so a new release of ours leaves them in the browser's cache.
        // What draws comes with the drawings, not with the first page.
        codeSplitting: {
          groups: [
            { name: "libraries", test: /node_modules\/(?!(?:d3-[a-z-]+|internmap)\/)/ },
            // Small, and most pages need most of them: one file is sooner there than twenty.
            { name: "parts", test: /web\/src\/(api|format|live|session|time|ui)\// },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": server,
      "/sandbox": server,
      "/trpc": { target: server, ws: true },
    },
  },
});
