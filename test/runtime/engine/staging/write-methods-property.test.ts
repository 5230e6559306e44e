import fc from "fast-check";
import { expect, test } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { isInputError, type Store } from "../../../../runtime/index.ts";
import { arbitrarySchema, type Schema, valueFor } from "../../../oracle/arbitrary-schema.ts";
import { satisfies } from "../../../oracle/naive-check.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadProject } from "../../../support/load-project.ts";
import { sqlValue } from "../../../support/sql-value.ts";
import { untyped } from "../../../support/untyped.ts";

const versions = { metaxy_provenance_by_field: { default: "1" } };

/** A case's features, each of the same schema but `loose` and `source`. */
interface Case {
  readonly store: Store;
  readonly feature: (name: string) => never;
  readonly key: (name: string) => string;
}

/** A way for a row to get into the table of a feature that is called like it. */
type WriteMethod = (given: Case, id: string, value: unknown) => Promise<unknown>;

const writeMethods: Readonly<Record<string, WriteMethod>> = {
  array: ({ store, feature }, id, x) => store.write(feature("array"), untyped([{ id, x, ...versions }])),
  sql: ({ store, feature }, id, x) =>
    store.write(
      feature("sql"),
      untyped({
        sql: `SELECT '${id}' AS id, ${sqlValue(feature("sql"), x)} AS x, {'default': '1'} AS metaxy_provenance_by_field;`,
      }),
    ),
  samples: async ({ store, feature }, id, x) => {
    const samples = [{ id, x, ...versions }];
    await using increment = await store.resolve(feature("samples"), untyped({ samples }));
    await increment.write(untyped(increment.new));
  },
  set: async ({ store, feature, key }, id, x) => {
    await store.write(feature("loose"), untyped([{ id, x, ...versions }]));
    const filters = { [key("loose")]: `id = '${id}'` };
    await using increment = await store.resolve(feature("set"), untyped({ filters }));
    await increment.write(untyped(increment.new));
  },
  process: async ({ store, feature, key }, id, x) => {
    await store.write(feature("source"), untyped([{ id, ...versions }]));
    const filters = { [key("source")]: `id = '${id}'` };
    const worker = async () => ({ id, x });
    const { failed } = await store.process(feature("process"), untyped(worker), untyped({ filters }));
    if (failed[0] !== undefined) throw failed[0].error.cause;
  },
};

/** The schema without all that a type does not say, so that any value of the type gets in. */
function loosened(schema: Schema): Schema {
  if ("anyOf" in schema || "oneOf" in schema) return {};
  const types = [schema["type"] ?? []].flat().filter((type) => type !== "null");
  const [type] = types;
  if (types.length !== 1) return {};
  const { items, properties, additionalProperties: further, format } = schema;
  const nullable = { type: [type, "null"] };
  if (type === "array") return items === undefined ? {} : { ...nullable, items: loosened(items as Schema) };
  if (type !== "object") return format === undefined ? nullable : { ...nullable, format };
  const values = further === true || further === undefined ? {} : loosened(further as Schema);
  if (properties === undefined)
    return { ...nullable, additionalProperties: further === true ? true : values };
  if (further !== undefined && further !== false) return {};
  const members = Object.entries(properties as Record<string, Schema>).map(
    ([name, member]) => [name, loosened(member)] as const,
  );
  return { ...nullable, properties: Object.fromEntries(members) };
}

/** Features of one case; their keys are its own, as all cases share a store. */
function project(store: Store, schema: Schema, isRequired: boolean, number: number): Case {
  const key = (name: string) => `${name}${number}`;
  const strict = (name: string, deps?: string[]) => ({
    ...buildSpec(key(name), {
      columns: { id: text, x: schema },
      ids: ["id"],
      ...(deps === undefined ? {} : { deps: deps.map(key) }),
    }),
    required: isRequired ? ["id", "x"] : ["id"],
  });
  const loose = buildSpec(key("loose"), { columns: { id: text, x: loosened(schema) }, ids: ["id"] });
  const features = loadProject(
    [
      ...["array", "sql", "samples"].map((name) => strict(name)),
      { ...loose, required: ["id"] },
      strict("set", ["loose"]),
      buildSpec(key("source"), { columns: { id: text }, ids: ["id"] }),
      strict("process", ["source"]),
    ],
    { hashLength: 64 },
  );
  return { store, key, feature: (name) => untyped(features[key(name)]) };
}

test("a row is taken or refused whatever way it comes in, and is the same in the store", {
  timeout: 300_000,
}, async () => {
  await using store = await openStore(":memory:");
  const verdicts = { taken: 0, refused: 0 };
  let number = 0;
  const cases = arbitrarySchema.chain((schema) =>
    fc.record({
      schema: fc.constant(schema),
      isRequired: fc.boolean(),
      values: fc.array(valueFor(schema), { minLength: 2, maxLength: 4 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ schema, isRequired, values }) => {
      const given = project(store, schema, isRequired, ++number);
      for (const [index, value] of values.entries()) {
        const isRight = satisfies(schema, value, "typed", !isRequired);
        verdicts[isRight ? "taken" : "refused"] += 1;
        const results: unknown[] = [];
        for (const [name, writeMethod] of Object.entries(writeMethods)) {
          const refusal = await writeMethod(given, `a${index}`, value).then(
            () => undefined,
            (error: unknown) => (isInputError(error) ? error : Promise.reject(error)),
          );
          const about = `${name}: ${JSON.stringify(value)} for ${JSON.stringify(schema)}: ${refusal?.message ?? "taken"}`;
          expect(refusal === undefined, about).toBe(isRight);
          const rows = await store
            .read(given.feature(name), untyped({ filters: `id = 'a${index}'` }))
            .toArray();
          expect(rows.length, about).toBe(isRight ? 1 : 0);
          if (isRight) results.push((rows[0] as Record<string, unknown>)["x"]);
        }
        for (const result of results) expect(result, JSON.stringify(schema)).toEqual(results[0]);
      }
    }),
    { numRuns: Number(process.env["STEMMA_RUNS"] ?? 12) },
  );
  expect(Math.min(verdicts.taken, verdicts.refused)).toBeGreaterThan(2);
});
