import { setTimeout } from "node:timers/promises";
import { openStore } from "../../runtime/duckdb/index.ts";
import { buildSpec, text } from "./build-spec.ts";
import { loadProject } from "./load-project.ts";
import { untyped } from "./untyped.ts";

/** Processes the units of the database that it is given; a line on stdout for each write: units done, and answered. */
const { copy } = loadProject(
  [
    buildSpec("note", { columns: { id: text }, ids: ["id"] }),
    buildSpec("copy", { columns: { id: text }, ids: ["id"], deps: ["note"] }),
  ],
  { hashLength: 64 },
);
if (copy === undefined) throw new Error("No feature copy");
await using store = await openStore(process.argv[2] ?? "");
let answered = 0;
await store.process(
  copy,
  async (row) => {
    answered += 1;
    if (answered % 50 === 0) await setTimeout(5);
    return untyped(row);
  },
  { batchSize: 100, concurrency: 4, onProgress: ({ done }) => console.log(`${done} ${answered}`) },
);
