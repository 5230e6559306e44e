import type { ErrorObject } from "ajv/dist/2020.js";
import { quoteValue } from "../diagnostics/quote-value.ts";

type Wording = (params: Readonly<Record<string, unknown>>) => string;

const wordings: Readonly<Record<string, Wording>> = {
  type: ({ type }) => `it is not of the type ${[type].flat().map(quoteValue).join(" or ")}`,
  format: ({ format }) => `it is no ${format}${formatExamples[String(format)] ?? ""}`,
  pattern: ({ pattern }) => `it does not match ${quoteValue(pattern)}`,
  enum: () => 'it is not in the "enum"',
  const: () => 'it is not the "const"',
  minimum: ({ limit }) => `it is less than ${limit}`,
  maximum: ({ limit }) => `it is greater than ${limit}`,
  exclusiveMinimum: ({ limit }) => `it is not greater than ${limit}`,
  exclusiveMaximum: ({ limit }) => `it is not less than ${limit}`,
  multipleOf: ({ multipleOf }) => `it is no multiple of ${multipleOf}`,
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
export function describeMismatch({ keyword, params, instancePath }: ErrorObject): string {
  const reason = wordings[keyword]?.(params) ?? `of ${quoteValue(keyword)}`;
  return instancePath === "" ? reason : `at ${instancePath.slice(1)}, ${reason}`;
}
