import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  resolve: { conditions: ["stemma-source"] },
  ssr: { resolve: { conditions: ["stemma-source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    // By default one core is left idle, which on two cores is half of them.
    maxWorkers: "100%",
    // A guard against what hangs, wide enough for a machine that has much else to do.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
