import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { untyped } from "../../../support/untyped.ts";

const from = (schema: object, old: string) => ({ ...schema, renamedFrom: old });
const number = { type: "number" };
const provenance = (p: string) => ({ metaxy_provenance_by_field: { default: p } });

/** A root, and a child that reads one of its columns below a filter. */
function project(ids: Record<string, object>, columns: Record<string, object>, read: string) {
  const [id = ""] = Object.keys(ids);
  const dep = {
    feature: "video",
    select: [read],
    where: [`${read} > 1`],
    ...(id === "id" ? {} : { rename: { [id]: "id" } }),
  };
  return loadProject(
    [
      buildSpec("video", { columns: { ...ids, ...columns }, ids: [id] }),
      buildSpec("face", { columns: { id: text }, ids: ["id"], deps: [dep] }),
    ],
    { hashLength: 64 },
  ) as { video: AnyFeature; face: AnyFeature };
}

const before = project({ id: text }, { size: integer, note: text }, "size");
const after = project({ id: text }, { bytes: from(number, "size"), note: text }, "bytes");

async function fill(store: Store, { video, face }: typeof before): Promise<void> {
  const rows = ["a", "b", "c"].map((id, n) => ({ id, size: n + 1, note: `n${n}`, ...provenance(id) }));
  await store.write(video, untyped(rows));
  await store.process(
    face,
    untyped((row: { id: string }) => ({ id: row.id })),
  );
}

const counts = async (store: Store, feature: AnyFeature) => (await store.resolve(feature)).counts;
const inSync = { new: 0, stale: 0, orphaned: 0 };

describe("a column that was renamed", () => {
  it("reads what is stored under its old name, downstream too, before anything is written", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await fill(store, before);
    }
    await using store = await openStore(path, { readOnly: true });
    expect(await store.read(after.video).toArray()).toMatchObject([{ bytes: 1 }, { bytes: 2 }, { bytes: 3 }]);
    expect(await store.read(after.video, { filters: "bytes > 2.5" }).toArray()).toMatchObject([{ id: "c" }]);
    const increment = await store.resolve(after.face);
    expect([increment.counts, increment.pendingUpstream]).toEqual([inSync, []]);
  });

  it("is copied by the first write, with the type that it has now, and the old one stays for who goes back", async () => {
    const path = await freshPath();
    await using store = await openStore(path);
    await fill(store, before);
    const written = { id: "d", bytes: 4.5, note: "n", ...provenance("d") };
    await store.write(after.video, untyped([written]));
    expect((await store.read(after.video).toArray()).map((row) => untyped(row)["bytes"])).toEqual([
      1, 2, 3, 4.5,
    ]);
    expect(await counts(store, after.face)).toEqual({ new: 1, stale: 0, orphaned: 0 });
    expect(await store.read(before.video, { lenient: true }).toArray()).toMatchObject([
      { size: 1 },
      { size: 2 },
      { size: 3 },
      { size: null },
    ]);
    // Nothing is copied twice: what is written now stays.
    await store.write(after.video, untyped([{ ...written, id: "a", bytes: 9 }]));
    expect(await store.read(after.video).toArray()).toMatchObject([{ id: "a", bytes: 9 }, {}, {}, {}]);
  });

  it("may be an id: the samples stay what they are", async () => {
    const renamed = project({ vid: from(text, "id") }, { size: integer, note: text }, "size");
    const later = project({ vid: text }, { size: integer, note: text }, "size");
    await using store = await openStore(":memory:");
    await fill(store, before);
    expect(await store.read(renamed.video).toArray()).toMatchObject([
      { vid: "a" },
      { vid: "b" },
      { vid: "c" },
    ]);
    expect(await counts(store, renamed.face)).toEqual(inSync);
    const sample = (vid: string, p: string) => ({ vid, size: 5, note: "n", ...provenance(p) });
    const samples = [sample("a", "a"), sample("b", "other"), sample("d", "d")];
    await using increment = await store.resolve(renamed.video, { samples: untyped(samples) });
    expect(increment.counts).toEqual({ new: 1, stale: 1, orphaned: 1 });
    await increment.write(untyped(increment.new));
    await increment.write(untyped(increment.stale));
    // Also once the spec does not say any more what it was called.
    for (const features of [renamed, later]) {
      expect((await store.read(features.video).toArray()).map((row) => untyped(row)["vid"])).toEqual([
        "a",
        "b",
        "c",
        "d",
      ]);
      expect(await counts(store, features.face)).toEqual({ new: 1, stale: 1, orphaned: 0 });
    }
  });

  it("is copied by a migration too, which drops the old one only when told to", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await fill(store, before);
      expect((await store.migrate(after.video)).steps.map(({ kind }) => kind)).toEqual(["copy-column"]);
      expect((await store.migrate(after.video)).steps).toEqual([]);
      expect((await store.migrate(after.video, { drop: true })).steps).toEqual([
        { kind: "drop-column", column: "size" },
      ]);
      expect(await counts(store, after.face)).toEqual(inSync);
    }
    const columns = (await queryFile(path, "DESCRIBE video")).map((column) => column["column_name"]);
    expect(columns).toEqual(expect.arrayContaining(["bytes", "note"]));
    expect(columns).not.toContain("size");
  });
});
