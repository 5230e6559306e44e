import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { RowSet } from "../../../../runtime/index.ts";
import { anyRows, columns, type Row } from "../../../support/arbitrary-rows.ts";
import { buildSpec } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { untyped } from "../../../support/untyped.ts";

const { kinds: Kinds } = loadProject([buildSpec("kinds", { columns, ids: ["id"], fields: ["x", "y/z"] })], {
  hashLength: 64,
});
const names = [...Object.keys(columns), "metaxy_provenance_by_field", "metaxy_data_version"];
const pick = (rows: readonly Row[]) =>
  rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name]])));

test("rows of any values come back equal from a file of every format", { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  let number = 0;
  const endings = ["parquet", "csv", "json", "ndjson", "csv.gz", "jsonl.gz"];
  await fc.assert(
    fc.asyncProperty(anyRows, fc.constantFrom(...endings), async (rows, ending) => {
      await using store = await openStore(":memory:");
      await store.write(untyped(Kinds), untyped(rows));
      const stored: RowSet<Row> = store.read(untyped(Kinds));
      const written = await stored.toArray();
      const file = join(folder, `${++number}.${ending}`);
      expect(await stored.export(file)).toEqual({ rows: rows.length, file });

      await using other = await openStore(":memory:");
      const format = /parquet|csv|json/.exec(ending.replace("jsonl", "json"))?.[0] ?? "";
      await other.write(untyped(Kinds), untyped({ [format]: file }));
      const back: RowSet<Row> = other.read(untyped(Kinds));
      expect(pick(await back.toArray())).toEqual(pick(written));
    }),
    { numRuns: 14 },
  );
});
