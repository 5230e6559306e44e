import { createRequire } from "node:module";
import type { Ajv2020, ErrorObject, ValidateFunction } from "ajv/dist/2020.js";
import type { FormatName } from "ajv-formats";
import type { ColumnType } from "../../runtime/columns/column-type.ts";
import { scalarFormats, scalarTypes } from "../../runtime/columns/scalar-types.ts";
import { createDiagnostic, type Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { quoteValue } from "../diagnostics/quote-value.ts";
import { columnTypeOf } from "./column-type-of.ts";
import type { ColumnSchema } from "./parsed-spec.ts";
import { syntaxError } from "./re2-pattern.ts";
import { type Keyword, plainSchema, type SchemaNode } from "./schema-node.ts";

let loaded: Ajv2020 | undefined;

/** ajv takes 100 ms to load, and only a schema that holds values needs it. The schemas of columns are checked already. */
function valueChecker(): Ajv2020 {
  if (loaded !== undefined) return loaded;
  const require = createRequire(import.meta.url);
  const { Ajv2020 }: typeof import("ajv/dist/2020.js") = require("ajv/dist/2020.js");
  const addFormats: typeof import("ajv-formats") = require("ajv-formats");
  loaded = new Ajv2020({ strict: false, logger: false, validateSchema: false, code: { optimize: false } });
  addFormats.default(loaded, scalarFormats as FormatName[]);
  overrideMultipleOf(loaded);
  return loaded;
}

/** What each keyword that holds values is checked against: the schema without these keywords. */
const excludedKeywords = { enum: ["enum", "const"], const: ["const"], default: [], examples: [] } as const;

/** Values in a schema that do not satisfy it: of `default`, `examples`, `enum` and `const`. */
export function* valueProblems(node: SchemaNode): Iterable<Diagnostic> {
  for (const [name, excluded] of Object.entries(excludedKeywords)) {
    const keyword = node.keywords.get(name);
    if (keyword === undefined) continue;
    yield* mismatches(name, keyword, excluded, node);
  }
}

function* mismatches(
  name: string,
  keyword: Keyword,
  excluded: readonly string[],
  node: SchemaNode,
): Iterable<Diagnostic> {
  const { document, path } = keyword.location;
  const isList = name === "enum" || name === "examples";
  const values = isList ? (keyword.value as readonly unknown[]) : [keyword.value];
  const mismatch = checker(node, excluded);
  const isSafeIntegers = holdsSafeIntegers(columnTypeOf(node));
  for (const [index, value] of values.entries()) {
    const at = (): SourceSpan => document.locate(isList ? [...path, index] : path);
    const error = mismatch(value);
    if (error !== undefined) {
      yield createDiagnostic("value-against-schema", at(), {
        keyword: name,
        value,
        reason: describeMismatch(error),
      });
    } else if (isSafeIntegers && typeof value === "number" && !Number.isSafeInteger(value)) {
      yield createDiagnostic("unsafe-integer", at(), { value });
    }
  }
}

/** Whether a column holds the integers that JavaScript's numbers hold exactly, and no others. */
function holdsSafeIntegers(type: ColumnType): boolean {
  if (type.kind !== "scalar") return false;
  const { schema, typescript } = scalarTypes[type.name];
  return schema.type === "integer" && typescript === "number";
}

/** Says why a value does not satisfy a schema, of which some keywords are left out. */
function checker(node: SchemaNode, excluded: readonly string[]): (value: unknown) => ErrorObject | undefined {
  const schema = Object.fromEntries(
    Object.entries(plainSchema(node, enforced)).filter(([name]) => !excluded.includes(name)),
  );
  const validate = compiled(schema);
  return (value) => (validate(value) ? undefined : validate.errors?.[0]);
}

const validatorCache = new Map<string, ValidateFunction>();

/** How many compiled schemas are kept: those of most columns are alike, and compiling takes a millisecond. */
const maxCached = 1000;

function compiled(schema: ColumnSchema): ValidateFunction {
  const text = JSON.stringify(schema);
  const ajv = valueChecker();
  const validate = validatorCache.get(text) ?? ajv.compile(schema);
  ajv.removeSchema(schema);
  if (validatorCache.size >= maxCached) validatorCache.clear();
  validatorCache.set(text, validate);
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

type Wording = (params: Readonly<Record<string, unknown>>) => string;

const wordings: Readonly<Record<string, Wording>> = {
  type: ({ type }) => `it is not of the type ${[type].flat().map(quoteValue).join(" or ")}`,
  format: ({ format }) => `it is not a valid ${format}${formatExamples[String(format)] ?? ""}`,
  pattern: ({ pattern }) => `it does not match ${quoteValue(pattern)}`,
  enum: () => 'it is not in the "enum"',
  const: () => 'it is not the "const"',
  minimum: ({ limit }) => `it is less than ${limit}`,
  maximum: ({ limit }) => `it is greater than ${limit}`,
  exclusiveMinimum: ({ limit }) => `it is not greater than ${limit}`,
  exclusiveMaximum: ({ limit }) => `it is not less than ${limit}`,
  multipleOf: ({ multipleOf }) => `it is not a multiple of ${multipleOf}`,
  minLength: ({ limit }) => `it has fewer than ${limit} characters`,
  maxLength: ({ limit }) => `it has more than ${limit} characters`,
  minItems: ({ limit }) => `it has fewer than ${limit} items`,
  maxItems: ({ limit }) => `it has more than ${limit} items`,
  uniqueItems: () => "its items are not distinct",
  required: ({ missingProperty }) => `${quoteValue(missingProperty)} is missing`,
  additionalProperties: ({ additionalProperty }) => `${quoteValue(additionalProperty)} is not declared`,
  anyOf: () => 'it has none of the shapes of "anyOf"',
  oneOf: () => 'it has none or several of the shapes of "oneOf"',
};

const formatExamples: Readonly<Record<string, string>> = {
  "date-time": ", like 2026-01-31T12:00:00Z",
  date: ", like 2026-01-31",
};

/** Our words for why a value does not satisfy a schema; inner values are named by their path. */
function describeMismatch({ keyword, params, instancePath }: ErrorObject): string {
  const reason = wordings[keyword]?.(params) ?? `of ${quoteValue(keyword)}`;
  return instancePath === "" ? reason : `at ${instancePath.slice(1)}, ${reason}`;
}

interface Validate {
  (value: number): boolean;
  errors?: Partial<ErrorObject>[];
}

/**
 * Makes `multipleOf` mean what stores enforce: a remainder tells for integers, for other numbers a quotient within 1e-9
 * of a whole number counts, as 0.3 does of 0.1.
 */
function overrideMultipleOf(ajv: Ajv2020): void {
  ajv.removeKeyword("multipleOf");
  ajv.addKeyword({
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    errors: true,
    compile: (step: number, parent) => {
      const types = [(parent["type"] ?? []) as string | readonly string[]].flat();
      const exactly = Number.isInteger(step) && types.includes("integer") && !types.includes("number");
      const validate: Validate = (value) => {
        const isMultiple = exactly
          ? value % step === 0
          : Math.abs(value / step - Math.round(value / step)) <= 1e-9;
        if (!isMultiple) validate.errors = [{ keyword: "multipleOf", params: { multipleOf: step } }];
        return isMultiple;
      };
      return validate;
    },
  });
}
