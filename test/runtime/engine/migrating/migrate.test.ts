import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { foreign } from "../../../support/foreign.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const root = (x: object): AnyFeature =>
  loadFeature([buildSpec("ev", { columns: { id: text, x }, ids: ["id"] })], "ev");
const date = { type: "string", format: "date-time" };
const Text = root(text);
const Time = root(date);
const provenance = { metaxy_provenance_by_field: { default: "1" } };
const moment = "2026-01-31T12:00:00.000001Z";

/** A store with the column `x` as text, changed by another program. */
async function changedStore(...statements: readonly string[]): Promise<string> {
  const path = await freshPath();
  {
    await using store = await openStore(path);
    await store.write(Text, untyped([{ id: "a", x: moment, ...provenance }]));
  }
  await foreign(path, ...statements);
  return path;
}

async function valuesOf(store: Store, feature: AnyFeature): Promise<unknown[]> {
  const rows = (await store.read(feature).toArray()) as unknown as { readonly x: unknown }[];
  return rows.map(({ x }) => x);
}

describe("store.migrate", () => {
  it("does nothing where a column holds each value of the declared type", async () => {
    await using store = await openStore(await changedStore());
    expect((await store.migrate(Time)).steps).toEqual([]);
    expect(await valuesOf(store, Time)).toEqual([moment]);
  });

  it("changes the table of another program, each stored value exact, and then finds nothing to do", async () => {
    const path = await changedStore(
      "ALTER TABLE ev ALTER x SET DATA TYPE ENUM('a', '2026-01-31T12:00:00.000001Z')",
    );
    await using store = await openStore(path);
    const steps = [{ kind: "change-type", column: "x", from: `ENUM('a', '${moment}')`, to: "VARCHAR" }];
    expect((await store.migrate(Text, { dryRun: true })).steps).toEqual(steps);
    expect((await store.migrate(Text)).steps).toEqual(steps);
    expect((await store.migrate(Text)).steps).toEqual([]);
    expect((await store.migrate(Text, { drop: true })).steps).toEqual([]);
    await store.write(Text, untyped([{ id: "b", x: "other", ...provenance }]));
    expect(await valuesOf(store, Text)).toEqual([moment, "other"]);
  });

  const added = "ALTER TABLE ev RENAME TO old; CREATE TABLE ev AS FROM old; DROP TABLE old;";
  it.each([
    [
      "a default",
      "ALTER TABLE ev ALTER metaxy_project_version SET DEFAULT 'p'",
      /default of metaxy_project_version/,
    ],
    ["an index", "CREATE INDEX one ON ev (id)", /one/],
    ["what takes no null", "ALTER TABLE ev ALTER id SET NOT NULL", /not null/],
  ])("refuses to write a table anew that has %s", async (_, statement, held) => {
    const path = await changedStore(
      added,
      "UPDATE ev SET x = '\"2026\"'",
      "ALTER TABLE ev ALTER x SET DATA TYPE JSON",
      statement,
    );
    await using store = await openStore(path);
    const refusal = await refusalOf(store.migrate(Text));
    expect(refusal.code).toBe("table-shape");
    expect(refusal.message).toMatch(held);
    expect(await valuesOf(store, Text)).toEqual(["2026"]);
  });

  it("refuses to write a table anew that has a computed column, and keeps it", async () => {
    const path = await changedStore("ALTER TABLE ev RENAME TO old");
    const [made] = await queryFile(path, "SELECT sql FROM duckdb_tables() WHERE table_name = 'old'");
    const columns = String(made?.["sql"])
      .replace(/^CREATE TABLE "?old"?\(/, "")
      .replace(/\);$/, "");
    await foreign(
      path,
      `CREATE TABLE ev (${columns.replace("x VARCHAR", "x JSON")}, twice VARCHAR GENERATED ALWAYS AS (id || id))`,
      `INSERT INTO ev BY NAME SELECT * REPLACE ('"2026"'::JSON AS x) FROM old`,
    );
    {
      await using store = await openStore(path);
      expect((await refusalOf(store.migrate(Text))).message).toMatch(/default of twice/);
      expect(await valuesOf(store, Text)).toEqual(["2026"]);
    }
    expect(await queryFile(path, "SELECT twice FROM ev")).toEqual([{ twice: "aa" }]);
  });
});
