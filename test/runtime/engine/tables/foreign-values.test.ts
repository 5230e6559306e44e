import { expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { runSql } from "../../../support/run-sql.ts";
import { untyped } from "../../../support/untyped.ts";

const time = { type: ["string", "null"], format: "date-time" };
const day = { type: ["string", "null"], format: "date" };
const columns = { id: text, at: time, day, free: {}, days: { type: ["array", "null"], items: day } };
const Row = loadFeature([{ ...buildSpec("row", { columns, ids: ["id"] }), required: ["id"] }], "row");

it.each([
  ["\"at\" = 'infinity'", "wrong-stored-type", /infinite.* in at of rows of \w+\.$/],
  ["day = '-infinity'", "wrong-stored-type", /infinite/],
  ["days = ['infinity'::DATE]", "wrong-stored-type", /infinite/],
  ["free = '[NaN]'::JSON", "wrong-stored-type", /not JSON as other programs read it: \[NaN\]/],
  ["free = '[1,]'::JSON", "wrong-stored-type", /not JSON/],
])(
  "what another program stored and JavaScript can't read is an error in our words: %s",
  async (set, code, message) => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Row, untyped([{ id: "a", metaxy_provenance_by_field: { default: "1" } }]));
    }
    await runSql(path, `UPDATE "row" SET ${set}`);
    await using store = await openStore(path);
    const refusal = await refusalOf(store.read(Row).toArray());
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
  },
);
