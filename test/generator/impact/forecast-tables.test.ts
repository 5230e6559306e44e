import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { addRowCounts, diffManifests, type VersionDiff } from "../../../generator/diff/index.ts";
import { buildManifest } from "../../../generator/manifest/index.ts";
import { renderAnnotations, renderMarkdown, renderText } from "../../../generator/report/index.ts";
import { openStore } from "../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../runtime/index.ts";
import { buildSpec, text } from "../../support/build-spec.ts";
import { compileSpecs } from "../../support/compile-specs.ts";
import { countRowsAt } from "../../support/count-rows.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { loadProject } from "../../support/load-project.ts";
import { queryFile } from "../../support/query-file.ts";
import { untyped } from "../../support/untyped.ts";

interface Sketch {
  readonly id?: object;
  readonly columns?: Readonly<Record<string, object>>;
  readonly fields?: readonly unknown[];
  /** What the upper copy reads of an item. */
  readonly where?: readonly string[];
  readonly copyCode?: string;
}

/** Items with columns → a copy that filters them → a copy of the copy; a plain copy; and a feature beside. */
function specsOf({ id = text, columns = {}, fields = ["x"], where = [], copyCode = "1" }: Sketch): object[] {
  const copy = (key: string, upstream: object, field: object = { key: "c" }) =>
    buildSpec(key, { columns: { id }, ids: ["id"], deps: [{ select: [], ...upstream }], fields: [field] });
  return [
    buildSpec("item", { columns: { id, ...columns }, ids: ["id"], fields }),
    copy("filtered", { feature: "item", where }),
    copy("below", { feature: "filtered" }),
    copy("plain", { feature: "item" }, { key: "c", codeVersion: copyCode }),
    buildSpec("other", { columns: { id: text }, ids: ["id"], fields: ["o"] }),
  ];
}

type Row = Readonly<Record<string, unknown>>;

async function runAll(store: Store, sketch: Sketch, rows: readonly Row[]): Promise<Record<string, number>> {
  const done: Record<string, number> = {};
  for (const feature of Object.values(loadProject(specsOf(sketch), { hashLength: 64 })) as AnyFeature[]) {
    const isRoot = feature.plan.kind === "root";
    const samples = (feature.key === "item" ? rows : [{ id: "o" }]).map((row) => ({
      ...row,
      metaxy_provenance_by_field: Object.fromEntries(Object.keys(feature.fields).map((key) => [key, "1"])),
    }));
    await using increment = await store.resolve(feature, untyped(isRoot ? { samples } : {}));
    done[feature.key] = increment.new.count + increment.stale.count;
    if (isRoot) {
      await increment.write(untyped(increment.new));
      continue;
    }
    const work = [...(await increment.new.toArray()), ...(await increment.stale.toArray())] as object[];
    if (work.length > 0)
      await increment.write(untyped((work as { id: unknown }[]).map((row) => ({ id: row.id }))));
  }
  return done;
}

async function ranStore(sketch: Sketch, rows: readonly Row[]): Promise<string> {
  const path = await freshPath();
  await using store = await openStore(path);
  await runAll(store, sketch, rows);
  return path;
}

async function forecast(before: Sketch, after: Sketch, path: string): Promise<VersionDiff> {
  const [from, now] = [before, after].map((sketch) => compileSpecs(specsOf(sketch), { hashLength: 64 }));
  if (from === undefined || now === undefined) throw new Error("not compiled");
  const manifestOf = ({ model, versions }: typeof now) =>
    buildManifest(model, versions, { project: "test", hashLength: 64 });
  const diff = addRowCounts(
    diffManifests(manifestOf(from), manifestOf(now)),
    await countRowsAt(now, { path }),
  );
  const schema: object = createRequire(import.meta.url)("../../../schemas/diff.schema.json");
  const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
  expect(validate(JSON.parse(JSON.stringify(diff))) || validate.errors).toBe(true);
  return diff;
}

const columnsOf = (path: string): Promise<Record<string, string>> =>
  queryFile(
    path,
    "SELECT column_name AS n, data_type AS t FROM duckdb_columns() WHERE table_name = 'item'",
  ).then((rows) => Object.fromEntries(rows.map(({ n, t }) => [String(n), String(t)])));

const textOf = (diff: VersionDiff): string => renderText(diff, { color: false });
const stepsOf = (diff: VersionDiff, key = "item") =>
  diff.features.find((feature) => feature.key === key)?.table?.steps;
const rowsOf = (diff: VersionDiff) =>
  Object.fromEntries(
    diff.features.map(({ key, rows }) => [key, rows && [rows.new, rows.stale, rows.orphaned, rows.upToDate]]),
  );

const integer = { type: "integer" };
const number = { type: "number" };
const boolean = { type: "boolean" };
const maybe = { type: ["integer", "null"] };
/** Ten items; the scores of three are no whole number. */
const items = Array.from({ length: 10 }, (_, n) => ({ id: `i${n}`, score: n < 3 ? n + 0.5 : n, take: 2 }));
const scored = { columns: { score: number, take: integer } };

describe("diff --store on tables", () => {
  it("says what the first write changes, and the first write does just that", async () => {
    const path = await ranStore(scored, items);
    const after: Sketch = {
      columns: {
        take: number,
        points: { ...number, renamedFrom: "score" },
        lang: { type: ["string", "null"] },
      },
      fields: ["x", "y"],
    };
    const diff = await forecast(scored, after, path);
    expect(stepsOf(diff)).toEqual([
      { kind: "add-column", column: "lang", type: "VARCHAR" },
      { kind: "copy-column", column: "points", from: "score", type: "DOUBLE" },
      { kind: "change-type", column: "take", from: "BIGINT", to: "DOUBLE" },
      { kind: "add-fields", fields: ["y"] },
    ]);
    const sentence = (name: (text: string) => string) =>
      `Table of ${name("item")}, at the first write: ${name("points")} gets the values of ${name("score")}; ${name("take")} becomes ${name("DOUBLE")} (now ${name("BIGINT")}); ${name("lang")} is added, null in stored rows.`;
    expect(textOf(diff).replaceAll("\n", " ")).toContain(sentence(String));
    expect(renderMarkdown(diff)).toContain(`- ${sentence((name) => `\`${name}\``)}\n`);
    expect(renderAnnotations(diff)).toContain(sentence(String));

    await using store = await openStore(path);
    const rows = items.map(({ id, score, take }) => ({ id, points: score, take, lang: null }));
    await runAll(store, after, rows);
    expect(await columnsOf(path)).toMatchObject({
      lang: "VARCHAR",
      points: "DOUBLE",
      take: "DOUBLE",
      score: "DOUBLE",
    });
    expect(
      (await store.read(loadProject(specsOf(after), { hashLength: 64 })["item"] as AnyFeature).toArray())
        .length,
    ).toBe(10);
  });

  it("says nothing of tables that need nothing, and nothing without a store", async () => {
    const path = await ranStore(scored, items);
    const diff = await forecast(scored, scored, path);
    expect(diff.features.map(({ table }) => table)).toEqual(Array(5).fill(undefined));
    // A column that holds every value of the new type stays as it is.
    const wholes = { columns: { score: number, take: { ...integer, format: "int64" } } };
    expect(stepsOf(await forecast(scored, wholes, path))).toBeUndefined();
    expect(textOf(diff)).not.toContain("Table of");
  });

  it("counts the rows that block a column, names the cure, and forecasts what does not read it", async () => {
    const path = await ranStore(scored, items);
    const after: Sketch = { columns: { score: integer, take: integer }, where: ["score > 4"], copyCode: "2" };
    const before: Sketch = { ...scored, where: [] };
    const diff = await forecast(before, after, path);
    const step = {
      kind: "blocked",
      column: "score",
      from: "DOUBLE",
      to: "BIGINT",
      rows: 3,
      storedRows: 10,
      converts: false,
      rowsToWriteAgain: 3,
    };
    expect(stepsOf(diff)).toEqual([step]);
    expect(rowsOf(diff)).toEqual({
      item: [0, 0, 0, 10],
      filtered: undefined,
      below: undefined,
      plain: [10, 0, 0, 0],
      other: [0, 0, 0, 1],
    });
    expect(diff.runOrder).toEqual(["item", "filtered", "plain", "below"]);
    const steps = textOf(diff).split("\n\n").at(-1)?.replaceAll("\n", " ");
    const sentence =
      "Migrate item first: in 3 of 10 stored rows, score (DOUBLE) does not fit BIGINT. Give the column another name, or let `stemma migrate item --drop` set them to null, and then write 3 rows again.";
    expect(steps?.startsWith(sentence)).toBe(true);
    expect(textOf(diff)).toMatch(/\n {2}item +10 {2}items?, migrate first\n/);
    expect(renderMarkdown(diff)).toContain("- Migrate `item` first: in 3 of 10 stored rows, `score` ");
    expect(renderAnnotations(diff)).toMatch(/::error [^\n]*Migrate item first: in 3 of 10/);
    expect(diff.features.find(({ key }) => key === "filtered")?.rowsUnavailable).toMatch(
      /^score of item is stored as DOUBLE/,
    );

    // The same where rows of the item are written again for another column.
    const lacking = {
      ...after,
      columns: { ...after.columns, lang: text },
      where: ["score > 4 AND lang = 'de'"],
    };
    expect(rowsOf(await forecast(before, lacking, path))).toMatchObject({
      filtered: undefined,
      plain: [10, 0, 0, 0],
    });

    // What was said is what happens.
    await using store = await openStore(path);
    const features = loadProject(specsOf(after), { hashLength: 64 });
    const refused = (key: string) => store.resolve(features[key] as AnyFeature).catch(({ code }) => code);
    expect(await refused("filtered")).toBe("column-type");
    await using plain = await store.resolve(features["plain"] as AnyFeature);
    expect(plain.counts).toEqual({ new: 10, stale: 0, orphaned: 0 });
    const again = items.map(({ id, take }) => ({
      id,
      score: 1,
      take,
      metaxy_provenance_by_field: { x: "1" },
    }));
    await expect(store.write(features["item"] as AnyFeature, untyped(again))).rejects.toMatchObject({
      code: "column-type",
    });
    await store.migrate(features["item"] as AnyFeature, { drop: true });
    const then = await store
      .read(features["item"] as AnyFeature, { lenient: true, filters: "score IS NULL" })
      .toArray();
    expect(then).toHaveLength(3);
  });

  it("counts a blocked feature with work as if it were migrated, and what stands below it", async () => {
    const path = await ranStore(scored, items);
    const after: Sketch = {
      columns: { score: boolean, take: integer },
      fields: [{ key: "x", codeVersion: "2" }],
    };
    const diff = await forecast(scored, after, path);
    expect(rowsOf(diff)).toMatchObject({
      item: [10, 0, 0, 0],
      filtered: [10, 0, 0, 0],
      below: [10, 0, 0, 0],
    });
    expect(diff.runOrder).toEqual(["item", "filtered", "plain", "below"]);
    // What is made again may have any value there.
    const reading: Sketch = { ...after, where: ["score"] };
    const rested = await forecast(scored, reading, path);
    expect(rowsOf(rested)).toMatchObject({
      item: [10, 0, 0, 0],
      filtered: [10, 0, 0, 0],
      plain: [10, 0, 0, 0],
    });
    expect(rested.features.find(({ key }) => key === "filtered")?.rows).toMatchObject({
      upperBound: true,
      assumes: ["item"],
    });
    await using store = await openStore(path);
    const { item } = loadProject(specsOf(after), { hashLength: 64 });
    await store.migrate(item as AnyFeature, { drop: true });
    const rows = items.map(({ id, take }) => ({ id, take, score: true }));
    expect(await runAll(store, after, rows)).toMatchObject({ item: 10, filtered: 10, below: 10, plain: 10 });
  });

  it("blocks all that is joined by an id whose type changed, and counts the rest", async () => {
    const numbered = items.map((row, n) => ({ ...row, id: n }));
    const before = { ...scored, id: integer };
    const path = await ranStore(before, numbered);
    const diff = await forecast(before, { ...scored, id: text }, path);
    expect(stepsOf(diff)).toEqual([
      expect.objectContaining({
        kind: "blocked",
        column: "id",
        from: "BIGINT",
        to: "VARCHAR",
        converts: true,
      }),
    ]);
    expect(rowsOf(diff)).toMatchObject({ item: undefined, plain: undefined, other: expect.any(Array) });
    expect(textOf(diff).replaceAll("\n", " ")).toContain(
      "`stemma migrate item` converts the stored values, or give the column another name.",
    );
  });

  it("counts null rows of a nullable column, which need not be written again", async () => {
    const path = await ranStore(scored, items);
    const diff = await forecast(scored, { columns: { score: maybe, take: integer } }, path);
    expect(stepsOf(diff)).toMatchObject([{ kind: "blocked", rows: 3, rowsToWriteAgain: 0 }]);
    expect(diff.runOrder).toEqual([]);
    expect(textOf(diff)).toContain("1 feature has work");
    expect(textOf(diff)).not.toContain("written again");
  });

  it("leaves the types of a table that another program made, and blocks what it can't hold", async () => {
    const path = await ranStore(scored, items);
    // No record says that the table is ours.
    await queryFile(path, "DELETE FROM stemma_meta WHERE name = 'created'");
    const wider = { columns: { score: number, take: number } };
    expect(stepsOf(await forecast(scored, wider, path))).toBeUndefined();
    const diff = await forecast(scored, { columns: { score: number, take: boolean } }, path);
    expect(stepsOf(diff)).toMatchObject([{ kind: "blocked", column: "take", rows: 10, storedRows: 10 }]);
  });
});
