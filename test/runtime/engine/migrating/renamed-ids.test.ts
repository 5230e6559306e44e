import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

type Features = Record<"video" | "frame" | "face", AnyFeature>;

/** A root, a sample of it and an expansion, all by an id column of some name. */
function project(id: string, renamedFrom?: string): Features {
  const column = renamedFrom === undefined ? text : { ...text, renamedFrom };
  return loadProject(
    [
      buildSpec("video", { columns: { [id]: column, size: integer }, ids: [id] }),
      buildSpec("frame", { columns: { [id]: column }, ids: [id], deps: ["video"] }),
      buildSpec("face", {
        columns: { [id]: column, face: text },
        ids: ["face"],
        deps: [{ feature: "video", lineage: { type: "expansion", on: [id] } }],
      }),
    ],
    { hashLength: 64 },
  ) as Features;
}

const before = project("id");
const renamed = project("key", "id");
const after = project("key");
const keys = ["video", "frame", "face"] as const;
const sample = (id: string, name: string, version = "1") => ({
  [id]: name,
  size: 1,
  metaxy_provenance_by_field: { default: version },
});

async function run(store: Store, { frame, face }: Features, id: string): Promise<number[]> {
  const written: number[] = [];
  for (const [feature, work] of [
    [frame, (workItem: Record<string, unknown>) => ({ [id]: workItem[id] })],
    [face, (workItem: Record<string, unknown>) => [{ [id]: workItem[id], face: `${workItem[id]}1` }]],
  ] as const)
    written.push((await store.process(feature, untyped(work))).written);
  return written;
}

async function countsOf(store: Store, { frame, face }: Features): Promise<unknown[]> {
  const counts: unknown[] = [];
  for (const feature of [frame, face])
    for (const full of [false, true]) {
      await using increment = await store.resolve(feature, { fullRefresh: full });
      counts.push({ ...increment.counts, pending: increment.pendingUpstream });
    }
  return counts;
}

const inSync = Array.from({ length: 4 }, () => ({ new: 0, stale: 0, orphaned: 0, pending: [] }));

async function namesOf(store: Store, features: Features, id: string): Promise<unknown[][]> {
  const names: unknown[][] = [];
  for (const key of keys) {
    const rows = (await store.read(features[key]).toArray()) as unknown as Record<string, unknown>[];
    names.push(rows.map((row) => row[id]));
  }
  return names;
}

describe("an id column that was renamed", () => {
  it.each(["the first write", "migrate"])(
    "keeps the rows that were written under its old name: %s copies it",
    async (way) => {
      const path = await freshPath();
      {
        await using store = await openStore(path);
        await store.write(before.video, untyped([sample("id", "a"), sample("id", "b")]));
        expect(await run(store, before, "id")).toEqual([2, 2]);
      }
      await using store = await openStore(path);
      expect(await countsOf(store, renamed)).toEqual(inSync);
      expect(await namesOf(store, renamed, "key")).toEqual(Array.from({ length: 3 }, () => ["a", "b"]));
      if (way === "migrate")
        for (const key of keys) {
          expect((await store.migrate(renamed[key])).steps).toMatchObject([
            { kind: "copy-column", from: "id" },
          ]);
          expect((await store.migrate(renamed[key])).steps).toEqual([]);
        }
      await store.write(renamed.video, untyped([sample("key", "b", "2"), sample("key", "c")]));
      expect(await run(store, renamed, "key")).toEqual([2, 2]);
      expect(await countsOf(store, renamed)).toEqual(inSync);
      expect(await countsOf(store, after)).toEqual(inSync);
      for (const key of keys)
        expect((await store.migrate(renamed[key], { drop: true })).steps).toEqual([
          { kind: "drop-column", column: "id" },
        ]);
      expect(await countsOf(store, after)).toEqual(inSync);
      expect(await namesOf(store, after, "key")).toEqual(Array.from({ length: 3 }, () => ["a", "b", "c"]));
    },
  );

  it("names no command that would remove rows of other ids, where an upstream has no others", async () => {
    await using store = await openStore(":memory:");
    await store.write(after.video, untyped([sample("key", "a")]));
    const refusal = await refusalOf(store.resolve(before.frame));
    expect(refusal.code).toBe("null-id-stored");
    expect(refusal.message).toMatch(/written under other id columns/);
    expect(refusal.message).not.toMatch(/stemma delete/);
  });

  it("reads nothing, and refuses no column, where the table lacks the id column of the spec", async () => {
    await using store = await openStore(":memory:");
    await store.write(after.video, untyped([sample("key", "a")]));
    const narrower = loadProject([buildSpec("video", { columns: { id: text, size: text }, ids: ["id"] })], {
      hashLength: 64,
    })["video"] as AnyFeature;
    expect(await store.read(narrower).toArray()).toEqual([]);
  });
});
