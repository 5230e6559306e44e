import { openStore } from "stemma/duckdb";
import * as generated from "../../generated/index.ts";
import { compileEdited } from "./compile-edited.ts";
import { documents } from "./documents.ts";
import { runSteps } from "./run-steps.ts";

/** Runs the three documented pipelines on the modules of this repository, each on a database in memory. */
const folders = documents.map(({ name }) => name);
for (const document of documents) {
  console.log(`\n━━ ${document.name} ${"━".repeat(56 - document.name.length)}`);
  await using store = await openStore(":memory:", { project: generated.project });
  await runSteps(document, {
    store,
    generated: async (edits) => (edits.length === 0 ? generated : compileEdited(folders, 64, edits)),
    begin: (title) => console.log(`\n▸ ${title}`),
    print: (line) => console.log(`  ${line}`),
  });
}
