import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { foreign } from "../../../support/foreign.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

const {
  root: Root,
  child: Child,
  piece: Piece,
} = loadProject(
  [
    buildSpec("root", { columns: { id: text }, ids: ["id"] }),
    buildSpec("child", { columns: { id: text }, ids: ["id"], deps: ["root"] }),
    buildSpec("piece", {
      columns: { id: text, n: text },
      ids: ["n"],
      deps: [{ feature: "root", lineage: { type: "expansion", on: ["id"] } }],
    }),
  ],
  { hashLength: 64 },
) as Record<"root" | "child" | "piece", AnyFeature>;

const sample = (id: string, version: string) => ({ id, metaxy_provenance_by_field: { default: version } });
const copy = untyped(({ id }: { id: string }) => ({ id }));
const cut = untyped(({ id }: { id: string }) => ({ id, n: `${id}1` }));

/** A store in which another program set the times of rows. */
async function withTimes(time: string, where = "true"): Promise<string> {
  const path = await freshPath();
  {
    await using store = await openStore(path);
    await store.write(Root, untyped(["a", "b", "c"].map((id) => sample(id, "1"))));
    await store.process(Child, copy);
    await store.process(Piece, cut);
  }
  const set = (column: string) =>
    ["root", "child", "piece"].map((table) => `UPDATE ${table} SET ${column} = ${time} WHERE ${where}`);
  await foreign(path, ...set("metaxy_updated_at"), ...set("metaxy_created_at"));
  return path;
}

const times = async (store: Store) =>
  (await store.read(Child).toArray()).map((row) => [
    row[untyped("id")],
    row.metaxy_updated_at,
    row.metaxy_created_at,
  ]);

const counts = async (store: Store, feature: AnyFeature) => {
  await using increment = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(full.counts).toEqual(increment.counts);
  return increment.counts;
};

const inSync = { new: 0, stale: 0, orphaned: 0 };

describe.each(["'infinity'", "'-infinity'", "NULL"])("a time of %s in rows of another program", (time) => {
  it("reads as null, and the others as they are", async () => {
    await using store = await openStore(await withTimes(time, "id = 'b'"));
    const string = expect.stringMatching(/^\d{4}-.*Z$/) as unknown;
    expect(await times(store)).toEqual([
      ["a", string, string],
      ["b", null, null],
      ["c", string, string],
    ]);
  });

  it.each(["true", "id = 'b'"])("leaves resolving and writing as they are, where %s", async (where) => {
    const path = await withTimes(time, where);
    await using store = await openStore(path);
    for (const feature of [Child, Piece]) expect(await counts(store, feature)).toEqual(inSync);
    await store.write(Root, untyped([sample("b", "2"), sample("d", "1")]));
    for (const feature of [Child, Piece])
      expect(await counts(store, feature)).toEqual({ new: 1, stale: 1, orphaned: 0 });
    // A row that is written now wins, whatever was written before.
    await store.process(Child, copy);
    await store.process(Piece, cut);
    for (const feature of [Child, Piece]) expect(await counts(store, feature)).toEqual(inSync);
    await store.write(Root, untyped([sample("b", "3")]));
    expect(await counts(store, Child)).toEqual({ new: 0, stale: 1, orphaned: 0 });
  });

  it("is seen where the row is appended to what is known", async () => {
    const path = await withTimes("now()");
    await foreign(
      path,
      `INSERT INTO root SELECT * REPLACE ('d' AS id, ${time} AS metaxy_updated_at) FROM root WHERE id = 'a'`,
      `INSERT INTO root SELECT * REPLACE (${time} AS metaxy_updated_at, 'x' AS metaxy_data_version,
         {'default': 'x'} AS metaxy_data_version_by_field) FROM root WHERE id = 'a'`,
    );
    await using store = await openStore(path);
    // A row without a time is older than the one that has one.
    expect(await counts(store, Child)).toEqual({ new: 1, stale: 0, orphaned: 0 });
  });
});
