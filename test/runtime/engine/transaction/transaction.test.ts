import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = [
  buildSpec("video", { columns: { video_id: text, seconds: integer }, ids: ["video_id"] }),
  buildSpec("video/chunk", {
    columns: { video_id: text, chunk: integer },
    ids: ["video_id", "chunk"],
    deps: [{ feature: "video", select: [], lineage: { type: "expansion", on: ["video_id"] } }],
  }),
];
type Features = Record<"video" | "video/chunk", AnyFeature>;
const { video: Video, "video/chunk": Chunk } = loadProject(specs, { hashLength: 64 }) as Features;
const other = loadProject(specs, { hashLength: 8 }) as Features;

const provenance = (version = "1") => ({ metaxy_provenance_by_field: { default: version } });
const video = (video_id: string, seconds = 1) => ({ video_id, seconds, ...provenance() });
const chunk = (video_id: string, number: number) => ({ video_id, chunk: number, ...provenance() });
const idsOf = async (store: Store, feature: AnyFeature) =>
  ((await store.read(feature).toArray()) as unknown as Record<string, unknown>[]).map((row) =>
    feature.spec.idColumns.map((column) => row[column]).join("-"),
  );

describe("a transaction", () => {
  it("keeps writes and deletes of several features together, and returns what its callback returns", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Video, untyped([video("a"), video("b")]));
      const rows = await store.transaction(async (transaction) => {
        const { samples } = await transaction.delete(Video, untyped([{ video_id: "a" }]));
        await transaction.write(Video, untyped([video("c")]));
        await transaction.write(Chunk, untyped([chunk("c", 1), chunk("c", 2)]));
        return samples;
      });
      expect(rows).toBe(1);
    }
    await using again = await openStore(path);
    expect(await idsOf(again, Video)).toEqual(["b", "c"]);
    expect(await idsOf(again, Chunk)).toEqual(["c-1", "c-2"]);
  });

  it("deletes hard, and frees the space after its end", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Video, untyped([video("a"), video("b")]));
      await store.transaction(async (transaction) => {
        await transaction.delete(Video, untyped({ video_id: "a" }), { hard: true });
        await transaction.write(Video, untyped([video("c")]));
      });
      expect(await idsOf(store, Video)).toEqual(["b", "c"]);
    }
    expect(await queryFile(path, "SELECT video_id FROM video ORDER BY 1")).toEqual([
      { video_id: "b" },
      { video_id: "c" },
    ]);
  });

  it("keeps nothing if the callback throws, not even a table", async () => {
    await using store = await openStore(":memory:");
    const failing = store.transaction(async (transaction) => {
      await transaction.write(Video, untyped([video("a")]));
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await store.drop(Video, { dryRun: true })).toMatchObject({ existed: false });
    await store.write(Video, untyped([video("b")]));
    expect(await idsOf(store, Video)).toEqual(["b"]);
  });

  it("keeps nothing if an operation fails, even where the callback swallows the error", async () => {
    await using store = await openStore(":memory:");
    const { code } = await refusalOf(
      store.transaction(async (transaction) => {
        await transaction.write(Video, untyped([video("a")]));
        await transaction.write(Video, untyped([{ video_id: 5 }])).catch(() => undefined);
        await transaction.write(Video, untyped([video("b")])).catch(() => undefined);
      }),
    );
    expect(code).toBe("wrong-type");
    expect(await idsOf(store, Video)).toEqual([]);
  });

  it("runs operations one after the other, also those that the callback starts at the same time", async () => {
    await using store = await openStore(":memory:");
    await store.transaction(async (transaction) => {
      await Promise.all(
        ["a", "b", "c", "d"].map((id) => transaction.write(Video, untyped([video(id), video(`${id}2`)]))),
      );
    });
    expect(await idsOf(store, Video)).toHaveLength(8);
  });

  it("is not seen by reads before its end", async () => {
    await using store = await openStore(":memory:");
    await store.write(Video, untyped([video("a")]));
    const seen = await store.transaction(async (transaction) => {
      await transaction.write(Video, untyped([video("b")]));
      return idsOf(store, Video);
    });
    expect(seen).toEqual(["a"]);
    expect(await idsOf(store, Video)).toEqual(["a", "b"]);
  });

  it("holds other writes back until it ends", async () => {
    await using store = await openStore(":memory:");
    const order: string[] = [];
    const transaction = store.transaction(async (operations) => {
      await operations.write(Video, untyped([video("a", 1)]));
      await setTimeout(50);
      await operations.write(Video, untyped([video("a", 2)]));
      order.push("transaction");
    });
    const write = store.write(Video, untyped([video("a", 3)])).then(() => order.push("write"));
    await Promise.all([transaction, write]);
    expect(order).toEqual(["transaction", "write"]);
    const [row] = await store.read(Video).toArray();
    expect(row).toMatchObject({ seconds: 3 });
  });

  it("refuses writes of the store inside the callback, which would wait for ever", async () => {
    await using store = await openStore(":memory:");
    const inside: (() => Promise<unknown>)[] = [
      () => store.write(Video, untyped([video("a")])),
      () => store.delete(Video, "TRUE"),
      () => store.transaction(async (nested) => nested.write(Video, untyped([video("a")]))),
      () => store.writeAll([{ feature: Video, rows: untyped([video("a")]) }]),
      () => store.process(Chunk, async () => []),
    ];
    await store.write(Video, untyped([video("v")]));
    for (const work of inside) {
      const { code } = await refusalOf(store.transaction(async () => work()));
      expect(code).toBe("nested-transaction");
    }
    expect(await idsOf(store, Video)).toEqual(["v"]);
  });

  it("refuses operations after its end", async () => {
    await using store = await openStore(":memory:");
    const leaked = await store.transaction(async (transaction) => {
      await transaction.write(Video, untyped([video("a")]));
      return transaction;
    });
    const { code } = await refusalOf(leaked.write(Video, untyped([video("b")])));
    expect(code).toBe("transaction-ended");
  });

  it("refuses sets of an increment, features of another project, unknown options and a store that is read-only", async () => {
    const path = await freshPath();
    {
      await using store = await openStore(path);
      await store.write(Video, untyped([video("a")]));
      await using increment = await store.resolve(Video, { samples: [] });
      const refused = (work: Promise<unknown>) => refusalOf(work).then(({ code }) => code);
      expect(await refused(store.transaction((t) => t.delete(Video, untyped(increment.orphaned))))).toBe(
        "unusable-set",
      );
      expect(
        await refused(
          store.transaction(async (t) => {
            await t.delete(Video, "TRUE");
            await t.delete(other.video, "TRUE");
          }),
        ),
      ).toBe("contract-mismatch");
      expect(await refused(store.transaction(async () => 1, untyped({ sginal: 1 })))).toBe("unknown-option");
    }
    await using readOnly = await openStore(path, { readOnly: true });
    expect((await refusalOf(readOnly.transaction(async () => 1))).code).toBe("read-only");
  });

  it("stops at a signal, between operations and during one, and keeps nothing", async () => {
    await using store = await openStore(":memory:");
    const between = new AbortController();
    const first = await refusalOf(
      store.transaction(
        async (transaction) => {
          await transaction.write(Video, untyped([video("a")]));
          between.abort();
        },
        { signal: between.signal },
      ),
    );
    expect(first.code).toBe("cancelled");
    const during = new AbortController();
    const many = Array.from({ length: 200_000 }, (_, index) => video(`v${index}`));
    const second = await refusalOf(
      store.transaction(
        async (transaction) => {
          const writing = transaction.write(Video, untyped(many));
          void setTimeout(150).then(() => during.abort());
          await writing;
        },
        { signal: during.signal },
      ),
    );
    expect(second.code).toBe("cancelled");
    expect(await idsOf(store, Video)).toEqual([]);
    await store.write(Video, untyped([video("after")]));
    expect(await idsOf(store, Video)).toEqual(["after"]);
  });

  it("does nothing without an operation", async () => {
    await using store = await openStore(":memory:");
    expect(await store.transaction(async () => 7)).toBe(7);
    await expect(store.transaction(async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });

  it("leaves increments right that were open, and those that are resolved next", async () => {
    await using store = await openStore(":memory:");
    await store.write(Video, untyped([video("a"), video("b")]));
    await store.process(Chunk, async (item) => untyped([{ ...(item as object), chunk: 1 }]));
    await store.transaction(async (transaction) => {
      await transaction.delete(Video, untyped({ video_id: "a" }));
      await transaction.write(Video, untyped([video("c")]));
    });
    await using increment = await store.resolve(Chunk);
    await using full = await store.resolve(Chunk, { fullRefresh: true });
    expect(increment.counts).toEqual({ new: 1, stale: 0, orphaned: 1 });
    expect(full.counts).toEqual(increment.counts);
  });
});

describe("writeAll", () => {
  it("writes several features upstream first, all or none", async () => {
    await using store = await openStore(":memory:");
    const written = await store.writeAll(
      untyped([
        { feature: Chunk, rows: [chunk("a", 1)] },
        { feature: Video, rows: [video("a"), video("b")] },
      ]),
      { materializationId: "run" },
    );
    expect(written).toEqual([
      { feature: "video", rows: 2, superseded: 0 },
      { feature: "video/chunk", rows: 1, superseded: 0 },
    ]);
    const [row] = await store.read(Chunk).toArray();
    expect(row).toMatchObject({ metaxy_materialization_id: "run" });

    const { code } = await refusalOf(
      store.writeAll(
        untyped([
          { feature: Video, rows: [video("c")] },
          { feature: Chunk, rows: [{ video_id: "c" }] },
        ]),
      ),
    );
    expect(code).toBe("null-id");
    expect(await idsOf(store, Video)).toEqual(["a", "b"]);
  });

  it("takes queries and async iterables, and lets other writes go on while it stages them", async () => {
    await using store = await openStore(":memory:");
    let released = () => {};
    const release = new Promise<void>((resolve) => {
      released = resolve;
    });
    async function* slow() {
      yield chunk("a", 1);
      await release;
      yield chunk("a", 2);
    }
    const writing = store.writeAll(
      untyped([
        {
          feature: Video,
          rows: {
            sql: "SELECT 'a' AS video_id, 1 AS seconds, {'default': 'x'} AS metaxy_provenance_by_field",
          },
        },
        { feature: Chunk, rows: slow() },
      ]),
    );
    await store.write(Video, untyped([video("first")]));
    released();
    await writing;
    expect(await idsOf(store, Video)).toEqual(["a", "first"]);
    expect(await idsOf(store, Chunk)).toEqual(["a-1", "a-2"]);
  });

  it("refuses a feature that is listed twice, features of two projects, and unknown options", async () => {
    await using store = await openStore(":memory:");
    const entry = (feature: AnyFeature, id: string) => ({ feature, rows: [video(id)] });
    const refused = async (entries: unknown, options?: unknown) =>
      (await refusalOf(store.writeAll(untyped(entries), untyped(options)))).code;
    expect(await refused([entry(Video, "a"), entry(Video, "b")])).toBe("duplicate-feature");
    expect(await refused([entry(Video, "a"), { ...entry(other["video/chunk"], "b") }])).toBe(
      "contract-mismatch",
    );
    expect(await refused([entry(Video, "a")], { materialisationId: "x" })).toBe("unknown-option");
    expect(await store.writeAll([])).toEqual([]);
    expect(await store.drop(Video, { dryRun: true })).toMatchObject({ existed: false });
  });
});
