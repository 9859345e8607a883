import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The development server passes API and tunnel on to a running gateway; the built pages are served by the gateway itself.
const gateway = process.env.REELGATE_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "/",
  plugins: [react()],
  build: { outDir: "dist", sourcemap: false, target: "es2022", chunkSizeWarningLimit: 800 },
  server: { host: "127.0.0.1", port: 5173, proxy: { "/api": { target: gateway, ws: true } } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
