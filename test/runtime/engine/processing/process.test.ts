import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, ProcessProgress, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

const features = loadProject(
  [
    buildSpec("note", { columns: { id: text }, ids: ["id"] }),
    buildSpec("copy", { columns: { id: text }, ids: ["id"], deps: ["note"] }),
    buildSpec("audio", { columns: { id: text, speaker: text, seconds: integer }, ids: ["id"] }),
    buildSpec("speaker", {
      columns: { speaker: text, seconds: integer },
      ids: ["speaker"],
      deps: [{ feature: "audio", lineage: { type: "aggregation", on: ["speaker"] } }],
    }),
    buildSpec("chunk", {
      columns: { id: text, chunk: text, size: { type: "integer", minimum: 0 } },
      ids: ["chunk"],
      deps: [{ feature: "note", lineage: { type: "expansion", on: ["id"] } }],
    }),
  ],
  { hashLength: 64 },
) as Record<"note" | "copy" | "audio" | "speaker" | "chunk", AnyFeature>;
const { note: Note, copy: Copy, audio: Audio, speaker: Speaker, chunk: Chunk } = features;

const ids = (count: number) => Array.from({ length: count }, (_, n) => String(n).padStart(5, "0"));

async function notes(count: number, version = "1", path = ":memory:"): Promise<Store> {
  const store = await openStore(path);
  await writeNotes(store, ids(count), version);
  return store;
}

async function writeNotes(store: Store, names: readonly string[], version: string): Promise<void> {
  const rows = names.map((id) => ({ id, metaxy_provenance_by_field: { default: version } }));
  await store.write(Note, untyped(rows));
}

const stored = async (store: Store, feature: AnyFeature, ...columns: string[]) =>
  store
    .read(feature)
    .select(...(columns as never[]))
    .toArray();

const open = async (store: Store, feature: AnyFeature) => {
  await using increment = await store.resolve(feature);
  return increment.counts;
};

/** Hands rows to an untyped worker. */
const rowWorker = (work: (row: Row) => unknown) => untyped(work);

describe("process", () => {
  it("computes new and stale samples, and tells which fields changed", async () => {
    await using store = await notes(3);
    const seen: Row[] = [];
    const work = rowWorker((row) => {
      seen.push(row);
      return { id: row["id"] };
    });
    expect(await store.process(Copy, work)).toEqual({
      written: 3,
      rows: 3,
      superseded: 0,
      empty: 0,
      skipped: 0,
      failed: [],
    });
    await writeNotes(store, ["00001"], "2");
    await writeNotes(store, ["new"], "1");
    expect(await store.process(Copy, work, { materializationId: "run 2" })).toMatchObject({ written: 2 });
    expect(seen.map((row) => [row["id"], row["metaxy_changed_fields"]])).toEqual([
      ["00000", undefined],
      ["00001", undefined],
      ["00002", undefined],
      ["new", undefined],
      ["00001", ["default"]],
    ]);
    expect(await stored(store, Copy, "id", "metaxy_materialization_id")).toContainEqual({
      id: "new",
      metaxy_materialization_id: "run 2",
    });
    expect(await open(store, Copy)).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });

  it("hands over a group with its rows", async () => {
    await using store = await openStore(":memory:");
    const audio = ["a", "b", "b", "c"].map((speaker, n) => ({
      id: `${n}`,
      speaker,
      seconds: n,
      metaxy_provenance_by_field: { default: `${n}` },
    }));
    await store.write(Audio, untyped(audio));
    const sum = ({ id, rows }: { id: Row; rows: Row[] }) => ({
      ...id,
      seconds: rows.reduce((total, { seconds }) => total + Number(seconds), 0),
    });
    expect(await store.process(Speaker, untyped(sum))).toMatchObject({ written: 3, rows: 3 });
    expect(await stored(store, Speaker, "speaker", "seconds")).toEqual([
      { speaker: "a", seconds: 0 },
      { speaker: "b", seconds: 3 },
      { speaker: "c", seconds: 3 },
    ]);
  });

  it("writes the children of a parent together, and marks one without as empty", async () => {
    await using store = await notes(5);
    const sizes: number[] = [];
    const progress: ProcessProgress[] = [];
    const cut = rowWorker(({ id }) =>
      id === "00002" ? [] : [0, 1, 2].map((n) => ({ id, chunk: `${id}-${n}`, size: n })),
    );
    const onProgress = (now: ProcessProgress) => {
      sizes.push(now.rows - (progress.at(-1)?.rows ?? 0));
      progress.push(now);
    };
    const totals = await store.process(Chunk, cut, { batchSize: 4, onProgress });
    expect(totals).toMatchObject({ written: 4, rows: 12, empty: 1, failed: [] });
    expect(sizes).toEqual([6, 3, 3]);
    expect(progress.at(-1)).toMatchObject({ total: 5, done: 5, failed: 0, rows: 12 });
    expect(await open(store, Chunk)).toEqual({ new: 0, stale: 0, orphaned: 0 });

    await writeNotes(store, ["00000"], "2");
    const fewer = rowWorker(({ id }) => ({ id, chunk: `${id}-0`, size: 0 }));
    expect(await store.process(Chunk, fewer)).toMatchObject({ written: 1, rows: 1, superseded: 2 });
  });

  it("computes the samples of a root", async () => {
    await using store = await openStore(":memory:");
    const samples = ids(2).map((id) => ({ id, metaxy_provenance_by_field: { default: "1" } }));
    const work = rowWorker(({ id }) => ({ id }));
    expect(await store.process(Note, work, { samples: untyped(samples) })).toMatchObject({ written: 2 });
  });

  it("leaves a sample without an answer as it was", async () => {
    await using store = await notes(3);
    const work = rowWorker(({ id }) => (id === "00001" ? null : { id }));
    expect(await store.process(Copy, work)).toMatchObject({ written: 2, skipped: 1 });
    expect(await open(store, Copy)).toEqual({ new: 1, stale: 0, orphaned: 0 });
  });
});

describe("what fails in process", () => {
  it("is listed, and the others go on", async () => {
    await using store = await notes(50);
    const work = rowWorker(async ({ id }) => {
      if (id === "00003") throw new Error("no disk");
      if (id === "00004") return Promise.reject("a text");
      if (id === "00005") return { id: "00006" };
      return { id };
    });
    const { written, failed } = await store.process(Copy, work, { concurrency: 4 });
    expect(written).toBe(47);
    expect(failed.map(({ id, error }) => [id, error.message])).toEqual([
      [{ id: "00003" }, "no disk"],
      [{ id: "00004" }, "a text"],
      [{ id: "00005" }, expect.stringContaining("asked for id = 00005 of copy and returned a row for 00006")],
    ]);
    expect(await open(store, Copy)).toEqual({ new: 3, stale: 0, orphaned: 0 });
  });

  it("is found in a batch whose rows can't be written", async () => {
    await using store = await notes(40);
    const wrong: Record<string, unknown> = { "00007": -1, "00031": "large", "00039": undefined };
    const work = rowWorker(({ id }) => [
      { id, chunk: `${id}-0`, size: 1 },
      { id, chunk: `${id}-1`, size: String(id) in wrong ? wrong[String(id)] : 1 },
    ]);
    const { written, rows, failed } = await store.process(Chunk, work);
    expect({ written, rows }).toEqual({ written: 37, rows: 74 });
    expect(failed.map(({ id, error }) => [id, error.code])).toEqual([
      [{ id: "00007" }, "constraint-violated"],
      [{ id: "00031" }, "wrong-type"],
      [{ id: "00039" }, "missing-column"],
    ]);
  });

  it("is tried again as often as wanted", async () => {
    await using store = await notes(2);
    const attempts: unknown[] = [];
    const work = (row: Row, { attempt }: { attempt: number }) => {
      attempts.push([row["id"], attempt]);
      if (row["id"] === "00000" ? attempt < 3 : attempt < 4) throw new Error("not yet");
      return { id: row["id"] };
    };
    const { written, failed } = await store.process(Copy, untyped(work), { retries: 2 });
    expect(attempts).toHaveLength(6);
    expect({ written, failed }).toMatchObject({ written: 1, failed: [{ id: { id: "00001" } }] });
  });

  it("ends the work where it is the store, or the caller's own callback", async () => {
    await using store = await notes(500);
    const onProgress = () => {
      throw new Error("full");
    };
    let requests = 0;
    const work = rowWorker(async ({ id }) => {
      requests += 1;
      return { id };
    });
    await expect(store.process(Copy, work, { batchSize: 50, concurrency: 3, onProgress })).rejects.toThrow(
      "full",
    );
    expect(requests).toBeLessThan(200);
  });

  it("refuses counts that are none, and options that there are not", async () => {
    await using store = await notes(1);
    const work = rowWorker(({ id }) => ({ id }));
    await expect(store.process(Copy, work, { concurrency: 0 })).rejects.toThrow(
      "concurrency is an integer of at least 1, not 0",
    );
    await expect(store.process(Copy, work, untyped({ concurency: 2 }))).rejects.toMatchObject({
      code: "unknown-option",
    });
  });
});

describe("the pace of process", () => {
  it("works on as many units at once as wanted, and no more", async () => {
    await using store = await notes(40);
    let now = 0;
    let most = 0;
    const work = rowWorker(async ({ id }) => {
      most = Math.max(most, ++now);
      await setTimeout(1);
      now -= 1;
      return { id };
    });
    await store.process(Copy, work, { concurrency: 7 });
    expect(most).toBe(7);
  });

  it("waits for the database, so that at most one batch is filled while another is written", async () => {
    await using store = await notes(5000);
    let answered = 0;
    let ahead = 0;
    const work = rowWorker(({ id }) => {
      answered += 1;
      return { id };
    });
    const onProgress = ({ done }: ProcessProgress) => {
      ahead = Math.max(ahead, answered - done);
    };
    expect(await store.process(Copy, work, { batchSize: 500, concurrency: 4, onProgress })).toMatchObject({
      written: 5000,
    });
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(500 + 4);
  });

  it("writes a batch early that takes much memory", async () => {
    await using store = await notes(40);
    const sizes: number[] = [];
    const onProgress = ({ rows }: ProcessProgress) => sizes.push(rows);
    const name = "x".repeat(2 * 2 ** 20);
    const work = rowWorker(({ id }) => ({ id, chunk: `${id}${name}`, size: 1 }));
    expect(await store.process(Chunk, work, { onProgress })).toMatchObject({ rows: 40 });
    expect(sizes).toEqual([32, 40]);
  });

  it("stops when it is told to: what was answered is written, the rest stays open", async () => {
    await using store = await notes(100);
    const controller = new AbortController();
    const signals = new Set<AbortSignal>();
    let answered = 0;
    const work = async ({ id }: Row, { signal }: { signal: AbortSignal }) => {
      signals.add(signal);
      if (answered === 30) controller.abort(new Error("enough"));
      if (signal.aborted) throw new Error("stopped");
      answered += 1;
      return { id };
    };
    const { signal } = controller;
    await expect(store.process(Copy, untyped(work), { signal, concurrency: 3 })).rejects.toMatchObject({
      code: "cancelled",
      message: expect.stringContaining("30 work items were written before"),
      cause: new Error("enough"),
    });
    expect([...signals].every(({ aborted }) => aborted)).toBe(true);
    expect(await open(store, Copy)).toEqual({ new: 70, stale: 0, orphaned: 0 });
    await expect(store.process(Copy, untyped(work), { signal })).rejects.toMatchObject({ code: "cancelled" });
  });

  it("a process that is killed loses at most the batches in flight", async () => {
    const path = await freshPath();
    await (await notes(5000, "1", path)).close();
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--conditions=stemma-source", "test/support/slow-processor.ts", path],
      { stdio: ["ignore", "pipe", "inherit"], cwd: new URL("../../../..", import.meta.url) },
    );
    let lines: string[] = [];
    for await (const text of child.stdout) {
      lines = [...lines, ...String(text).trim().split("\n")];
      if (lines.length >= 3) break;
    }
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    const reports = lines.map((line) => line.split(" ").map(Number) as [number, number]);
    for (const [done, answered] of reports) expect(answered - done).toBeLessThanOrEqual(2 * 100 + 4);

    await using store = await openStore(path);
    const before = await open(store, Copy);
    expect(before.new).toBeLessThanOrEqual(5000 - (reports.at(-1)?.[0] ?? 0));
    expect(before.new).toBeGreaterThan(0);
    const rest = await store.process(
      Copy,
      rowWorker(({ id }) => ({ id })),
    );
    expect(rest).toMatchObject({ written: before.new, failed: [] });
    expect(await open(store, Copy)).toEqual({ new: 0, stale: 0, orphaned: 0 });
  });
});
