import { describe, expect, it } from "vitest";
import { diffManifests, type RuleId } from "../../../generator/diff/index.ts";
import { buildManifest } from "../../../generator/manifest/index.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, Counts, Store } from "../../../runtime/index.ts";
import { buildSpec, integer, maybeText, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { loadProject } from "../../support/load-project.ts";
import { queryFile } from "../../support/query-file.ts";
import { untyped } from "../../support/untyped.ts";

type Row = Readonly<Record<string, unknown>>;

/** A feature over the items, and one more over that: `below` follows with `upstream-rows-changed`. */
interface Sketch {
  readonly ids: readonly string[];
  /** None for a root. */
  readonly lineage?: object | undefined;
  readonly isRoot?: boolean;
}

const columns = { id: text, part: text, group: text };

function specsOf({ ids, lineage, isRoot = false }: Sketch): object[] {
  const own = Object.fromEntries(
    Object.keys(columns).map((column) => [column, ids.includes(column) ? text : maybeText]),
  );
  const dep = {
    feature: "item",
    select: Object.keys(columns),
    ...(lineage === undefined ? {} : { lineage }),
  };
  return [
    buildSpec("item", { columns, ids: ["id"], fields: ["x"] }),
    buildSpec("unit", { columns: own, ids, ...(isRoot ? {} : { deps: [dep] }), fields: ["y"] }),
    buildSpec("below", {
      columns: Object.fromEntries(ids.map((id) => [id, text])),
      ids,
      deps: [{ feature: "unit", select: [] }],
      fields: ["z"],
    }),
  ];
}

/** Four items in two groups, each with a part. */
const items = [1, 2, 3, 4].map((n) => ({ id: `i${n}`, part: `p${n % 2}`, group: `g${n % 2}` }));
const stamped = (fields: readonly string[]) =>
  items.map((row) => ({
    ...row,
    metaxy_provenance_by_field: Object.fromEntries(fields.map((field) => [field, row.id])),
  }));

/** Runs what is derived of a project, and gives what it had to do. */
async function runAll(store: Store, sketch: Sketch): Promise<Record<string, Counts>> {
  const counts: Record<string, Counts> = {};
  const { unit, below } = loadProject(specsOf(sketch), { hashLength: 64 });
  for (const feature of [unit, below] as AnyFeature[]) {
    if (feature.plan.kind === "root") continue;
    await using increment = await store.resolve(feature);
    counts[feature.key] = increment.counts;
    const rows = [...(await increment.new.toArray()), ...(await increment.stale.toArray())] as object[];
    const workItems = new Map(
      (rows as Row[]).map((row) => [JSON.stringify(feature.plan.grain.map((name) => row[name])), row]),
    );
    const outputs = [...workItems.values()].map((row) =>
      Object.fromEntries(Object.keys(feature.spec.columns).map((column) => [column, row[column] ?? null])),
    );
    if (outputs.length > 0) await increment.write(untyped(outputs));
  }
  return counts;
}

async function ranStore(sketch: Sketch): Promise<Store> {
  const store = await openStore(await freshPath(), { onWarning: () => undefined });
  const { item } = loadProject(specsOf(sketch), { hashLength: 64 });
  await store.write(item as AnyFeature, untyped(stamped(["x"])));
  await runAll(store, sketch);
  return store;
}

function rulesOf(specs: readonly object[], edited: readonly object[]): readonly RuleId[] {
  const [from, to] = [specs, edited].map((sources) => {
    const { model, versions } = compileSpecs(sources, { hashLength: 64 });
    return buildManifest(model, versions, { project: "test", hashLength: 64 });
  });
  if (to === undefined) throw new Error("not compiled");
  return diffManifests(from, to).features.flatMap(({ changes }) => changes.map(({ rule }) => rule));
}

const byId: Sketch = { ids: ["id"] };
const aggregation = (...on: string[]) => ({ type: "aggregation", on });
const none = { new: 0, stale: 0, orphaned: 0 };

describe("what the rules say of stored rows that no version tells", () => {
  const cases: readonly (readonly [RuleId, string, Sketch, Sketch, Counts, Counts])[] = [
    [
      "lineage-kind",
      "one to one → many to one over the same ids: stale",
      byId,
      { ids: ["id"], lineage: aggregation("id") },
      { ...none, stale: 4 },
      { ...none, stale: 4 },
    ],
    [
      "lineage-kind",
      "one to one → many to one over other ids: new, the old rows left aside",
      byId,
      { ids: ["group"], lineage: aggregation("group") },
      { ...none, new: 2 },
      { ...none, new: 2 },
    ],
    [
      "lineage-kind",
      "one to one → one to many: the samples stay those of the parent",
      byId,
      { ids: ["id"], lineage: { type: "expansion", on: ["id"] } },
      none,
      none,
    ],
    [
      "lineage-on",
      "groups by other columns: other members, and so stale",
      { ids: ["group", "id"], lineage: aggregation("group", "id") },
      { ids: ["group", "id"], lineage: aggregation("group") },
      { ...none, stale: 4 },
      { ...none, stale: 4 },
    ],
    [
      "id-columns",
      "all that is expected is new",
      { ids: ["id", "part"] },
      { ids: ["id"] },
      { ...none, new: 4 },
      { ...none, new: 4 },
    ],
  ];

  it.each(cases)("%s: %s", async (rule, _, before, after, unit, below) => {
    const rules = rulesOf(specsOf(before), specsOf(after));
    expect(rules).toContain(rule);
    expect(rules).toContain("upstream-rows-changed");
    await using store = await ranStore(before);
    expect(await runAll(store, before)).toEqual({ unit: none, below: none });
    expect(await runAll(store, after)).toEqual({ unit, below });
    expect(await runAll(store, after)).toEqual({ unit: none, below: none });
    // Set back, rows of other ids count again; stale ones were overwritten.
    if (unit.new > 0) expect(await runAll(store, before)).toEqual({ unit: none, below: none });
  });

  it("root-derived-changed: a root is resolved with samples, any other feature without", async () => {
    const root: Sketch = { ids: ["id"], isRoot: true };
    expect(rulesOf(specsOf(byId), specsOf(root))).toContain("root-derived-changed");
    expect(rulesOf(specsOf(root), specsOf(byId))).toContain("root-derived-changed");
    await using store = await ranStore(byId);
    const { unit } = loadProject(specsOf(root), { hashLength: 64 });
    await expect(store.resolve(unit as AnyFeature)).rejects.toMatchObject({ code: "samples-required" });
    await using increment = await store.resolve(unit as AnyFeature, untyped({ samples: stamped(["y"]) }));
    expect(increment.counts).toEqual({ ...none, new: 4 });
    await increment.write(untyped(increment.new));
    expect(await runAll(store, root)).toEqual({ below: { ...none, new: 4 } });
    expect(await runAll(store, byId)).toEqual({ unit: none, below: none });
  });
});

describe("what the rules say of stored columns", () => {
  const item = (more: Readonly<Record<string, object>>) => [
    buildSpec("item", { columns: { id: text, ...more }, ids: ["id"], fields: ["x"] }),
  ];
  const number = { type: "number" };

  async function storeOf(specs: readonly object[], rows: readonly Row[]): Promise<string> {
    const path = await freshPath();
    await using store = await openStore(path);
    const provenance = { metaxy_provenance_by_field: { x: "1" } };
    await store.write(featureOf(specs), untyped(rows.map((row) => ({ ...row, ...provenance }))));
    return path;
  }

  const featureOf = (specs: readonly object[]) =>
    loadProject(specs, { hashLength: 64 })["item"] as AnyFeature;
  const sample = (row: Row) => untyped({ samples: [{ ...row, metaxy_provenance_by_field: { x: "2" } }] });

  it.each([
    ["required-column-added", item({}), item({ lang: text }), { id: "a" }],
    ["column-required", item({ lang: maybeText }), item({ lang: text }), { id: "a", lang: null }],
    ["column-seems-renamed", item({ language: text }), item({ lang: text }), { id: "a", language: "en" }],
  ] as const)(
    "%s: `read` refuses rows without it, with their number, and `resolve` goes on",
    async (rule, before, after, row) => {
      expect(rulesOf(before, after)).toContain(rule);
      await using store = await openStore(await storeOf(before, [row, { ...row, id: "b" }]));
      const feature = featureOf(after);
      await expect(store.read(feature).toArray()).rejects.toMatchObject({
        code: "missing-required",
        message: expect.stringContaining("2"),
      });
      expect(await store.read(feature, { lenient: true }).toArray()).toMatchObject([
        { lang: null },
        { lang: null },
      ]);
      await using increment = await store.resolve(feature, sample({ id: "a", lang: "en" }));
      expect(increment.counts).toEqual({ new: 0, stale: 1, orphaned: 1 });
      const again = ["a", "b"].map((id) => ({ id, lang: "en", metaxy_provenance_by_field: { x: "1" } }));
      await store.write(feature, untyped(again));
      expect(await store.read(feature).toArray()).toHaveLength(2);
    },
  );

  it.each([
    ["column-type", "stays where the table holds every value", number, integer, 3, "DOUBLE", 3],
    [
      "column-format",
      "is altered by the first write where each value stays exact",
      integer,
      number,
      3,
      "BIGINT",
      3,
    ],
    ["column-type", "is altered by the first write", integer, text, 3, "BIGINT", "3"],
  ] as const)("%s: a column %s", async (_, __, was, is, value, before, reads) => {
    const [specs, edited] = [item({ v: was }), item({ v: is })];
    const rules = rulesOf(specs, edited);
    expect(rules.some((rule) => rule === "column-type" || rule === "column-format")).toBe(true);
    const path = await storeOf(specs, [{ id: "a", v: value }]);
    const typeOf = async () =>
      (await queryFile(path, "SELECT data_type FROM duckdb_columns() WHERE column_name = 'v'"))[0]?.[
        "data_type"
      ];
    {
      await using store = await openStore(path);
      expect(await store.read(featureOf(edited)).toArray()).toMatchObject([{ v: reads }]);
    }
    expect(await typeOf()).toBe(before);
    {
      await using store = await openStore(path);
      await store.write(
        featureOf(edited),
        untyped([{ id: "b", v: reads, metaxy_provenance_by_field: { x: "1" } }]),
      );
    }
    const altered = { DOUBLE: "DOUBLE", BIGINT: is === number ? "DOUBLE" : "VARCHAR" }[before];
    expect(await typeOf()).toBe(altered);
  });

  it("column-type: otherwise `resolve` and `write` refuse, until it is migrated or has another name", async () => {
    const [specs, edited] = [item({ v: number }), item({ v: text })];
    expect(rulesOf(specs, edited)).toContain("column-type");
    await using store = await openStore(await storeOf(specs, [{ id: "a", v: 0.5 }]));
    const feature = featureOf(edited);
    const refusal = { code: "column-type" };
    await expect(store.resolve(feature, sample({ id: "a", v: "x" }))).rejects.toMatchObject(refusal);
    const row = { id: "b", v: "x", metaxy_provenance_by_field: { x: "1" } };
    await expect(store.write(feature, untyped([row]))).rejects.toMatchObject(refusal);
    const renamed = featureOf(item({ w: text }));
    await using increment = await store.resolve(renamed, sample({ id: "a", w: "x" }));
    expect(increment.counts).toEqual({ ...none, stale: 1 });
    await store.migrate(feature);
    await store.write(feature, untyped([row]));
    expect(await store.read(feature).toArray()).toMatchObject([{ v: "0.5" }, { v: "x" }]);
  });
});
