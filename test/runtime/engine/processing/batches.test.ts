import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, ProcessOptions, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;
type Run = (items: readonly Row[], context: { readonly attempt: number }) => unknown;

const uuid: object = { type: "string", format: "uuid" };
const time: object = { type: "string", format: "date-time" };
const features = loadProject(
  [
    buildSpec("note", { columns: { id: text }, ids: ["id"] }),
    buildSpec("copy", { columns: { id: text }, ids: ["id"], deps: ["note"] }),
    buildSpec("chunk", {
      columns: { id: text, chunk: text, size: { type: "integer", minimum: 0 } },
      ids: ["chunk"],
      deps: [{ feature: "note", lineage: { type: "expansion", on: ["id"] } }],
    }),
    buildSpec("event", { columns: { key: uuid, at: time, place: integer }, ids: ["key", "at", "place"] }),
    buildSpec("seen", {
      columns: { key: uuid, at: time, place: integer },
      ids: ["key", "at", "place"],
      deps: ["event"],
    }),
  ],
  { hashLength: 64 },
) as Record<"note" | "copy" | "chunk" | "event" | "seen", AnyFeature>;
const { note: Note, copy: Copy, chunk: Chunk, event: Event, seen: Seen } = features;

async function notes(count: number): Promise<Store> {
  const store = await openStore(":memory:");
  const rows = Array.from({ length: count }, (_, n) => ({
    id: String(n).padStart(3, "0"),
    metaxy_provenance_by_field: { default: "1" },
  }));
  await store.write(Note, untyped(rows));
  return store;
}

const inBatches = (batch: number, run: Run) => untyped({ batch, run });
const copyOf = ({ id }: Row) => ({ id });
const idsOf = (items: readonly Row[]) => items.map(({ id }) => String(id));
const open = async (store: Store, feature: AnyFeature) => {
  await using increment = await store.resolve(feature);
  return increment.counts.new;
};

describe("process in batches", () => {
  it.each([
    ["fewer than there are", 4, 10, [4, 4, 2]],
    ["one at a time", 1, 3, [1, 1, 1]],
    ["more than there are", 64, 3, [3]],
  ])("hands over %s", async (_, batch, count, sizes) => {
    await using store = await notes(count);
    const calls: number[] = [];
    const totals = await store.process(
      Copy,
      inBatches(batch, (items) => {
        calls.push(items.length);
        return items.map(copyOf);
      }),
    );
    expect([calls, totals.written, totals.failed]).toEqual([sizes, count, []]);
  });

  it("hands nothing over if there is nothing to do", async () => {
    await using store = await notes(0);
    const run = vi.fn();
    expect(await store.process(Copy, inBatches(4, run))).toMatchObject({ written: 0 });
    expect(run).not.toHaveBeenCalled();
  });

  it("matches outputs in another order, and skips what has none", async () => {
    await using store = await notes(10);
    const run: Run = (items) => items.map(copyOf).reverse().slice(1);
    expect(await store.process(Copy, inBatches(5, run))).toMatchObject({
      written: 8,
      skipped: 2,
      failed: [],
    });
    expect(await open(store, Copy)).toBe(2);
  });

  it("marks a parent without outputs as empty, and keeps children of a parent together", async () => {
    await using store = await notes(6);
    const run: Run = (items) =>
      [0, 1].flatMap((n) => items.slice(1).map(({ id }) => ({ id, chunk: `${id}-${n}`, size: 1 })));
    const totals = await store.process(Chunk, inBatches(3, run));
    expect(totals).toMatchObject({ written: 4, rows: 8, empty: 2, failed: [] });
    expect(await open(store, Chunk)).toBe(0);
  });

  it("matches UUIDs and times by their value", async () => {
    await using store = await openStore(":memory:");
    const key = "6f2a1c9e-0000-4000-8000-00000000000a";
    const rows = [0, 1, 2].map((place) => ({
      key,
      at: `2024-01-0${place + 1}T00:00:00Z`,
      place,
      metaxy_provenance_by_field: { default: "1" },
    }));
    await store.write(Event, untyped(rows));
    const calls: number[] = [];
    const run: Run = (items) => {
      calls.push(items.length);
      return items.map(({ at, place }) => ({ key, at: new Date(String(at)), place: BigInt(Number(place)) }));
    };
    expect(await store.process(Seen, inBatches(3, run))).toMatchObject({ written: 3, failed: [] });
    expect(calls).toEqual([3]);
    // A spelling that only the database knows: smaller calls find out.
    await using other = await openStore(":memory:");
    await other.write(Event, untyped(rows));
    const shout: Run = (items) => items.map((item) => ({ ...item, key: key.toUpperCase() }));
    expect(await other.process(Seen, inBatches(3, shout))).toMatchObject({ written: 3, failed: [] });
  });

  it("runs several batches at the same time, also if there are fewer than that", async () => {
    await using store = await notes(12);
    let now = 0;
    let most = 0;
    const run: Run = async (items) => {
      most = Math.max(most, ++now);
      await sleep(5);
      now -= 1;
      return items.map(copyOf);
    };
    expect(await store.process(Copy, inBatches(4, run), { concurrency: 50 })).toMatchObject({ written: 12 });
    expect(most).toBe(3);
  });

  it("writes under the right provenance, whatever the worker does to its items", async () => {
    await using store = await notes(4);
    const run: Run = (items) => {
      const outputs = items.map(copyOf);
      for (const item of items as Record<string, unknown>[]) {
        for (const name of Object.keys(item)) item[name] = "changed";
      }
      (items as unknown[]).splice(0);
      return outputs;
    };
    expect(await store.process(Copy, inBatches(2, run))).toMatchObject({ written: 4, failed: [] });
    expect(await open(store, Copy)).toBe(0);
    const empty: Run = (items) => {
      for (const item of items as Record<string, unknown>[]) delete item["metaxy_provenance_by_field"];
      return [];
    };
    expect(await store.process(Chunk, inBatches(2, empty))).toMatchObject({ empty: 4 });
    expect(await open(store, Chunk)).toBe(0);
  });
});

describe("a batch that fails", () => {
  it("is halved down to the work item at fault: one of 64 fails alone", async () => {
    await using store = await notes(64);
    const run: Run = (items) => {
      if (idsOf(items).includes("041")) throw new TypeError("no audio");
      return items.map(copyOf);
    };
    const { written, failed } = await store.process(Copy, inBatches(64, run));
    expect(written).toBe(63);
    expect(failed).toEqual([
      { id: { id: "041" }, error: { type: "TypeError", message: "no audio" }, attempts: 7 },
    ]);
    expect(JSON.parse(JSON.stringify(failed))).toEqual(failed);
    expect(failed[0]?.error.cause).toBeInstanceOf(TypeError);
  });

  it("finishes with a worker that runs out of memory above 17 items", async () => {
    await using store = await notes(200);
    const run: Run = async (items) => {
      if (items.length > 17) throw new Error("out of memory");
      return items.map(copyOf);
    };
    expect(await store.process(Copy, inBatches(64, run), { concurrency: 2 })).toMatchObject({
      written: 200,
      failed: [],
    });
  });

  const throwing: readonly [what: string, run: Run, message: string][] = [
    [
      "a sync throw",
      () => {
        throw new Error("at once");
      },
      "at once",
    ],
    ["a rejection with a text", () => Promise.reject("a text"), "a text"],
    ["a rejection with null", () => Promise.reject(null), "null"],
    ["a rejection with an object", () => Promise.reject({ toString: () => "odd" }), "odd"],
    ["a result that is no list", () => ({ id: "000" }), "run returned object for"],
    ["null among the outputs", (items) => [...items.map(copyOf), null], "returned null among its outputs"],
    ["a list among the outputs", () => [["000"]], "returned a list among its outputs"],
  ];
  it.each(throwing)("ends with %s in the error of each item", async (_, run, message) => {
    await using store = await notes(3);
    const { failed } = await store.process(Copy, inBatches(2, run));
    expect(failed.map(({ error }) => error.message)).toEqual(
      Array.from({ length: 3 }, () => expect.stringContaining(message)),
    );
  });

  it.each([null, undefined, []])("skips all if a worker returns %s", async (returned) => {
    await using store = await notes(3);
    expect(
      await store.process(
        Copy,
        inBatches(2, () => returned),
      ),
    ).toMatchObject({ skipped: 3, failed: [] });
  });

  it("finds the work item that was answered with another one", async () => {
    await using store = await notes(8);
    const run: Run = (items) => items.map(({ id }) => ({ id: id === "005" ? "elsewhere" : id }));
    const { written, failed } = await store.process(Copy, inBatches(8, run));
    expect([written, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      7,
      [[{ id: "005" }, "not-in-increment"]],
    ]);
    const children: Run = (items) =>
      items.map(({ id }) => ({ id: id === "005" ? "elsewhere" : id, chunk: `${id}`, size: 1 }));
    const chunked = await store.process(Chunk, inBatches(8, children));
    expect([chunked.written, chunked.failed.map(({ id }) => id)]).toEqual([7, [{ id: "005" }]]);
  });

  it("fails an item with two rows where it has one, and the one whose row lacks the id", async () => {
    await using store = await notes(4);
    const run: Run = (items) =>
      items.flatMap(({ id }) => (id === "001" ? [{ id }, { id }] : id === "002" ? [{}] : [{ id }]));
    const { written, failed } = await store.process(Copy, inBatches(4, run));
    expect([written, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      2,
      [
        [{ id: "001" }, "duplicate-id"],
        [{ id: "002" }, "missing-column"],
      ],
    ]);
  });

  it("fails one of two parents whose children have the same id", async () => {
    await using store = await notes(4);
    const run: Run = (items) =>
      items.map(({ id }) => ({ id, chunk: id === "003" ? "c001" : `c${id}`, size: 1 }));
    const { written, failed } = await store.process(Chunk, inBatches(4, run));
    expect([written, failed.map(({ id, error }) => [id, error.code])]).toEqual([
      3,
      [[{ id: "003" }, "id-of-other-parent"]],
    ]);
  });

  it("is tried again before it is halved", async () => {
    await using store = await notes(4);
    const calls: unknown[] = [];
    const run: Run = (items, { attempt }) => {
      calls.push([items.length, attempt]);
      if (items.length === 4 || (items.length === 1 && attempt < 7)) throw new Error("busy");
      if (items.length === 2 && idsOf(items).includes("000")) throw new Error("busy");
      return items.map(copyOf);
    };
    const options = { retries: 2, retryDelay: 0 };
    expect(await store.process(Copy, inBatches(4, run), options)).toMatchObject({ written: 4, failed: [] });
    expect(calls).toEqual([
      ...[
        [4, 1],
        [4, 2],
        [4, 3],
        [2, 4],
      ],
      ...[
        [1, 5],
        [1, 6],
        [1, 7],
        [1, 5],
        [1, 6],
        [1, 7],
      ],
      [2, 4],
    ]);
  });
});

describe("a worker that does not come back", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is left behind five seconds after the work was stopped; what others answered is written", async () => {
    await using store = await notes(6);
    const controller = new AbortController();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    let stuck = 0;
    const run: Run = (items) => {
      if (!idsOf(items).includes("002")) return items.map(copyOf);
      stuck += 1;
      controller.abort(new Error("enough"));
      return new Promise(() => undefined);
    };
    const work = refusalOf(store.process(Copy, inBatches(2, run), { signal: controller.signal }));
    await vi.waitFor(() => expect(stuck).toBe(1));
    await vi.advanceTimersByTimeAsync(4_900);
    await vi.advanceTimersByTimeAsync(200);
    expect(await work).toMatchObject({ code: "cancelled" });
    expect(await open(store, Copy)).toBe(4);
  });

  it("does not wait for the next attempt once the work was stopped", async () => {
    await using store = await notes(1);
    const controller = new AbortController();
    const run: Run = () => {
      setImmediate(() => controller.abort());
      throw new Error("busy");
    };
    const options = { retries: 3, retryDelay: 3600, signal: controller.signal };
    await expect(store.process(Copy, inBatches(1, run), options)).rejects.toMatchObject({
      code: "cancelled",
    });
  });
});

describe("options that are none", () => {
  const options: readonly [options: object, message: string][] = [
    [{ concurrency: Number.NaN }, "concurrency is an integer of at least 1, not NaN"],
    [{ batchSize: Number.NaN }, "batchSize is an integer of at least 1, not NaN"],
    [{ retries: Number.NaN }, "retries is an integer of at least 0, not NaN"],
    [{ retryDelay: Number.NaN }, "retryDelay is a number from 0 to 86400, not NaN"],
    [{ maxFailures: Number.NaN }, "maxFailures is an integer of at least 0, not NaN"],
    [{ atMost: { items: Number.NaN } }, "atMost.items is an integer of at least 0, not NaN"],
    [{ atMost: { share: 5 } }, "atMost.share is a number from 0 to 1, not 5"],
    [{ atMost: { item: 5 } }, "atMost has no option"],
    [{ atMost: 5 }, "atMost is an object"],
    [{ onProgress: "line" }, 'onProgress is a function or "bar"'],
    [{ excludeFailed: true }, "retryFailed is its opposite"],
    [{ acknowledged: "nowhere.json" }, "nowhere.json, which can't be read"],
    [{ acknowledged: [5] }, "acknowledged is a list of feature versions"],
  ];
  it.each(options)("refuses %j", async (given, message) => {
    await using store = await notes(1);
    const work = inBatches(1, (items) => items.map(copyOf));
    await expect(store.process(Copy, work, given as ProcessOptions<AnyFeature>)).rejects.toThrow(message);
  });

  it.each([
    [{ batch: 0, run: () => [] }, "batch is an integer of at least 1, not 0"],
    [{ batch: Number.NaN, run: () => [] }, "batch is an integer of at least 1, not NaN"],
    [{ batch: 5 }, "The worker of process is a function, or an object with batch and run"],
    [null, "The worker of process is a function"],
    [{ batch: 5, run: () => [], retries: 2 }, "A worker of batches has no option"],
  ])("refuses the worker %j", async (worker, message) => {
    await using store = await notes(1);
    await expect(store.process(Copy, untyped(worker))).rejects.toThrow(message);
  });
});
