import { openStore } from "../../runtime/duckdb/index.ts";
import { buildSpec, text } from "./build-spec.ts";
import { loadFeature } from "./load-project.ts";
import { untyped } from "./untyped.ts";

/**
 * Exports a set of 100,000 rows to the file that it is given: a line on stdout for each time, until it is killed, or one
 * with the code of an error and then, whether the store goes on.
 */
const Note = loadFeature([buildSpec("note", { columns: { id: text }, ids: ["id"], fields: ["x"] })], "note");
const [file = ""] = process.argv.slice(2);
const store = await openStore(":memory:");
const sql =
  "SELECT md5(i::VARCHAR) AS id, {'x': md5((i + 1)::VARCHAR)} AS metaxy_provenance_by_field FROM range(100000) t(i)";
const increment = await store.resolve(Note, { samples: untyped({ sql }) });
for (let round = 0; ; round++) {
  try {
    await increment.new.export(file, { overwrite: true });
  } catch (error) {
    console.log(error instanceof Error && "code" in error ? error.code : error, increment.new.rowCount);
    const rows = await increment.new.batches(1000)[Symbol.asyncIterator]().next();
    console.log(rows.value?.length);
    process.exit(1);
  }
  console.log(round);
}
