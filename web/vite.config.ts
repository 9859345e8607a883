import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./plugins/compressed.ts";
import { preloads } from "./plugins/preloads.ts";

// The development server passes API and tunnel on to a running gateway; the built pages are served by the gateway itself.
const gateway = process.env.REELGATE_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react(), preloads(), compressed()],
  build: {
    outDir: "dist",
    sourcemap: false,
    target: "es2022",
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Libraries change seldom: an update of Reelgate leaves them in the browsers' caches.
          groups: [
            {
              name: "react",
              test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/,
              priority: 2,
            },
            { name: "ui", test: /node_modules/, minShareCount: 3, priority: 1 },
            { name: "ground", test: /src[\\/](api|app|elements|format)[\\/]/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  server: { host: "127.0.0.1", port: 5173, proxy: { "/api": { target: gateway, ws: true } } },
  test: {
    environment: "node",
    include: ["{src,plugins}/**/*.test.{ts,tsx}"],
    setupFiles: "src/testing/setup.ts",
    testTimeout: 30_000,
  },
});
