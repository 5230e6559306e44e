import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type {
  AnyFeature,
  FailureEntry,
  Increment,
  ResolveOptions,
  Store,
} from "../../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../../support/build-spec.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { loadProject } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { renamedFeatures } from "../../../support/renamed-features.ts";
import { untyped } from "../../../support/untyped.ts";

const specs = (codeVersion: string, id = text) => [
  buildSpec("video", { columns: { type: id, seconds: integer }, ids: ["type"] }),
  buildSpec("copy", {
    columns: { type: id },
    ids: ["type"],
    deps: ["video"],
    fields: [{ key: "default", codeVersion }],
  }),
  buildSpec("chunk", {
    columns: { type: id, chunk: integer },
    ids: ["type", "chunk"],
    deps: [{ feature: "video", lineage: { type: "expansion", on: ["type"] } }],
  }),
  buildSpec("length", {
    columns: { seconds: integer },
    ids: ["seconds"],
    deps: [{ feature: "video", lineage: { type: "aggregation", on: ["seconds"] } }],
  }),
];
type Features = Record<"video" | "copy" | "chunk" | "length", AnyFeature>;
const features = loadProject(specs("1"), { hashLength: 64 }) as Features;
const bumped = loadProject(specs("2"), { hashLength: 64 }) as Features;
/** `type` is the id on purpose: a column of an error record must not collide with it. */
const { video: Video, copy: Copy, chunk: Chunk, length: Length } = features;

type Row = Readonly<Record<string, unknown>>;
type Options = ResolveOptions<AnyFeature>;

async function writeVideos(store: Store, ids: readonly string[], version = "1"): Promise<void> {
  const rows = ids.map((type, index) => ({
    type,
    seconds: index % 2,
    metaxy_provenance_by_field: { default: version },
  }));
  await store.write(Video, untyped(rows));
}

async function videos(path = ":memory:", ids: readonly string[] = ["a", "b", "c", "d"]): Promise<Store> {
  const store = await openStore(path);
  await writeVideos(store, ids);
  return store;
}

async function rowsOf(set: { toArray(): Promise<unknown[]> }): Promise<Row[]> {
  return (await set.toArray()) as Row[];
}

/** Records that work items of an increment failed. */
async function fail(
  store: Store,
  feature: AnyFeature,
  ids: readonly unknown[],
  message = "no audio",
): Promise<void> {
  await using increment = await store.resolve(feature);
  const rows = [...(await rowsOf(increment.new)), ...(await rowsOf(increment.stale))];
  const [column = ""] = feature.plan.grain;
  const entries = rows
    .filter((row) => ids.includes(row[column]))
    .map((row) => ({
      id: { [column]: row[column] },
      provenance: row["metaxy_provenance"],
      type: "TypeError",
      message,
    }));
  const distinct = new Map(entries.map((entry) => [JSON.stringify(entry.id), entry]));
  expect(await store.errors(feature).record(untyped([...distinct.values()]))).toBe(ids.length);
}

async function counts(store: Store, feature: AnyFeature, options: Options = {}): Promise<readonly number[]> {
  await using increment = await store.resolve(feature, untyped(options));
  await using full: Increment<AnyFeature> = await store.resolve(
    feature,
    untyped({ ...options, fullRefresh: true }),
  );
  expect([increment.counts, increment.failed]).toEqual([full.counts, full.failed]);
  const { counts: found, failed } = increment;
  return [found.new, found.stale, found.orphaned, failed];
}

const excluded = { excludeFailed: true } as const;

/** Writes the increment of a feature without the items that failed. */
async function runOthers(store: Store, feature: AnyFeature): Promise<void> {
  await using increment = await store.resolve(feature, excluded);
  for (const set of [increment.new, increment.stale]) {
    const rows = (await rowsOf(set)).map(({ type }) => ({ type }));
    await increment.write(untyped(rows));
  }
}

describe("store.errors", () => {
  it("lists what was recorded, latest first", async () => {
    await using store = await videos();
    await fail(store, Copy, ["b"]);
    await fail(store, Copy, ["a"], "too short");
    const errors = store.errors(Copy);
    expect(await errors.count()).toBe(2);
    const [first, second] = await errors.toArray();
    expect(first).toMatchObject({ id: { type: "a" }, type: "TypeError", message: "too short", attempts: 1 });
    expect(second).toMatchObject({ id: { type: "b" }, featureVersion: Copy.featureVersion, runId: null });
    expect(first?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
    expect(await errors.select("id", "message").toArray()).toEqual([
      { id: { type: "a" }, message: "too short" },
      { id: { type: "b" }, message: "no audio" },
    ]);
  });

  it("is empty for a feature that was never written, read-only too", async () => {
    const path = await freshPath();
    {
      await using store = await videos(path);
      const errors = store.errors(Copy);
      expect([await errors.toArray(), await errors.count(), await errors.reset()]).toEqual([[], 0, 0]);
    }
    await using store = await openStore(path, { readOnly: true });
    const errors = store.errors(Copy);
    expect([await errors.toArray(), await errors.count()]).toEqual([[], 0]);
    await expect(errors.reset()).rejects.toMatchObject({ code: "read-only" });
    await expect(errors.record([])).rejects.toMatchObject({ code: "read-only" });
    expect(await counts(store, Copy, excluded)).toEqual([4, 0, 0, 0]);
  });

  it("adds up attempts with the same inputs, and starts anew with others", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a"]);
    await fail(store, Copy, ["a"], "again");
    expect(await store.errors(Copy).toArray()).toMatchObject([{ attempts: 2, message: "again" }]);
    await writeVideos(store, ["a"], "2");
    await fail(store, Copy, ["a"]);
    expect(await store.errors(Copy).toArray()).toMatchObject([{ attempts: 1, message: "no audio" }]);
  });

  it("cuts messages, and takes hostile text", async () => {
    await using store = await videos();
    const entry = (type: string, message: string) => ({ id: { type }, provenance: "x", message });
    const hostile = `'; DROP TABLE video; --\u0000\n"\\`;
    const entries = [entry("long", "é😀".repeat(3000)), entry("'\"", hostile), entry("empty", "")];
    await store.errors(Copy).record(untyped(entries));
    const rows = await store.errors(Copy).select("id", "message", "type").toArray();
    const byId = new Map(rows.map((row) => [(row.id as { type: string }).type, row]));
    expect(byId.get("long")?.message).toBe("é😀".repeat(1000));
    expect(byId.get("'\"")).toMatchObject({ message: hostile, type: "Error" });
    expect(byId.get("empty")?.message).toBe("");
  });

  it("takes a query, and of several entries for one item that with the most attempts", async () => {
    await using store = await videos();
    const sql = `SELECT {'type': t} AS id, p AS provenance, m AS message, n AS attempts
      FROM (VALUES ('a', 'x', 'one', 1), ('a', 'x', 'two', 3), ('b', 'x', 'three', NULL)) AS v(t, p, m, n)`;
    expect(await store.errors(Copy).record({ sql })).toBe(2);
    expect(await store.errors(Copy).select("id", "message", "attempts").toArray()).toEqual([
      { id: { type: "a" }, message: "two", attempts: 3 },
      { id: { type: "b" }, message: "three", attempts: 1 },
    ]);
  });

  it.each([
    ["no id", { provenance: "x", message: "m" }, "missing-column"],
    ["half an id", { id: {}, provenance: "x", message: "m" }, "null-id"],
    ["no provenance", { id: { type: "a" }, message: "m" }, "missing-column"],
    ["no message", { id: { type: "a" }, provenance: "x" }, "missing-column"],
    ["a message of another type", { id: { type: "a" }, provenance: "x", message: 1 }, "wrong-type"],
    [
      "another property",
      { id: { type: "a" }, provenance: "x", message: "m", stack: "" },
      "undeclared-column",
    ],
  ])("refuses an entry with %s, and records nothing", async (_, entry, code) => {
    await using store = await videos();
    const good = { id: { type: "b" }, provenance: "x", message: "m" };
    const recording = store.errors(Copy).record(untyped([good, entry as FailureEntry<AnyFeature>]));
    await expect(recording).rejects.toMatchObject({ code });
    expect(await store.errors(Copy).count()).toBe(0);
  });

  it("refuses unknown options", async () => {
    await using store = await videos();
    expect(() => store.errors(Copy, untyped({ version: "1" }))).toThrow(/no option "version"/);
    await expect(store.errors(Copy).record([], untyped({ run: "1" }))).rejects.toMatchObject({
      code: "unknown-option",
    });
  });

  it("forgets by ids, by whole rows, by a query, or all", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a", "b", "c", "d"]);
    const errors = store.errors(Copy);
    expect(await errors.reset([])).toBe(0);
    expect(await errors.reset(untyped({ type: "a" }))).toBe(1);
    expect(await errors.reset(untyped([{ type: "b", seconds: 1 }, { type: "nowhere" }]))).toBe(1);
    expect(await errors.reset({ sql: "SELECT 'c' AS type" })).toBe(1);
    await expect(errors.reset(untyped([{ seconds: 1 }]))).rejects.toMatchObject({ code: "missing-column" });
    expect(await errors.select("id").toArray()).toEqual([{ id: { type: "d" } }]);
    expect(await errors.reset()).toBe(1);
    expect(await errors.reset()).toBe(0);
  });

  it("takes grains of every type, under hostile names", async () => {
    const columns = {
      'na"me.x': text,
      id: { type: "string", format: "uuid" },
      message: { type: "string", format: "date-time" },
      "it's": { type: "string", format: "date" },
      big: { type: "integer", format: "int64" },
      ratio: { type: "number" },
      flag: { type: "boolean" },
    };
    const spec = { columns, ids: Object.keys(columns) };
    const all = loadProject([buildSpec("from", spec), buildSpec("to", { ...spec, deps: ["from"] })], {
      hashLength: 64,
    });
    const [From, To] = [all["from"], all["to"]] as [AnyFeature, AnyFeature];
    await using store = await openStore(":memory:");
    const rows = ["'; --", "b"].map((name) => ({
      'na"me.x': name,
      id: "7d444840-9dc0-11d1-b245-5ffdce74fad2",
      message: "2026-01-31T12:00:00.123456Z",
      "it's": "2026-01-31",
      big: 2n ** 60n,
      ratio: 0.1,
      flag: true,
    }));
    const sourced = rows.map((row) => ({ ...row, metaxy_provenance_by_field: { default: "1" } }));
    await store.write(From, untyped(sourced));
    await using increment = await store.resolve(To);
    const [first] = await rowsOf(increment.new);
    const entry = { id: rows[0], provenance: first?.["metaxy_provenance"], message: "m" };
    expect(await store.errors(To).record(untyped([entry]))).toBe(1);
    expect(await store.errors(To).select("id").toArray()).toEqual([{ id: rows[0] }]);
    expect(await counts(store, To, excluded)).toEqual([1, 0, 0, 1]);
    expect(await store.errors(To).reset(untyped(rows[0]))).toBe(1);
  });

  it("takes files, of entries and of ids", async () => {
    const path = await freshPath();
    const [failed, ids] = [`${path}.failed.parquet`, `${path}.ids.csv`];
    const entries =
      "SELECT {'type': t} AS id, 'x' AS provenance, 'm' AS message FROM (VALUES ('a'), ('b')) AS v(t)";
    await queryFile(path, `COPY (${entries}) TO '${failed}'`);
    await queryFile(path, `COPY (SELECT 'b' AS type) TO '${ids}'`);
    await using store = await videos();
    expect(await store.errors(Copy).record(untyped({ parquet: failed }))).toBe(2);
    expect(await store.errors(Copy).reset(untyped({ csv: ids }))).toBe(1);
    expect(await store.errors(Copy).select("id").toArray()).toEqual([{ id: { type: "a" } }]);
  });

  it("exports what it lists", async () => {
    const path = await freshPath();
    await using store = await videos();
    await fail(store, Copy, ["a"]);
    await store.errors(Copy).export(`${path}.parquet`);
    const rows = await queryFile(`${path}.other`, `SELECT id, message, attempts FROM '${path}.parquet'`);
    expect(rows).toMatchObject([{ message: "no audio", attempts: 1n }]);
  });

  it("records nothing once it is aborted", async () => {
    await using store = await videos();
    const signal = AbortSignal.abort();
    const entries = untyped([{ id: { type: "a" }, provenance: "x", message: "m" }]);
    await expect(store.errors(Copy).record(entries, { signal })).rejects.toMatchObject({ code: "cancelled" });
    expect(await store.errors(Copy).count()).toBe(0);
  });

  it("records many at once", async () => {
    await using store = await openStore(":memory:");
    const entries = (function* () {
      for (let n = 0; n < 100_000; n++)
        yield { id: { type: String(n) }, provenance: "x", message: "out of memory" };
    })();
    expect(await store.errors(Copy).record(untyped(entries))).toBe(100_000);
    expect(await store.errors(Copy).count()).toBe(100_000);
  });
});

describe("excludeFailed", () => {
  it("leaves out items that failed with the same inputs, and shows them without it", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a", "b"]);
    expect(await counts(store, Copy, excluded)).toEqual([2, 0, 0, 2]);
    expect(await counts(store, Copy)).toEqual([4, 0, 0, 2]);
    await using increment = await store.resolve(Copy, excluded);
    expect((await rowsOf(increment.new)).map((row) => row["type"])).toEqual(["c", "d"]);
    expect(increment.new.rowCount).toBe(2);
  });

  it("still knows them once all others are written, from a checkpoint too", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a", "b"]);
    await runOthers(store, Copy);
    expect(await counts(store, Copy, excluded)).toEqual([0, 0, 0, 2]);
    expect(await counts(store, Copy)).toEqual([2, 0, 0, 2]);
    await writeVideos(store, ["e"]);
    expect(await counts(store, Copy, excluded)).toEqual([1, 0, 0, 2]);
    await store.errors(Copy).reset();
    expect(await counts(store, Copy, excluded)).toEqual([3, 0, 0, 0]);
    await runOthers(store, Copy);
    expect(await counts(store, Copy)).toEqual([0, 0, 0, 0]);
  });

  it("shows an item again once its inputs changed", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a", "b"]);
    await writeVideos(store, ["a"], "2");
    expect(await counts(store, Copy, excluded)).toEqual([3, 0, 0, 1]);
  });

  it("leaves out stale items, and never orphaned ones", async () => {
    await using store = await videos();
    await runOthers(store, Copy);
    await writeVideos(store, ["a", "b"], "2");
    await fail(store, Copy, ["a"]);
    await store.delete(Video, untyped({ type: "c" }));
    expect(await counts(store, Copy, excluded)).toEqual([0, 1, 1, 1]);
    expect(await counts(store, Copy)).toEqual([0, 2, 1, 1]);
    await store.delete(Video, untyped({ type: "a" }));
    expect(await counts(store, Copy, excluded)).toEqual([0, 1, 2, 0]);
  });

  it("says nothing of another feature version", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a"]);
    expect(await counts(store, bumped.copy, excluded)).toEqual([4, 0, 0, 0]);
    expect(await store.errors(bumped.copy).count()).toBe(0);
    expect(await store.errors(bumped.copy, { allVersions: true }).count()).toBe(1);
    await fail(store, bumped.copy, ["a"]);
    expect(await store.errors(Copy, { allVersions: true }).count()).toBe(2);
    expect(await store.errors(Copy).reset()).toBe(1);
    expect(await store.errors(bumped.copy).count()).toBe(1);
    expect(await store.errors(bumped.copy, { allVersions: true }).reset()).toBe(1);
  });

  it("forgets an item that was written, in the same transaction", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a", "b"]);
    await using increment = await store.resolve(Copy, excluded);
    await increment.write(untyped([{ type: "a" }]));
    expect(await store.errors(Copy).select("id").toArray()).toEqual([{ id: { type: "b" } }]);
    await expect(
      store.transaction(async (transaction) => {
        const [row] = await rowsOf((await store.resolve(Copy)).new);
        const given = { type: "b", metaxy_provenance_by_field: row?.["metaxy_provenance_by_field"] };
        await transaction.write(Copy, untyped([given]));
        throw new Error("undone");
      }),
    ).rejects.toThrow("undone");
    expect(await store.errors(Copy).count()).toBe(1);
    expect(await counts(store, Copy)).toEqual([3, 0, 0, 1]);
  });

  it("takes parents of an expansion, also those that turn out to be empty", async () => {
    await using store = await videos();
    await fail(store, Chunk, ["a", "b"]);
    expect(await counts(store, Chunk, excluded)).toEqual([2, 0, 0, 2]);
    await using increment = await store.resolve(Chunk);
    const rows = await rowsOf(increment.new);
    await store.markEmpty(Chunk, untyped(rows.filter((row) => row["type"] === "a")));
    const chunks = [0, 1].map((chunk) => ({ type: "c", chunk }));
    await increment.write(untyped(chunks));
    expect(await store.errors(Chunk).select("id").toArray()).toEqual([{ id: { type: "b" } }]);
    expect(await counts(store, Chunk, excluded)).toEqual([1, 0, 0, 1]);
  });

  it("takes groups of an aggregation, with all their rows", async () => {
    await using store = await videos();
    await fail(store, Length, [1]);
    expect(await store.errors(Length).select("id").toArray()).toEqual([{ id: { seconds: 1 } }]);
    await using increment = await store.resolve(Length, excluded);
    expect([increment.counts, increment.failed]).toEqual([{ new: 1, stale: 0, orphaned: 0 }, 1]);
    expect(await rowsOf(increment.new)).toHaveLength(2);
    expect(increment.new.rowCount).toBe(2);
  });

  it("takes samples of a root", async () => {
    await using store = await openStore(":memory:");
    const samples = ["a", "b"].map((type) => ({
      type,
      seconds: 1,
      metaxy_provenance_by_field: { default: "1" },
    }));
    {
      await using increment = await store.resolve(Video, untyped({ samples }));
      const [row] = await rowsOf(increment.new);
      const entry = { id: { type: "a" }, provenance: row?.["metaxy_provenance"], message: "m" };
      await store.errors(Video).record(untyped([entry]));
    }
    await using increment = await store.resolve(Video, untyped({ samples, excludeFailed: true }));
    expect([increment.counts.new, increment.failed]).toEqual([1, 1]);
    await increment.write(untyped(increment.new));
    expect((await rowsOf(store.read(Video))).map((row) => row["type"])).toEqual(["b"]);
  });

  it("leaves them out with skipComparison, filters and samples", async () => {
    await using store = await videos();
    await fail(store, Copy, ["a"]);
    expect(await counts(store, Copy, { ...excluded, skipComparison: true })).toEqual([3, 0, 0, 1]);
    const filters = untyped({ video: "seconds = 0" });
    expect(await counts(store, Copy, { ...excluded, filters })).toEqual([1, 0, 0, 1]);
  });
});

describe("tables of errors", () => {
  it("goes with the feature, and runs with it", async () => {
    const path = await freshPath();
    {
      await using store = await videos(path);
      await fail(store, Copy, ["a"]);
      await fail(store, Chunk, ["a"]);
      expect(await store.drop(Copy)).toEqual({ existed: false, rows: 0, tables: ["stemma_errors__copy"] });
      expect(await store.errors(Copy).count()).toBe(0);
      expect(await store.errors(Chunk).count()).toBe(1);
    }
  });

  it("lets a renamed feature try its items again, also after a migration", async () => {
    await using store = await openStore(":memory:");
    const before = renamedFeatures("before");
    const after = renamedFeatures("after");
    const rows = ["a", "b"].map((id) => ({ id, hundred: 1, metaxy_provenance_by_field: { default: "1" } }));
    await store.write(before.sample, untyped(rows));
    await store.process(
      before.copy,
      untyped(({ id }: Row) => (id === "a" ? { id } : [])),
    );
    await fail(store, before.copy, ["b"]);
    await store.errors(before.sample).record(untyped([{ id: { id: "a" }, provenance: "x", message: "m" }]));
    for (const feature of [after.sample, after.copy]) await store.migrate(feature);
    expect(await counts(store, after.copy, excluded)).toEqual([1, 0, 0, 0]);
    expect(await store.errors(after.sample).count()).toBe(0);
    expect((await store.drop("sample")).tables).toContain("stemma_errors__sample");
  });

  it("says nothing of another grain, and makes room for it", async () => {
    const path = await freshPath();
    const others = loadProject(specs("1", integer), { hashLength: 64 }) as Features;
    {
      await using store = await videos(path);
      await fail(store, Copy, ["a"]);
      expect(await store.errors(others.copy).toArray()).toEqual([]);
      const entries = untyped([{ id: { type: 1 }, provenance: "x", message: "m" }]);
      expect(await store.errors(others.copy).record(entries)).toBe(1);
      expect(await store.errors(others.copy).select("id").toArray()).toEqual([{ id: { type: 1 } }]);
      expect(await store.errors(Copy).count()).toBe(0);
    }
    expect(await queryFile(path, "SELECT type FROM stemma_errors__copy")).toEqual([{ type: 1n }]);
  });
});
