import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { progressBar } from "../../../../runtime/engine/processing/progress-bar.ts";
import type { AnyFeature, ProcessProgress, ProcessTotals, Store } from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

const specs = (codeVersion: string) => [
  buildSpec("note", {
    columns: { id: text },
    ids: ["id"],
    fields: [
      { key: "title", codeVersion: "1" },
      { key: "body", codeVersion: "1" },
    ],
  }),
  buildSpec("copy", {
    columns: { id: text, size: { ...integer, minimum: 0 } },
    ids: ["id"],
    deps: ["note"],
    fields: [
      { key: "head", codeVersion: "1", deps: [{ feature: "note", fields: ["title"] }] },
      { key: "text", codeVersion, deps: [{ feature: "note", fields: ["body"] }] },
    ],
  }),
  buildSpec("chunk", {
    columns: { id: text, chunk: text },
    ids: ["chunk"],
    deps: [{ feature: "note", lineage: { type: "expansion", on: ["id"] } }],
  }),
];
type Features = Record<"note" | "copy" | "chunk", AnyFeature>;
const { note: Note, copy: Copy, chunk: Chunk } = loadProject(specs("1"), { hashLength: 64 }) as Features;
const { copy: Edited } = loadProject(specs("2"), { hashLength: 64 }) as Features;

async function writeNotes(store: Store, from: number, to: number, body = "1"): Promise<void> {
  const rows = Array.from({ length: to - from }, (_, n) => ({
    id: String(from + n).padStart(4, "0"),
    metaxy_provenance_by_field: { title: "1", body },
  }));
  await store.write(Note, untyped(rows));
}

async function notes(count: number): Promise<Store> {
  const store = await openStore(":memory:");
  await writeNotes(store, 0, count);
  return store;
}

const work = untyped(() => ({ size: 1 }));
const open = async (store: Store, feature: AnyFeature) => {
  await using increment = await store.resolve(feature);
  return increment.counts.new;
};

describe("a worker that goes on failing", () => {
  const counted = (throws: (call: number) => string | undefined) => {
    const state = { calls: 0 };
    const run = untyped(({ id }: Row) => {
      const message = throws(++state.calls);
      if (message !== undefined) throw new Error(message);
      return { id, size: 1 };
    });
    return { state, run };
  };

  it("is stopped after 20 work items if it always says the same", async () => {
    await using store = await notes(500);
    const { state, run } = counted(() => "no GPU");
    const refusal = await refusalOf(store.process(Copy, run));
    expect(refusal).toMatchObject({ code: "too-many-failures", cause: new Error("no GPU") });
    expect(refusal.message).toContain(
      "The first 20 work items all failed with the same error, Error: no GPU. 0 work",
    );
    expect((refusal.facts["totals"] as ProcessTotals<AnyFeature>).failed).toHaveLength(20);
    expect(state.calls).toBe(20);
    expect(await store.errors(Copy).count()).toBe(20);
  });

  it("is stopped after the first 20 of a batch, not of all that are halved", async () => {
    await using store = await notes(500);
    let calls = 0;
    const run = () => {
      calls += 1;
      throw new Error("no GPU");
    };
    const refusal = await refusalOf(store.process(Copy, { batch: 64, run }));
    expect(refusal.code).toBe("too-many-failures");
    expect(calls).toBeLessThan(50);
  });

  it("is stopped after 100 in a row, and what was computed before is written", async () => {
    await using store = await notes(500);
    const { state, run } = counted((call) => (call > 50 ? `error ${call}` : undefined));
    const refusal = await refusalOf(store.process(Copy, run));
    expect(refusal.message).toContain(
      "100 work items in a row failed, the last one with Error: error 150. 50 work",
    );
    expect(state.calls).toBe(150);
    expect(await open(store, Copy)).toBe(450);
  });

  it("goes on if some succeed in between", async () => {
    await using store = await notes(300);
    const { run } = counted((call) => (call % 50 === 0 ? undefined : "mostly"));
    // The first 49 have one cause.
    expect((await refusalOf(store.process(Copy, run))).code).toBe("too-many-failures");
    const { run: later } = counted((call) => (call % 50 === 1 ? undefined : "mostly"));
    const totals = await store.process(Copy, later, { retryFailed: true });
    expect([totals.written, totals.failed.length]).toEqual([6, 294]);
  });

  it("is stopped when more failed than maxFailures", async () => {
    await using store = await notes(300);
    const { run } = counted((call) => (call % 2 === 0 ? undefined : "odd"));
    const refusal = await refusalOf(store.process(Copy, run, { maxFailures: 5 }));
    expect(refusal.message).toContain(
      "6 work items failed, more than maxFailures (5); the last one with Error: odd",
    );
    await using other = await notes(300);
    const { run: always } = counted(() => "always");
    const { failed } = await other.process(Copy, always, { maxFailures: Number.POSITIVE_INFINITY });
    expect(failed).toHaveLength(300);
  });

  it("is stopped if its rows are refused, without a search through all of them", async () => {
    await using store = await notes(2000);
    const refusal = await refusalOf(
      store.process(
        Copy,
        untyped(({ id }: Row) => ({ id, size: -1 })),
      ),
    );
    expect(refusal).toMatchObject({ code: "too-many-failures", cause: { code: "constraint-violated" } });
    expect((refusal.facts["totals"] as ProcessTotals<AnyFeature>).failed).toHaveLength(100);
  });

  it("leaves what failed out of later runs, until it is reset or its inputs change", async () => {
    await using store = await notes(4);
    const tried: unknown[] = [];
    const run = (fails: boolean) =>
      untyped(({ id }: Row) => {
        tried.push(id);
        if (fails && id === "0002") throw new RangeError("too long");
        return { id, size: 1 };
      });
    await store.process(Copy, run(true));
    expect(await store.errors(Copy).toArray()).toMatchObject([
      { id: { id: "0002" }, type: "RangeError", message: "too long", attempts: 1, runId: expect.any(String) },
    ]);
    await store.process(Copy, run(false));
    expect(tried).toHaveLength(4);
    await store.process(Copy, run(true), { retryFailed: true });
    expect(await store.errors(Copy).select("attempts").toArray()).toEqual([{ attempts: 2 }]);
    await store.errors(Copy).reset();
    expect(await store.process(Copy, run(false))).toMatchObject({ written: 1 });
    expect(await store.errors(Copy).count()).toBe(0);
  });

  it("may ask again for an id that another parent gave up", async () => {
    await using store = await notes(2);
    const run = untyped(({ id }: Row) => ({ id, chunk: "c" }));
    expect((await store.process(Chunk, run)).failed).toMatchObject([
      { error: { code: "id-of-other-parent" } },
    ]);
    expect(await store.errors(Chunk).count()).toBe(0);
  });
});

describe("atMost", () => {
  it("refuses before the first work item, and names versions, counts and the fields that moved", async () => {
    await using store = await notes(10);
    // The first run has no share.
    expect(await store.process(Copy, work, { atMost: { share: 0.1 } })).toMatchObject({ written: 10 });
    let calls = 0;
    const run = untyped(() => {
      calls += 1;
      return { size: 2 };
    });
    const refusal = await refusalOf(store.process(Edited, run, { atMost: { items: 5, share: 0.5 } }));
    expect(refusal.message).toBe(
      `process would compute 10 of 10 work items of copy (10 new, 0 stale), more than atMost allows (items: 5, share: 0.5). Its feature version is ${Edited.featureVersion}; the one stored before is ${Copy.featureVersion}. Fields that moved: text. Nothing was computed.

  stemma diff --against <commit of the stored version>

shows the edit. If the work is meant, raise atMost, or pass acknowledged: ["${Edited.featureVersion}"].`,
    );
    expect(refusal.facts).toEqual({
      feature: "copy",
      new: 10,
      stale: 0,
      expected: 10,
      featureVersion: Edited.featureVersion,
      previousVersion: Copy.featureVersion,
      fields: ["text"],
    });
    expect(calls).toBe(0);
    expect(await store.process(Edited, run, { atMost: { items: 10, share: 1 } })).toMatchObject({
      written: 10,
    });
  });

  it("lets versions pass that are acknowledged, in a list or a file", async () => {
    await using store = await notes(4);
    const atMost = { items: 1 };
    const file = `${await freshPath()}.json`;
    await writeFile(file, JSON.stringify({ copy: "another" }));
    const refused = await refusalOf(store.process(Copy, work, { atMost, acknowledged: file }));
    expect(refused.code).toBe("too-much-work");
    await writeFile(file, JSON.stringify({ copy: Copy.featureVersion }));
    expect(await store.process(Copy, work, { atMost, acknowledged: file })).toMatchObject({ written: 4 });
    const acknowledged = ["another", Edited.featureVersion];
    expect(await store.process(Edited, work, { atMost, acknowledged })).toMatchObject({ written: 4 });
    await writeFile(file, JSON.stringify([{ fingerprint: "0123456789abcdef", feature: "copy" }]));
    expect(await refusalOf(store.process(Copy, work, { acknowledged: file }))).toMatchObject({
      code: "acknowledgements",
      message: expect.stringContaining("a JSON object of feature keys and feature versions"),
    });
  });

  it("counts what changed upstream, with all that is up to date", async () => {
    await using store = await notes(10);
    await store.process(Copy, work);
    await writeNotes(store, 0, 2, "2");
    await writeNotes(store, 10, 11);
    const refusal = await refusalOf(store.process(Copy, work, { atMost: { share: 0.2 } }));
    expect(refusal.facts).toMatchObject({ new: 1, stale: 2, expected: 11, fields: ["text"] });
    expect(refusal.message).toContain("nothing is stored under another one");
    expect(await store.process(Copy, work, { atMost: { share: 0.28 } })).toMatchObject({ written: 3 });
    expect(await store.process(Copy, work, { atMost: { items: 0, share: 0 } })).toMatchObject({ written: 0 });
  });

  it("counts parents, also empty ones", async () => {
    await using store = await notes(4);
    const cut = untyped(({ id }: Row) => (id === "0000" ? [] : [0, 1].map((n) => ({ chunk: `${id}-${n}` }))));
    await store.process(Chunk, cut);
    await writeNotes(store, 3, 5, "2");
    const refusal = await refusalOf(store.process(Chunk, cut, { atMost: { share: 0.3 } }));
    expect(refusal.facts).toMatchObject({ new: 1, stale: 1, expected: 5 });
  });
});

describe("onProgress", () => {
  it("gets rates, and what is left", async () => {
    await using store = await notes(4);
    const seen: ProcessProgress[] = [];
    await store.process(Copy, work, { batchSize: 2, onProgress: async (now) => void seen.push(now) });
    expect(seen.map(({ total, done, rows }) => [total, done, rows])).toEqual([
      [4, 2, 2],
      [4, 4, 4],
    ]);
    for (const now of seen) {
      expect(now.seconds).toBeGreaterThan(0);
      expect(now.secondsPerItem).toBeGreaterThan(0);
    }
    expect(seen.map(({ secondsLeft }) => secondsLeft !== null && secondsLeft > 0)).toEqual([true, false]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("full"))],
  ])("ends the work if it %s", async (_, onProgress) => {
    await using store = await notes(100);
    await expect(store.process(Copy, work, { batchSize: 10, onProgress })).rejects.toThrow("full");
    expect(await open(store, Copy)).toBeLessThan(100);
  });

  it("draws a bar on a terminal, and nothing elsewhere", async () => {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const progress = {
      total: 4000,
      done: 999,
      failed: 1,
      rows: 999,
      seconds: 10,
      secondsPerItem: 0.01,
      secondsLeft: 3700,
    };
    expect(progressBar("copy", { write })).toBeUndefined();
    progressBar("copy", { write, isTTY: true, columns: 200 })?.(progress);
    progressBar("copy", { write, isTTY: true, columns: 20 })?.({ ...progress, done: 3999, secondsLeft: 0 });
    expect(lines).toEqual([
      "\r\u001b[2Kcopy █████░░░░░░░░░░░░░░░ 25 % · 999 of 4,000 · 1 failed · 100 items/s · 1 h 1 min left",
      "\r\u001b[2Kcopy ██████████████\n",
    ]);
    await using store = await notes(2);
    expect(await store.process(Copy, work, { onProgress: "bar" })).toMatchObject({ written: 2 });
  });
});
