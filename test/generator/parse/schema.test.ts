import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { printSpecType } from "../../codegen/spec-type.ts";

const schemaText = readFileSync(new URL("../../../schemas/feature.schema.json", import.meta.url), "utf8");

interface SchemaNode {
  readonly title?: unknown;
  readonly description?: unknown;
  readonly examples?: readonly unknown[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: unknown;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
}

const schema: SchemaNode = JSON.parse(schemaText);
const objects = [["spec", schema] as const, ...Object.entries(schema.$defs ?? {})].filter(
  ([, node]) => node.properties !== undefined,
);
const keywords = objects.flatMap(([owner, { properties = {} }]) =>
  Object.entries(properties).map(([name, node]) => ({ keyword: `${owner}.${name}`, owner, name, node })),
);
const ajv = new Ajv2020({ allErrors: true, strict: true });
ajv.addSchema(schema, "spec");

function pointerOf(owner: string, name: string): string {
  return `spec#${owner === "spec" ? "" : `/$defs/${owner}`}/properties/${name}`;
}

describe("the meta-schema", () => {
  test("is closed: every object with keywords refuses others", () => {
    expect(objects.filter(([, node]) => node.additionalProperties !== false).map(([name]) => name)).toEqual(
      [],
    );
  });

  test.each(keywords)("$keyword has a title, a description and examples", ({ node }) => {
    expect(node.title).toEqual(expect.stringMatching(/^[A-Z]/));
    expect(node.description).toEqual(expect.stringMatching(/^[A-Z].*\.$/));
    expect(node.examples?.length).toBeGreaterThan(0);
  });

  test.each(keywords)("the examples of $keyword are right", ({ owner, name, node }) => {
    const validate = ajv.getSchema(pointerOf(owner, name.replaceAll("$", "%24")));
    for (const example of node.examples ?? []) {
      expect(validate?.(example), JSON.stringify(validate?.errors)).toBe(true);
    }
  });

  test("has a whole spec as an example, which is right", () => {
    const validate = ajv.getSchema("spec#");
    expect(schema.examples?.map((example) => validate?.(example))).toEqual([true]);
  });

  test("knows exactly the column keywords of the language", () => {
    const known = Object.keys(schema.$defs?.["column"]?.properties ?? {});
    const expected =
      "type format enum const items properties required additionalProperties $ref $defs anyOf oneOf title " +
      "description default examples deprecated minimum maximum exclusiveMinimum exclusiveMaximum multipleOf " +
      "minLength maxLength pattern minItems maxItems uniqueItems renamedFrom";
    expect(known.toSorted()).toEqual(expected.split(" ").toSorted());
  });
});

test("the TypeScript type of a spec is what the meta-schema prints now", async () => {
  const committed = readFileSync(
    new URL("../../../generator/parse/feature-spec.ts", import.meta.url),
    "utf8",
  );
  expect(committed, "run `npm run codegen`").toBe(await printSpecType(schemaText));
});
