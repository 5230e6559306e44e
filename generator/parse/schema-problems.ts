import { scalarNames, scalarTypes } from "../../runtime/columns/scalar-types.ts";
import { createDiagnostic, type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import type { SourceSpan } from "../diagnostics/location.ts";
import { suggest } from "../diagnostics/suggest.ts";
import { nameProblems } from "./name-problems.ts";
import { findUnsupported, syntaxError } from "./re2-pattern.ts";
import {
  childrenOf,
  type Keyword,
  keywordOf,
  type SchemaLocation,
  type SchemaNode,
  typesOf,
} from "./schema-node.ts";
import { valueProblems } from "./value-problems.ts";

/** What is wrong with a schema and with all schemas in it. */
export function schemaProblems(node: SchemaNode): Diagnostic[] {
  const problems = [
    ...keywordProblems(node),
    ...patternProblems(node),
    ...nameProblems(memberLocations(node)),
  ];
  for (const child of childrenOf(node)) for (const problem of schemaProblems(child)) problems.push(problem);
  // A schema that makes no sense can't be asked about values.
  return hasErrors(problems) ? problems : [...problems, ...valueProblems(node)];
}

function memberLocations({ children }: SchemaNode): ReadonlyMap<string, SchemaLocation> {
  return new Map([...(children.properties ?? [])].map(([name, { location }]) => [name, location]));
}

/** Why the `pattern` of a schema is not enforced: JSON Schema takes JavaScript's expressions, DuckDB runs RE2's. */
export function* patternProblems(node: SchemaNode): Iterable<Diagnostic> {
  const keyword = node.keywords.get("pattern");
  if (keyword === undefined) return;
  const pattern = keyword.value as string;
  const unsupported = findUnsupported(pattern);
  if (unsupported !== undefined) {
    const { construct, engine, instead } = unsupported;
    return yield createDiagnostic("pattern-unsupported", locationOf(keyword), {
      pattern,
      construct,
      engine,
      instead,
    });
  }
  const detail = syntaxError(pattern);
  if (detail !== undefined) yield createDiagnostic("bad-pattern", locationOf(keyword), { pattern, detail });
}

function locationOf({ location }: Keyword): SourceSpan {
  return location.document.locate(location.path);
}

const number = ["integer", "number"];
const string = ["string"];
const array = ["array"];
const object = ["object"];

/** The types about which a keyword says something. Dates and UUIDs are not strings here: DuckDB has types for them. */
const typesByKeyword: Readonly<Record<string, readonly string[]>> = {
  minimum: number,
  maximum: number,
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  multipleOf: number,
  minLength: string,
  maxLength: string,
  pattern: string,
  items: array,
  minItems: array,
  maxItems: array,
  uniqueItems: array,
  properties: object,
  required: object,
  additionalProperties: object,
};

/** What is wrong with the keywords of one schema, its inner schemas apart. */
function* keywordProblems(node: SchemaNode): Iterable<Diagnostic> {
  yield* misplacedKeywords(node);
  yield* contradictoryBounds(node);
  yield* unknownRequired(node);
  yield* enumWithoutNull(node);
}

function* misplacedKeywords(node: SchemaNode): Iterable<Diagnostic> {
  const named = typesOf(node).filter((type) => type !== "null");
  const stored = named.map((type) => (type === "string" ? storedAs(node) : type));
  for (const [keyword, { location, value }] of node.keywords) {
    const isFormat = keyword === "format";
    const belongsTo = isFormat ? typesOfFormat(value) : typesByKeyword[keyword];
    const types = isFormat ? named : stored;
    if (belongsTo === undefined || types.some((type) => belongsTo.includes(type))) continue;
    yield createDiagnostic("misplaced-keyword", location.document.locateKey(location.path), {
      keyword,
      types,
      belongsTo,
    });
  }
}

/** The JSON types of which a format declares a scalar of its own. */
function typesOfFormat(format: unknown): readonly string[] {
  const schemas = scalarNames.map((name) => scalarTypes[name].schema);
  return schemas.flatMap((schema) => (schema.format === format ? [schema.type] : []));
}

/** What a string is stored as: a string, or of the type that its format names. */
function storedAs(node: SchemaNode): string {
  const format = keywordOf<string>(node, "format");
  return format !== undefined && typesOfFormat(format).includes("string") ? format : "string";
}

/** Pairs of keywords that leave no value between them; `strict`: nor an equal one. */
const bounds = [
  { lower: "minimum", upper: "maximum", strict: false },
  { lower: "minimum", upper: "exclusiveMaximum", strict: true },
  { lower: "exclusiveMinimum", upper: "maximum", strict: true },
  { lower: "exclusiveMinimum", upper: "exclusiveMaximum", strict: true },
  { lower: "minLength", upper: "maxLength", strict: false },
  { lower: "minItems", upper: "maxItems", strict: false },
] as const;

function* contradictoryBounds(node: SchemaNode): Iterable<Diagnostic> {
  for (const { lower, upper, strict } of bounds) {
    const least = node.keywords.get(lower) as (Keyword & { value: number }) | undefined;
    const most = node.keywords.get(upper) as (Keyword & { value: number }) | undefined;
    if (least === undefined || most === undefined) continue;
    if (least.value < most.value || (least.value === most.value && !strict)) continue;
    yield createDiagnostic("contradictory-bounds", most.location.document.locate(most.location.path), {
      lower: { keyword: lower, value: least.value },
      upper: { keyword: upper, value: most.value },
    });
  }
}

function* unknownRequired(node: SchemaNode): Iterable<Diagnostic> {
  const required = node.keywords.get("required");
  const declared = [...(node.children.properties?.keys() ?? [])];
  for (const [index, name] of ((required?.value ?? []) as readonly string[]).entries()) {
    if (required === undefined || declared.includes(name)) continue;
    const at = required.location.document.locate([...required.location.path, index]);
    yield createDiagnostic("required-unknown", at, { name, suggestion: suggest(name, declared) });
  }
}

function* enumWithoutNull(node: SchemaNode): Iterable<Diagnostic> {
  const listed = node.keywords.get("enum");
  if (listed === undefined || !typesOf(node).includes("null")) return;
  if ((listed.value as readonly unknown[]).includes(null)) return;
  yield createDiagnostic("enum-without-null", listed.location.document.locateKey(listed.location.path), {});
}
