import { beforeAll, describe, expect, it } from "vitest";
import { featureValue, planQuery } from "../../../generator/plan/index.ts";
import { printPlanSql } from "../../../generator/plan/print-query.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../runtime/index.ts";
import { buildSpec, integer, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";
import { openPlainStore, plainDialect, plainName } from "../../support/plain-engine.ts";
import { untyped } from "../../support/untyped.ts";

/**
 * Proves that the seam between the algorithm and an engine carries. A second engine (test/support/plain-engine.ts) with
 * a name and a dialect of its own takes each operation of a store through `runtime/engine/`, without a change there:
 *
 * - roots, and derived features of each kind of lineage, give the same increments and rows as on DuckDB;
 * - a module is resolved by the SQL that it holds for the engine's name, and refused without that;
 * - each construct that is DuckDB's alone is spelled by the dialect.
 *
 * It does not prove that another database executes that SQL, nor that another source log than row numbers does.
 */
const specs = [
  buildSpec("talk/video", { columns: { id: text, room: text, size: integer }, ids: ["id"] }),
  buildSpec("talk/audio", {
    columns: { id: text, room: text, seconds: integer },
    ids: ["id"],
    deps: [{ feature: "talk/video", where: ["size > 0"] }],
  }),
  buildSpec("talk/room", {
    columns: { room: text, seconds: integer },
    ids: ["room"],
    deps: [{ feature: "talk/audio", lineage: { type: "aggregation", on: ["room"] } }],
  }),
  buildSpec("talk/chunk", {
    columns: { id: text, chunk: integer },
    ids: ["id", "chunk"],
    deps: [{ feature: "talk/audio", lineage: { type: "expansion", on: ["id"] } }],
  }),
];

const keys = ["talk/video", "talk/audio", "talk/room", "talk/chunk"] as const;
type Features = Readonly<Record<(typeof keys)[number], AnyFeature>>;

/** The features, with SQL for one engine. */
function featuresFor(engine: "duckdb" | "plain"): Features {
  const { model, versions, hashLength } = compileSpecs(specs, { hashLength: 32 });
  const values = model.features.map((feature): [string, AnyFeature] => {
    const value: AnyFeature = featureValue(feature, versions, { hashLength });
    if (engine === "duckdb" || value.plan.kind === "root") return [feature.key, value];
    const sql = { [plainName]: printPlanSql(planQuery(feature), plainDialect) };
    return [feature.key, { ...value, plan: { ...value.plan, sql } }];
  });
  return Object.fromEntries(values) as unknown as Features;
}

const sample = (id: string, room: string, version: string, size = 1) => ({
  id,
  room,
  size,
  metaxy_provenance_by_field: { default: version },
});

const workers: Readonly<Record<string, (row: Readonly<Record<string, unknown>>) => unknown>> = {
  "talk/audio": ({ id, room }) => ({ id, room, seconds: 60 }),
  "talk/room": ({ id }) => ({ ...(id as object), seconds: 120 }),
  "talk/chunk": ({ id }) => (id === "c" ? [] : [1, 2].map((chunk) => ({ id, chunk }))),
};

/** Runs the pipeline through some edits. Returns what each operation reported, and the rows at the end. */
async function run(store: Store, features: Features): Promise<unknown> {
  const report: unknown[] = [];
  const video = features["talk/video"];
  const round = async (samples: readonly object[]) => {
    await using increment = await store.resolve(video, { samples: untyped(samples) });
    report.push(["talk/video", increment.counts]);
    await increment.write(increment.new);
    await increment.write(increment.stale);
    for (const key of keys.slice(1)) {
      await using before = await store.resolve(features[key]);
      report.push([key, before.counts, before.pendingUpstream]);
      const { failed, ...totals } = await store.process(features[key], untyped(workers[key]));
      report.push([key, totals, failed]);
    }
  };
  await round([
    sample("a", "x", "1"),
    sample("b", "x", "1"),
    sample("c", "y", "1"),
    sample("d", "y", "1", 0),
  ]);
  await round([sample("a", "x", "1"), sample("b", "x", "2"), sample("c", "y", "1"), sample("e", "z", "1")]);
  report.push(await store.delete(video, "id = 'a'"));
  await using orphans = await store.resolve(features["talk/chunk"]);
  report.push([orphans.counts, orphans.pendingUpstream]);
  for (const key of keys.slice(1)) {
    await using increment = await store.resolve(features[key]);
    report.push([key, increment.counts, await store.delete(features[key], increment.orphaned)]);
  }
  await round([sample("b", "x", "2"), sample("c", "y", "1")]);
  report.push(await errorsOf(store, features["talk/chunk"]));
  const { lastRun, ...progress } = await store.progress(features["talk/chunk"]);
  report.push(progress, lastRun?.items);
  report.push(await store.migrate(features["talk/room"], { dryRun: true }));
  for (const key of keys) report.push([key, await storedRows(store, features[key])]);
  report.push(await store.drop(features["talk/chunk"]));
  return report;
}

/** What is left out, listed and reset once a parent is stale and has failed. */
async function errorsOf(store: Store, feature: AnyFeature): Promise<unknown> {
  await using increment = await store.resolve(feature, untyped({ skipComparison: true }));
  const rows = (await increment.new.toArray()) as unknown as Readonly<Record<string, string>>[];
  const entries = rows.map(({ id, metaxy_provenance }) => ({
    id: { id },
    provenance: metaxy_provenance,
    message: "no sound",
  }));
  const errors = store.errors(feature);
  const recorded = await errors.record(untyped(entries));
  await using others = await store.resolve(feature, untyped({ skipComparison: true, excludeFailed: true }));
  const listed = await errors.select("id", "type", "message", "attempts", "provenance").toArray();
  return [recorded, others.counts, others.failed, listed, await errors.reset(), await errors.count()];
}

/** The current rows of a feature, without times. */
async function storedRows(store: Store, feature: AnyFeature): Promise<string[]> {
  const rows: string[] = [];
  for await (const { metaxy_created_at, metaxy_updated_at, ...row } of store.read(feature))
    rows.push(JSON.stringify(row));
  return rows.sort();
}

describe("a second engine", () => {
  let onPlain: unknown;
  let statements: readonly string[] = [];

  beforeAll(async () => {
    const opened = await openPlainStore(":memory:");
    await using store = opened.store;
    onPlain = await run(store, featuresFor("plain"));
    statements = opened.statements;
  });

  it("gives the increments and the rows that DuckDB gives", async () => {
    await using store = await openStore(":memory:");
    expect(onPlain).toEqual(await run(store, featuresFor("duckdb")));
  });

  it("resolves by its own SQL, and refuses a module without it", async () => {
    const { store } = await openPlainStore(":memory:");
    await using _ = store;
    await expect(store.resolve(featuresFor("duckdb")["talk/audio"])).rejects.toMatchObject({
      code: "contract-mismatch",
      message: expect.stringContaining('"engines"'),
    });
  });

  it.each([
    ["conditions on window functions", /\bQUALIFY\b/],
    ["structs", /struct_pack/],
    ["casts", /::/],
    ["temporary tables", /TEMP (TABLE|VIEW)/],
    ["temporary names", /\btemp\.(?!main\.)/],
    ["joins without columns of the right side", /\b(SEMI|ANTI) JOIN\b/],
    ["insertion by name", /BY NAME/],
    ["conditions of aggregates", /FILTER \(/],
    ["aggregates of conditions", /bool_(or|and)/],
    ["times", /make_timestamptz|epoch_us|isfinite/],
    ["changed stars", /EXCLUDE|REPLACE \(/],
    ["lists", /list_filter|lambda/],
    ["all columns of a clause", /(GROUP|ORDER) BY ALL/],
    ["any value", /any_value|arg_max/],
  ])("spells %s by its dialect alone", (_, spelling) => {
    const found = statements.filter((sql) => spelling.test(sql));
    expect(found).toEqual([]);
  });
});
