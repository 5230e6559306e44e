import { expect, it } from "vitest";
import { compileModel } from "../../../../generator/compile-project.ts";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { refusalOf } from "../../../support/refusal-of.ts";
import { untyped } from "../../../support/untyped.ts";

const number = { type: "number" };
const list = (items: object, more: object) => ({ type: "array", items, ...more });
const pair = { type: "object", properties: { a: number, b: { type: "string" } } };

const cases: readonly [schema: object, taken: unknown, refused: unknown, keyword: string][] = [
  [{ ...number, multipleOf: 0.1 }, 0.3, 0.35, "multipleOf"],
  [{ ...number, multipleOf: 3 }, 3e15, 1e15, "multipleOf"],
  [{ ...number, multipleOf: 1e-7 }, 0.0000003, 0.00000035, "multipleOf"],
  [{ type: "integer", multipleOf: 3 }, 9007199254740990, 9007199254740991, "multipleOf"],
  [{ type: "integer", multipleOf: 0.5 }, 7, 2.5, ""],
  [{ type: "integer", minimum: 0.5 }, 1, 0, "minimum"],
  [{ type: "integer", maximum: 1e21 }, 9007199254740991, 1.5, ""],
  [{ ...number, minimum: 0.30000000000000004 }, 0.30000000000000004, 0.3, "minimum"],
  [{ ...number, exclusiveMaximum: 0.1 }, 0.09999999999999999, 0.1, "exclusiveMaximum"],
  [{ ...number, enum: [0.1, 1e-7] }, 1e-7, 1.0000000000000002e-7, "enum"],
  [{ type: "string", enum: ["$value", "a'$value'"] }, "a'$value'", "value", "enum"],
  [{ type: "string", pattern: "^\\$value[.]$" }, "$value.", "$value", "pattern"],
  [{ type: "string", pattern: "^\\S+$" }, "a\u200bb", "a\u00a0b", "pattern"],
  [{ type: "string", minLength: 2, maxLength: 2 }, "😀é", "e\u0301é", "maxLength"],
  [list(number, { uniqueItems: true }), [1, 2], [1, 1.0], "uniqueItems"],
  [list({ type: ["number", "null"] }, { uniqueItems: true }), [1, null], [null, 1, null], "uniqueItems"],
  [
    list(pair, { uniqueItems: true }),
    [{ a: 1 }, { a: 1, b: "x" }],
    [
      { a: 1, b: "x" },
      { b: "x", a: 1 },
    ],
    "uniqueItems",
  ],
  [list({ type: ["number", "string"] }, { uniqueItems: true }), [1, "1"], ["a", 1, "a"], "uniqueItems"],
  [list(list(number, { minItems: 1 }), { maxItems: 2 }), [[1], [2, 3]], [[1], []], "minItems"],
];

const rowOf = (x: unknown) => ({ id: "a", x, metaxy_provenance_by_field: { default: "1" } });

it.each(cases)(
  "%j takes %j and refuses %j, in the compiler and in the store",
  async (schema, taken, refused, keyword) => {
    const complaints = (example: unknown) => {
      const spec = buildSpec("f", {
        columns: { id: text, x: { ...schema, examples: [example] } },
        ids: ["id"],
      });
      const sources = { "schemas/f.feature.json": JSON.stringify(spec) };
      return compileModel(sources, { hashLength: 64, schemas: "schemas" }).diagnostics.map(
        ({ code }) => code,
      );
    };
    expect(complaints(taken)).toEqual([]);
    expect(complaints(refused)).toEqual(["value-against-schema"]);

    const feature = loadFeature([buildSpec("f", { columns: { id: text, x: schema }, ids: ["id"] })], "f");
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(store.write(feature, untyped([rowOf(refused)])));
    expect(refusal.message).toContain(keyword);
    await store.write(feature, untyped([rowOf(taken)]));
    expect(await store.read(feature).toArray()).toHaveLength(1);
  },
);

it.each([{ minimum: 0 }, { exclusiveMinimum: 0 }, { maximum: 1 }, { multipleOf: 1 }])(
  "NaN is within no bounds: %j",
  async (bounds) => {
    const feature = loadFeature(
      [buildSpec("f", { columns: { id: text, x: { ...number, ...bounds } }, ids: ["id"] })],
      "f",
    );
    await using store = await openStore(":memory:");
    const refusal = await refusalOf(store.write(feature, untyped([rowOf(Number.NaN)])));
    expect(refusal.message).toContain(Object.keys(bounds)[0]);
  },
);
