import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { type Diagnostic, type Location, report } from "../diagnostics/diagnostic.ts";
import { columnTypeOf } from "./column-type-of.ts";
import { describeMismatch } from "./describe-mismatch.ts";
import { useOwnMultiples } from "./own-multiples.ts";
import type { ColumnSchema } from "./parsed-spec.ts";
import { type Keyword, plainSchema, type SchemaNode } from "./schema-node.ts";
import { syntaxError } from "./translate-pattern.ts";

// The schemas of columns were checked before they come here.
const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, code: { optimize: false } });
addFormats.default(ajv, ["date-time", "date", "uuid", "int64"]);
useOwnMultiples(ajv);

/** What each keyword that holds values is checked against: the schema without these keywords. */
const left = { enum: ["enum", "const"], const: ["const"], default: [], examples: [] } as const;

/** Values in a schema that do not satisfy it: of `default`, `examples`, `enum` and `const`. */
export function* valueProblems(node: SchemaNode): Iterable<Diagnostic> {
  for (const [name, without] of Object.entries(left)) {
    const keyword = node.keywords.get(name);
    if (keyword === undefined) continue;
    yield* misfits(name, keyword, without, node);
  }
}

function* misfits(
  name: string,
  keyword: Keyword,
  without: readonly string[],
  node: SchemaNode,
): Iterable<Diagnostic> {
  const { document, path } = keyword.place;
  const isList = name === "enum" || name === "examples";
  const values = isList ? (keyword.value as readonly unknown[]) : [keyword.value];
  const mismatch = checker(node, without);
  const isNumberColumn = isBigint(columnTypeOf(node));
  for (const [index, value] of values.entries()) {
    const at = (): Location => document.locate(isList ? [...path, index] : path);
    const error = mismatch(value);
    if (error !== undefined) {
      yield report("value-against-schema", at(), { keyword: name, value, reason: describeMismatch(error) });
    } else if (isNumberColumn && typeof value === "number" && !Number.isSafeInteger(value)) {
      yield report("unsafe-integer", at(), { value });
    }
  }
}

/** Whether a column holds what JavaScript's numbers hold exactly, and no further integers. */
function isBigint(type: ColumnType): boolean {
  return type.kind === "scalar" && type.name === "BIGINT";
}

/** Says why a value does not satisfy a schema, of which some keywords are left out. */
function checker(node: SchemaNode, without: readonly string[]): (value: unknown) => ErrorObject | undefined {
  const schema = Object.fromEntries(
    Object.entries(plainSchema(node, enforced)).filter(([name]) => !without.includes(name)),
  );
  const validate = compiled(schema);
  return (value) => (validate(value) ? undefined : validate.errors?.[0]);
}

const known = new Map<string, ValidateFunction>();

/** How many compiled schemas are kept: those of most columns are alike, and compiling takes a millisecond. */
const mostKnown = 1000;

function compiled(schema: ColumnSchema): ValidateFunction {
  const text = JSON.stringify(schema);
  const validate = known.get(text) ?? ajv.compile(schema);
  ajv.removeSchema(schema);
  if (known.size >= mostKnown) known.clear();
  known.set(text, validate);
  return validate;
}

/** A schema as it is enforced: closed where it declares members and does not say that it is open, without a bad pattern. */
function enforced({ pattern, ...schema }: ColumnSchema): ColumnSchema {
  const isBad = typeof pattern === "string" && syntaxError(pattern) !== undefined;
  return {
    ...("properties" in schema ? { additionalProperties: false } : {}),
    ...schema,
    ...(pattern === undefined || isBad ? {} : { pattern }),
  };
}
