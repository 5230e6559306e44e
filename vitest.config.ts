import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  resolve: { conditions: ["stemma-source"] },
  ssr: { resolve: { conditions: ["stemma-source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    // A guard against what hangs, wide enough for a machine that has much else to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
