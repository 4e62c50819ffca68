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
  },
  server: {
    proxy: {
      "/api": server,
      "/sandbox": server,
      "/trpc": { target: server, ws: true },
    },
  },
});
