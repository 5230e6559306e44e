import { openStore } from "../../runtime/duckdb/index.ts";
import { carriedOver } from "./carry-over.ts";
import { renamedFeatures } from "./renamed-features.ts";

/** Carries the rows of two features over their rename; a line on stdout before it begins, and after each. */
const { sample, copy } = renamedFeatures("after");
const store = await openStore(process.argv[2] ?? "");
console.log("begins");
for (const feature of [sample, copy]) {
  await carriedOver(store, feature);
  console.log(feature.key);
}
await store.close();
