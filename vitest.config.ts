import { defineConfig } from "vitest/config";

const options = {
  resolve: { conditions: ["stemma-source"] },
  ssr: { resolve: { conditions: ["stemma-source"] } },
};

/** Tests of pure code: they open no store, run no git and start no process. */
const unit = [
  "test/architecture/**/*.test.ts",
  "test/generator/{diagnostics,diff,emit,explain,manifest,parse,report,resolve,source,versions}/**/*.test.ts",
  "test/runtime/{columns,filter}/**/*.test.ts",
  "test/runtime/*.test.ts",
];

/** Tests on real DuckDB files. */
const store = [
  "test/runtime/{engine,duckdb}/**/*.test.ts",
  "test/generator/impact/**/*.test.ts",
  "test/oracle/**/*.test.ts",
];

/** Tests of commands, projects on disk and git. */
const cli = ["test/generator/{cli,git,project}/**/*.test.ts"];

/** Tests of what users hold in hand: the package, the README, the pipelines, the types. */
const e2e = ["test/{bench,package,pipelines,readme,types}/**/*.test.ts"];

function project(name: string, include: readonly string[]) {
  return { ...options, test: { name, include: [...include], ...limits } };
}

// A guard against what hangs, wide enough for a machine that has much else to do.
const limits = { testTimeout: 300_000, hookTimeout: 300_000 };

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    // By default one core is left idle, which on two cores is half of them.
    maxWorkers: "100%",
    projects: [project("unit", unit), project("store", store), project("cli", cli), project("e2e", e2e)],
  },
});
