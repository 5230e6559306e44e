import fc from "fast-check";

/** A schema of a column or of a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

const withNull = (type: string, isNullable: boolean) => (isNullable ? [type, "null"] : type);

const scalar: fc.Arbitrary<Schema> = fc
  .tuple(
    fc.constantFrom<Schema>(
      { type: "string" },
      { type: "string", minLength: 1, maxLength: 3 },
      { type: "string", pattern: "^[a-z]+$" },
      { type: "string", pattern: "^\\S.*$" },
      { type: "string", enum: ["a", "b", "$value"] },
      { type: "string", format: "date" },
      { type: "string", format: "date-time" },
      { type: "string", format: "uuid" },
      { type: "integer" },
      { type: "integer", minimum: 0, exclusiveMaximum: 10 },
      { type: "integer", multipleOf: 3 },
      { type: "number" },
      { type: "number", exclusiveMinimum: 0, maximum: 1.5 },
      { type: "number", multipleOf: 0.1 },
      { type: "number", enum: [0.1, 2] },
      { type: "boolean" },
    ),
    fc.boolean(),
  )
  .map(([schema, isNullable]) => {
    const type = withNull(String(schema["type"]), isNullable);
    return Array.isArray(schema["enum"]) && isNullable
      ? { ...schema, type, enum: [...schema["enum"], null] }
      : { ...schema, type };
  });

const names = ["x", "b c", "q\"'", "constructor", "a/b~c"];

const { schema } = fc.letrec<{ schema: Schema }>((tie) => {
  const part = tie("schema");
  const list = fc
    .record({
      items: part,
      isNullable: fc.boolean(),
      more: fc.constantFrom<Schema>({}, { minItems: 1 }, { maxItems: 2 }, { uniqueItems: true }),
    })
    .map(({ items, isNullable, more }) => {
      const isScalar = [items["type"]]
        .flat()
        .every((type) => !["array", "object", undefined].includes(type as string));
      // Whether lists and objects are compared depends on how they are stored.
      const constraints = "uniqueItems" in more && !isScalar ? {} : more;
      return { type: withNull("array", isNullable), items, ...constraints };
    });
  const map = fc.record({ values: part, isNullable: fc.boolean() }).map(({ values, isNullable }) => ({
    type: withNull("object", isNullable),
    additionalProperties: values,
  }));
  const object = fc
    .record({
      members: fc.uniqueArray(fc.tuple(fc.constantFrom(...names), part), {
        minLength: 1,
        maxLength: 3,
        selector: ([name]) => name,
      }),
      isRequired: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      isNullable: fc.boolean(),
      further: fc.option(fc.oneof(fc.constant(true), part), { nil: undefined, freq: 3 }),
    })
    .map(({ members, isRequired, isNullable, further }) => ({
      type: withNull("object", isNullable),
      properties: Object.fromEntries(members),
      required: members.filter((_, index) => isRequired[index]).map(([name]) => name),
      ...(further === undefined ? {} : { additionalProperties: further }),
    }));
  const unlike = fc
    .record({
      kind: fc.constantFrom("anyOf", "oneOf"),
      shapes: fc.array(part, { minLength: 2, maxLength: 3 }),
    })
    .map(({ kind, shapes }) => ({ [kind]: shapes }));
  const free = fc.constantFrom<Schema>(
    {},
    { type: ["string", "integer"], minLength: 2, maximum: 5 },
    { enum: ["a", 1, null, [1, { a: 2 }]] },
    { type: "array", maxItems: 1 },
  );
  return {
    schema: fc.oneof(
      { maxDepth: 3, depthSize: "small", withCrossShrink: true },
      { arbitrary: scalar, weight: 4 },
      { arbitrary: list, weight: 2 },
      { arbitrary: map, weight: 1 },
      { arbitrary: object, weight: 3 },
      { arbitrary: unlike, weight: 1 },
      { arbitrary: free, weight: 1 },
    ),
  };
});

/** Schemas of columns of any type, with constraints at any depth. */
export const arbitrarySchema: fc.Arbitrary<Schema> = schema;

const scalarValues: Readonly<Record<string, readonly unknown[]>> = {
  string: ["a", "ab", "abcd", "", "A", "$value", "\u00a0a", "a\rb"],
  date: ["2026-01-31", "0001-01-01"],
  "date-time": ["2026-01-31T12:00:00.123456Z"],
  uuid: ["6f1b2c3d-0000-4000-8000-00000000abcd"],
  integer: [0, 3, 9, 10, -1],
  number: [0.1, 0.3, 1.5, 2, 0, -1],
  boolean: [true, false],
};

/** Values for a schema: most of them are of its types, some break what it demands. */
export function valueFor(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  const shapes = (schema["anyOf"] ?? schema["oneOf"]) as readonly Schema[] | undefined;
  if (shapes !== undefined) return fc.oneof(...shapes.map((shape) => valueFor(shape, depth)));
  const types = [schema["type"] ?? []].flat() as string[];
  const proper = types.filter((type) => type !== "null");
  if (proper.length === 0) return fc.constantFrom<unknown>("a", 1, null, [1, { a: 2 }], { b: [null] }, true);
  const choices = proper.map((type): fc.Arbitrary<unknown> => {
    if (type === "array") return listFor(schema, depth);
    if (type === "object") return objectFor(schema, depth);
    const listed = (schema["enum"] as unknown[] | undefined)?.filter((value) => value !== null);
    const format = String(schema["format"] ?? type);
    return fc.constantFrom(...(listed ?? []), ...(scalarValues[format] ?? []));
  });
  return fc.oneof(
    { arbitrary: fc.oneof(...choices), weight: 14 },
    { arbitrary: fc.constant(null), weight: 1 },
  );
}

function listFor(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const items = (schema["items"] ?? {}) as Schema;
  return fc.array(valueFor(items, depth + 1), { maxLength: 3 });
}

function objectFor(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  const required = (schema["required"] ?? []) as readonly string[];
  const further = schema["additionalProperties"];
  const own = Object.entries(properties).map(([name, member]) =>
    fc
      .tuple(valueFor(member, depth + 1), fc.nat(required.includes(name) ? 12 : 2))
      .map(([value, chance]) => (chance === 0 ? undefined : ([name, value] as const))),
  );
  const others =
    further === undefined
      ? fc.constant([])
      : fc.array(
          fc.tuple(
            fc.constantFrom("k", 'k"1', "k 2").filter((name) => !Object.hasOwn(properties, name)),
            valueFor((further === true ? {} : further) as Schema, depth + 1),
          ),
          { maxLength: 2 },
        );
  return fc
    .tuple(fc.tuple(...own), others)
    .map(([members, more]) =>
      Object.fromEntries([...members.filter((member) => member !== undefined), ...more]),
    );
}
