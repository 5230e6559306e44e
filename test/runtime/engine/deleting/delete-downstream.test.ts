import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, DeleteOptions, Store } from "../../../../runtime/index.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { queryFile } from "../../../support/query-file.ts";
import { recordingFeatures } from "../../../support/recordings.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const byKey = recordingFeatures();
const project = { name: "p", version: "1", features: Object.values(byKey) };
const { recording: Recording, clean: Clean, chunk: Chunk, voice: Voice, "chunk/words": Words } = byKey;

const provenance = { metaxy_provenance_by_field: { audio: "1" } };

/** Recordings a and b of one speaker, and c of another: two chunks each, none of c. */
async function computed(path = ":memory:", opened: object = { project }): Promise<Store> {
  const store = await openStore(path, opened);
  const recordings = [
    { recording_id: "a", speaker: "ann", ...provenance },
    { recording_id: "b", speaker: "ann", ...provenance },
    { recording_id: "c", speaker: "cem", ...provenance },
  ];
  await store.write(Recording, untyped(recordings));
  const values = (item: unknown) => item as Readonly<Record<string, unknown>>;
  await store.process(Clean, async (item) => untyped({ uid: values(item)["uid"] }));
  await store.process(Chunk, async (item) => {
    const { recording_id } = values(item);
    return untyped(recording_id === "c" ? [] : [1, 2].map((chunk) => ({ recording_id, chunk })));
  });
  await store.process(Voice, async (item) => {
    const { id, rows } = item as unknown as { id: { speaker: string }; rows: unknown[] };
    return untyped({ speaker: id.speaker, count: rows.length });
  });
  await store.process(Words, async (item) => {
    const { recording_id, chunk } = values(item);
    return untyped({ recording_id, chunk });
  });
  return store;
}

const idsOf = async (store: Store, feature: AnyFeature) =>
  ((await store.read(feature).toArray()) as unknown as Record<string, unknown>[])
    .map((row) => feature.spec.idColumns.map((column) => row[column]).join("-"))
    .join(" ");

const below = (feature: string, samples: number, emptyParents = 0) => ({
  feature,
  samples,
  rows: samples,
  emptyParents,
});

describe("a delete", () => {
  it("says what below still holds what was made from the deleted samples", async () => {
    await using store = await computed();
    const { samples, downstream } = await store.delete(Recording, untyped({ recording_id: "a" }));
    expect(samples).toBe(1);
    expect(downstream).toEqual([
      below("chunk", 2),
      below("chunk/words", 2),
      below("clean", 1),
      below("voice", 1),
    ]);
    expect(await idsOf(store, Chunk)).toBe("a-1 a-2 b-1 b-2");
  });

  it("says nothing of features below where the store does not know them", async () => {
    await using store = await computed(":memory:", {});
    expect(await store.delete(Recording, "TRUE")).not.toHaveProperty("downstream");
    const { code, message } = await refusalOf(store.delete(Recording, "TRUE", { cascade: true }));
    expect(code).toBe("project-required");
    expect(message).toContain("openStore(path, { project })");
  });

  it("names no feature below where nothing was made from the samples", async () => {
    await using store = await computed();
    expect(await store.delete(Words, "chunk = 1")).toMatchObject({ samples: 2, downstream: [] });
    expect(await store.delete(Recording, "recording_id = 'nobody'")).toMatchObject({ downstream: [] });
    await using increment = await store.resolve(Chunk);
    expect(await store.delete(Chunk, increment.orphaned)).toMatchObject({ samples: 0, downstream: [] });
  });
});

describe("a cascading delete", () => {
  const kinds: readonly [string, DeleteOptions][] = [
    ["soft", { cascade: true }],
    ["hard", { cascade: true, hard: true }],
    ["hard, of all versions", { cascade: true, hard: true, history: true }],
  ];
  it.each(kinds)(
    "%s: deletes all that was made from the samples, and what is made anew is right",
    async (_, options) => {
      await using store = await computed();
      const expected = [below("chunk", 2), below("chunk/words", 2), below("clean", 1), below("voice", 1)];
      const planned = await store.delete(Recording, untyped({ recording_id: "a" }), {
        ...options,
        dryRun: true,
      });
      expect(planned).toMatchObject({ samples: 1, downstream: expected });
      expect(await idsOf(store, Words)).toBe("a-1 a-2 b-1 b-2");

      const deleted = await store.delete(Recording, untyped({ recording_id: "a" }), options);
      expect(deleted).toEqual(planned);
      expect(await idsOf(store, Recording)).toBe("b c");
      expect(await idsOf(store, Clean)).toBe("b c");
      expect(await idsOf(store, Chunk)).toBe("b-1 b-2");
      expect(await idsOf(store, Voice)).toBe("cem");
      expect(await idsOf(store, Words)).toBe("b-1 b-2");
      for (const feature of [Clean, Chunk, Voice, Words]) {
        await using increment = await store.resolve(feature);
        await using full = await store.resolve(feature, { fullRefresh: true });
        // The other recording of the speaker is a group again.
        expect(increment.counts).toEqual({ new: feature === Voice ? 1 : 0, stale: 0, orphaned: 0 });
        expect(full.counts).toEqual(increment.counts);
      }
    },
  );

  it("deletes parents that are marked as empty", async () => {
    await using store = await computed();
    const { downstream } = await store.delete(Recording, "speaker = 'cem'", { cascade: true });
    expect(downstream).toEqual([below("chunk", 0, 1), below("clean", 1), below("voice", 1)]);
    await store.write(Recording, untyped([{ recording_id: "c", speaker: "cem", ...provenance }]));
    await using increment = await store.resolve(Chunk);
    expect(increment.counts).toMatchObject({ new: 1 });
  });

  it("starts at any feature, and from a set of an increment", async () => {
    await using store = await computed();
    const fromChunk = await store.delete(Chunk, untyped([{ recording_id: "b", chunk: 1 }]), {
      cascade: true,
    });
    expect(fromChunk).toMatchObject({ samples: 1, downstream: [below("chunk/words", 1)] });
    await store.delete(Recording, untyped({ recording_id: "a" }));
    await using increment = await store.resolve(Chunk);
    const fromSet = await store.delete(Chunk, increment.orphaned, { cascade: true });
    expect(fromSet).toMatchObject({ samples: 2, downstream: [below("chunk/words", 2)] });
    expect(await idsOf(store, Words)).toBe("b-2");
  });

  it("leaves nothing of a sample in the file, hard and with history", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      await store.write(Recording, untyped([{ recording_id: "a", speaker: "eve", ...provenance }]));
      await store.delete(Recording, untyped({ recording_id: "a" }), {
        cascade: true,
        hard: true,
        history: true,
      });
    }
    const left = (table: string) =>
      queryFile(path, `SELECT * FROM ${table} WHERE ${table === "clean" ? "uid" : "recording_id"} = 'a'`);
    for (const table of ["recording", "clean", "chunk", "chunk__words"])
      expect(await left(table)).toEqual([]);
    // Both of its speakers: it was part of one group, and could be part of the other.
    expect(await queryFile(path, "SELECT speaker FROM voice")).toEqual([{ speaker: "cem" }]);
  });

  it("removes recorded errors of hard-deleted samples, and of work items below that never succeeded", async () => {
    await using store = await computed();
    await store.write(Recording, untyped([{ recording_id: "d", speaker: "dee", ...provenance }]));
    const failed = (id: object) => ({ id, provenance: "p", message: "no audio" });
    await store.errors(Chunk).record(untyped(["a", "d"].map((recording_id) => failed({ recording_id }))));
    await store.errors(Voice).record(untyped([failed({ speaker: "dee" })]));
    await store.delete(Recording, untyped({ recording_id: "d" }), {
      cascade: true,
      dryRun: true,
      hard: true,
    });
    await store.delete(Recording, untyped({ recording_id: "a" }), { cascade: true });
    expect(await store.errors(Chunk).count()).toBe(2);
    await store.delete(Recording, "recording_id = 'd'", { cascade: true, hard: true });
    expect((await store.errors(Chunk).toArray()).map(({ id }) => id)).toEqual([{ recording_id: "a" }]);
    expect(await store.errors(Voice).count()).toBe(0);
    await store.delete(Chunk, "recording_id = 'a'", { hard: true });
    expect(await store.errors(Chunk).count()).toBe(0);
  });

  it("finds what was made from samples that were deleted softly before, if it is hard", async () => {
    await using store = await computed();
    await store.delete(Recording, untyped({ recording_id: "a" }));
    expect(await store.delete(Recording, untyped({ recording_id: "a" }), { cascade: true })).toMatchObject({
      samples: 0,
      downstream: [],
    });
    const hard = await store.delete(Recording, untyped({ recording_id: "a" }), { cascade: true, hard: true });
    expect(hard.downstream).toContainEqual(below("chunk/words", 2));
    expect(await idsOf(store, Words)).toBe("b-1 b-2");
  });

  it("is all or nothing: a table below that can't be deleted from stops it", async () => {
    const path = await freshPath();
    {
      await using store = await computed(path);
      await store.close();
    }
    await queryFile(path, "ALTER TABLE chunk__words RENAME chunk TO piece");
    await using store = await openStore(path, { project });
    const { code } = await refusalOf(store.delete(Recording, "TRUE", { cascade: true }));
    expect(code).toBe("table-shape");
    expect(await idsOf(store, Recording)).toBe("a b c");
    // Without cascade, it is none of the delete's business.
    const { samples, downstream } = await store.delete(Recording, "recording_id = 'a'");
    expect(samples).toBe(1);
    expect(downstream?.map(({ feature }) => feature)).toEqual(["chunk", "clean", "voice"]);
  });

  it("works in a transaction", async () => {
    await using store = await computed();
    await store.transaction(async (transaction) => {
      await transaction.delete(Recording, untyped({ recording_id: "a" }), { cascade: true });
      await transaction.delete(Recording, untyped({ recording_id: "b" }), { cascade: true });
    });
    expect(await idsOf(store, Words)).toBe("");
  });
});
