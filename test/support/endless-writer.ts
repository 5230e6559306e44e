import { openStore } from "../../runtime/duckdb/index.ts";
import { buildSpec, text } from "./build-spec.ts";
import { loadFeature } from "./load-project.ts";
import { untyped } from "./untyped.ts";

/** Writes batches of 5,000 rows to the database that it is given, a line on stdout for each, until it is killed. */
const Note = loadFeature([buildSpec("note", { columns: { id: text }, ids: ["id"], fields: ["x"] })], "note");
const store = await openStore(process.argv[2] ?? "");
for (let batch = 0; ; batch++) {
  const rows = Array.from({ length: 5000 }, (_, n) => ({
    id: `${batch}-${n}`,
    metaxy_provenance_by_field: { x: "p" },
  }));
  await store.write(Note, untyped(rows));
  console.log(batch);
}
