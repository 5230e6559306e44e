import type { ErrorObject } from "ajv/dist/2020.js";
import { definitionOf, type MetaSchemaNode, typeNames } from "./meta-schema.ts";

/** What is wrong with the shape of a spec, at a JSON pointer. */
export type ShapeProblem = { readonly pointer: string } & (
  | { readonly kind: "unknown-keyword"; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: "missing-keyword"; readonly name: string; readonly example: unknown }
  | {
      readonly kind: "wrong-type";
      readonly value: unknown;
      /** JSON types, or single values as JSON. */
      readonly expected: readonly string[];
      /** What the `type` of the expected object may be. */
      readonly tags: readonly string[];
    }
  | {
      readonly kind: "wrong-value";
      readonly value: unknown;
      readonly allowed: readonly unknown[];
      /** Types of which any value is allowed. */
      readonly orTypes: readonly string[];
    }
  | { readonly kind: "out-of-range"; readonly value: unknown; readonly range: string }
  | { readonly kind: "empty-list" }
  | { readonly kind: "duplicate-items"; readonly items: readonly unknown[] }
  | { readonly kind: "bad-key"; readonly key: string }
  | { readonly kind: "open-row"; readonly value: unknown }
);

/** Reads an error of ajv, any but those of `anyOf`, as a problem. Its own text is never shown. */
export function toShapeProblem(error: ErrorObject, pointer: string): ShapeProblem {
  const params: Readonly<Record<string, unknown>> = error.params;
  const parent = error.parentSchema as MetaSchemaNode | undefined;
  const value: unknown = error.data;
  switch (error.keyword) {
    case "additionalProperties": {
      const known = Object.keys(parent?.properties ?? {});
      return { pointer, kind: "unknown-keyword", name: String(params["additionalProperty"]), known };
    }
    case "required": {
      const name = String(params["missingProperty"]);
      return { pointer, kind: "missing-keyword", name, example: parent?.properties?.[name]?.examples?.[0] };
    }
    case "type": {
      const tags = parent?.title === definitionOf("#/$defs/column").title ? typeNames : [];
      return { pointer, kind: "wrong-type", value, expected: [String(params["type"])], tags };
    }
    case "const":
      if (params["allowedValue"] === false) return { pointer, kind: "open-row", value };
      return { pointer, kind: "wrong-value", value, allowed: [params["allowedValue"]], orTypes: [] };
    case "enum":
      return {
        pointer,
        kind: "wrong-value",
        value,
        allowed: params["allowedValues"] as unknown[],
        orTypes: [],
      };
    case "pattern":
      return { pointer, kind: "bad-key", key: String(value) };
    case "minItems":
      return { pointer, kind: "empty-list" };
    case "uniqueItems":
      return { pointer, kind: "duplicate-items", items: value as unknown[] };
    case "minimum":
      return { pointer, kind: "out-of-range", value, range: `at least ${params["limit"]}` };
    case "exclusiveMinimum":
      return { pointer, kind: "out-of-range", value, range: `greater than ${params["limit"]}` };
    default:
      throw new Error(`Errors of the keyword ${error.keyword} in the meta-schema are not worded`);
  }
}
