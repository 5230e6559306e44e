import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature } from "../../../../runtime/index.ts";
import { buildSpec, integer, maybeText, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const versions = { metaxy_provenance_by_field: { default: "1" } };
const box = {
  type: "object",
  properties: { w: { type: "integer", minimum: 1 }, label: { type: "string" } },
  required: ["w"],
};
const boxes = { type: "array", items: box, minItems: 1 };
const constrained = (schema: object) => ({ type: "integer", ...schema });
const features = loadProject(
  [
    buildSpec("video", { columns: { video_id: text, path: text, n: integer }, ids: ["video_id"] }),
    buildSpec("shape", { columns: { video_id: text, boxes }, ids: ["video_id"] }),
    buildSpec("crop", {
      columns: { video_id: text, path: text, n: constrained({ minimum: 10 }) },
      ids: ["video_id"],
      deps: ["video"],
    }),
    buildSpec("plain", {
      columns: { id: text, x: maybeText, y: maybeText, f: { type: ["number", "null"] } },
      ids: ["id"],
    }),
    buildSpec("strict", {
      columns: { id: text, x: text, y: { type: "string", pattern: "^a" } },
      ids: ["id"],
      deps: ["plain"],
    }),
    buildSpec("whole", { columns: { id: text, f: integer }, ids: ["id"], deps: ["plain"] }),
  ],
  { hashLength: 64 },
) as Record<"video" | "shape" | "crop" | "plain" | "strict" | "whole", AnyFeature>;
const { video: Video, shape: Shape, crop: Crop, plain: Plain, strict: Strict, whole: Whole } = features;

describe("a set of an increment is checked when it is written", () => {
  const missing = { video_id: "a", n: 1 };
  const isNull = { video_id: "a", path: null, n: 1 };
  it.each<[string, unknown]>([
    ["missing", [{ ...missing, ...versions }]],
    ["null", [{ ...isNull, ...versions }]],
    ["missing in SQL", sqlOf(missing)],
    ["null in SQL", sqlOf(isNull)],
  ])("of samples: a required column is %s", async (_, samples) => {
    await using store = await openStore(":memory:");
    await using increment = await store.resolve(Video, untyped({ samples }));
    const refusal = await refusalOf(increment.write(untyped(increment.new)));
    expect(refusal.code).toBe("missing-column");
    expect(refusal.message).toBe(
      'A new row of video (video_id "a"): path is missing or null, and must not be. Nothing was written.',
    );
    expect(await store.read(Video).toArray()).toEqual([]);
    await increment.write(untyped([{ video_id: "a", path: "p", n: 1 }]));

    const other = { video_id: "a", path: "p", n: 2, metaxy_provenance_by_field: { default: "0" } };
    await store.write(Video, untyped([other]));
    await using again = await store.resolve(Video, untyped({ samples }));
    expect((await refusalOf(again.write(untyped(again.stale)))).message).toMatch(/^A stale row of video/);
  });

  it("of a child: a constraint of its own", async () => {
    await using store = await openStore(":memory:");
    const rows = [12, 5, 11].map((n) => ({ video_id: `v${n}`, path: "p", n, ...versions }));
    await store.write(Video, untyped(rows));
    await using increment = await store.resolve(Crop);
    const refusal = await refusalOf(increment.write(untyped(increment.new)));
    expect(refusal.code).toBe("constraint-violated");
    expect(refusal.message).toBe(
      'A new row of crop (video_id "v5"): n (5) breaks the constraint minimum of its spec (value >= 10). Nothing was written.',
    );
    expect(await store.read(Crop).toArray()).toEqual([]);
    await using filtered = await store.resolve(Crop, untyped({ filters: { video: "n > 10" } }));
    expect((await filtered.write(untyped(filtered.new))).rows).toBe(2);
  });

  it.each([
    [{ x: null, y: "a" }, "missing-column", /x is missing or null/],
    [{ x: "x", y: null }, "missing-column", /y is missing or null/],
    [{ x: "x", y: "b" }, "constraint-violated", /y \(b\) breaks the constraint pattern/],
  ])("of a child whose columns take less: %o", async (values, code, message) => {
    await using store = await openStore(":memory:");
    await store.write(Plain, untyped([{ id: "a", ...values, ...versions }]));
    await using increment = await store.resolve(Strict);
    const refusal = await refusalOf(increment.write(untyped(increment.new)));
    expect(refusal.code).toBe(code);
    expect(refusal.message).toMatch(message);
    await increment.write(untyped([{ id: "a", x: "x", y: "a" }]));
  });

  it("of a child with another type, which a cast would bend", async () => {
    await using store = await openStore(":memory:");
    await store.write(Plain, untyped([{ id: "a", f: 1.5, ...versions }]));
    await using increment = await store.resolve(Whole);
    const refusal = await refusalOf(increment.write(untyped(increment.new)));
    expect(refusal.message).toBe(
      "f of increment.new of whole is DOUBLE, and its spec declares BIGINT. Write rows of your own that have it in that type.",
    );
  });
});

describe("samples", () => {
  it("are checked when they come in, but for columns that another row may fill", async () => {
    await using store = await openStore(":memory:");
    const given = { video_id: "a", boxes: [{ w: 1 }, { w: 2 }, { label: "x" }], ...versions };
    const refusal = await refusalOf(store.resolve(Shape, untyped({ samples: [given] })));
    expect(refusal.message).toBe(
      'Row 1 of shape (video_id "a"): boxes[2].w is null or missing, and must not be. Nothing was written.',
    );
    expect(refusal.facts).toMatchObject({
      row: 1,
      column: "boxes",
      path: "boxes[2].w",
      id: { video_id: "a" },
    });
  });
});

describe("the row and the place of a value that breaks a constraint", () => {
  it("are named, far down and among many", async () => {
    await using store = await openStore(":memory:");
    const rows = Array.from({ length: 5000 }, (_, n) => ({
      video_id: `v${n}`,
      boxes: [{ w: 1 }, { w: n === 4321 ? 0 : 1, label: "l" }],
      ...versions,
    }));
    const message =
      'Row 4322 of shape (video_id "v4321"): boxes[1].w (0) breaks the constraint minimum of its spec (value >= 1). Nothing was written.';
    expect((await refusalOf(store.write(Shape, untyped(rows)))).message).toBe(message);
    const sql = `SELECT 'v' || i AS video_id, [{'w': 1}, {'w': CASE WHEN i = 4321 THEN 0 ELSE 1 END}] AS boxes,
      {'default': '1'} AS metaxy_provenance_by_field FROM range(5000) AS r(i)`;
    expect((await refusalOf(store.write(Shape, untyped({ sql })))).message).toBe(message);
  });
});

function sqlOf(sample: object): { readonly sql: string } {
  const columns = Object.entries(sample).map(
    ([name, value]) => `${typeof value === "string" ? `'${value}'` : String(value)} AS ${name}`,
  );
  return { sql: `SELECT ${columns.join(", ")}, {'default': '1'} AS metaxy_provenance_by_field` };
}
