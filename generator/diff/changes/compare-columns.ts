import { type ColumnTransition, columnTransition } from "../../../runtime/columns/column-transition.ts";
import { isNamedByFormat } from "../../../runtime/columns/scalar-types.ts";
import { isStoredAlike } from "../../../runtime/columns/stored-alike.ts";
import { type ColumnView, constraintKeywords, type Keywords, typeScriptShape } from "../model/column-view.ts";
import { isSame } from "../model/is-same.ts";
import type { ColumnRuleId } from "../rules/rule.ts";

/** A difference between two states of a column. */
export interface ColumnChange {
  readonly rule: ColumnRuleId;
  /** The part of the column that changed; absent for the column as a whole. */
  readonly detail?: string;
  readonly from?: string;
  readonly to?: string;
  /** What happens to stored values, where the type changed. */
  readonly stored?: ColumnTransition;
}

/** Compares a column that both states have. No write changes the type of an id column. */
export function compareColumns(before: ColumnView, after: ColumnView, isId = false): ColumnChange[] {
  const type = compareTypes(before, after);
  // Keywords of parts of another type are not comparable.
  const keywords = type === "column-type" ? [] : compareKeywords(before, after);
  return [
    ...(type === undefined
      ? []
      : [{ rule: type, from: before.text, to: after.text, ...storedValues(before, after, isId) }]),
    ...(before.nullable === after.nullable
      ? []
      : [{ rule: after.nullable ? ("column-nullable" as const) : ("column-required" as const) }]),
    ...keywords,
  ];
}

function storedValues(
  { type: from }: ColumnView,
  { type: to }: ColumnView,
  isId: boolean,
): Pick<ColumnChange, "stored"> {
  return from === undefined || to === undefined ? {} : { stored: columnTransition(from, to, { isId }) };
}

function compareTypes(before: ColumnView, after: ColumnView): ColumnRuleId | undefined {
  if (before.text === after.text) return undefined;
  if (before.type === undefined || after.type === undefined) return "column-type";
  if (typeScriptShape(before.type) === typeScriptShape(after.type)) return "column-format";
  return isStoredAlike(before.type, after.type) ? "column-int64" : "column-type";
}

/** Compares what a schema says beyond the type of a column: listed values, nullable members, constraints. */
function compareKeywords(before: ColumnView, after: ColumnView): ColumnChange[] {
  const { type } = after;
  // Listed values of a format are not a union of literals in TypeScript.
  const isListed = type?.kind !== "scalar" || !isNamedByFormat(type.name);
  return compareSchemas(before.keywords, after.keywords, { at: [], isListed, isJson: false });
}

interface Context {
  /** Path of keywords and properties. */
  readonly at: readonly string[];
  /** Whether listed values are part of the TypeScript type. */
  readonly isListed: boolean;
  /** Whether the column is JSON: an absent part allows any value, since no type describes it. */
  readonly isJson: boolean;
}

function compareSchemas(before: Keywords, after: Keywords, context: Context): ColumnChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [
    ...compareLiterals(before, after, context),
    ...[...names].sort().flatMap((name) => {
      if (name === "enum" || name === "const") return [];
      return compareKeyword(name, before[name], after[name], { ...context, at: [...context.at, name] });
    }),
  ];
}

function compareKeyword(name: string, before: unknown, after: unknown, context: Context): ColumnChange[] {
  if (isSame(before, after)) return [];
  const { at, isJson } = context;
  const change = (rule: ColumnChange["rule"]): ColumnChange => ({
    rule,
    detail: at.join("."),
    ...(before === undefined ? {} : { from: JSON.stringify(before) }),
    ...(after === undefined ? {} : { to: JSON.stringify(after) }),
  });
  if (nesting.has(name)) {
    const [a, b] = isJson ? [before, after] : [before ?? {}, after ?? {}];
    if (!isKeywords(a) || !isKeywords(b)) return [change("column-type")];
    const inside = { ...context, isListed: true, isJson: isJson || name === "schema" };
    return name === "properties" ? compareProperties(a, b, inside) : compareSchemas(a, b, inside);
  }
  if (constraintKeywords.has(name)) return [change("column-constraint")];
  if (isJson) return [change("column-type")];
  if (name === "required") return compareRequired(before, after, at);
  const [wasNullable, isNullable] = [namesNull(before), namesNull(after)];
  if (wasNullable === isNullable) return [change("column-type")];
  return [{ rule: isNullable ? "column-nullable" : "column-required", detail: at.slice(0, -1).join(".") }];
}

const nesting: ReadonlySet<string> = new Set(["schema", "items", "properties", "additionalProperties"]);

function compareProperties(before: Keywords, after: Keywords, context: Context): ColumnChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].sort().flatMap((name) => {
    const [a, b] = context.isJson ? [before[name], after[name]] : [before[name] ?? {}, after[name] ?? {}];
    const at = [...context.at, name];
    if (isKeywords(a) && isKeywords(b)) return compareSchemas(a, b, { ...context, at });
    const removed = { rule: "column-type" as const, detail: at.join(".") };
    return [
      a === undefined ? { ...removed, to: JSON.stringify(b) } : { ...removed, from: JSON.stringify(a) },
    ];
  });
}

/** Members that are not required read as null. */
function compareRequired(before: unknown, after: unknown, at: readonly string[]): ColumnChange[] {
  const [was, is] = [texts(before), texts(after)];
  const part = (name: string): string => [...at.slice(0, -1), "properties", name].join(".");
  return [
    ...was
      .filter((name) => !is.includes(name))
      .map((name) => ({ rule: "column-nullable" as const, detail: part(name) })),
    ...is
      .filter((name) => !was.includes(name))
      .map((name) => ({ rule: "column-required" as const, detail: part(name) })),
  ];
}

function compareLiterals(before: Keywords, after: Keywords, { at, isListed }: Context): ColumnChange[] {
  const [was, is] = [literals(before), literals(after)];
  const isWider =
    is === undefined ? was !== undefined : was !== undefined && is.some((v) => !was.includes(v));
  const isNarrower =
    was === undefined ? is !== undefined : is !== undefined && was.some((v) => !is.includes(v));
  const facts = {
    ...(was === undefined ? {} : { from: was.join(", ") }),
    ...(is === undefined ? {} : { to: is.join(", ") }),
  };
  const location = at.length === 0 ? {} : { detail: at.join(".") };
  if (!isListed) {
    return isWider || isNarrower
      ? [{ rule: "column-constraint", detail: [...at, "enum"].join("."), ...facts }]
      : [];
  }
  return [
    ...(isWider ? [{ rule: "column-enum-widened" as const, ...location, ...facts }] : []),
    ...(isNarrower ? [{ rule: "column-enum-narrowed" as const, ...location, ...facts }] : []),
  ];
}

/** The values that a schema lists, as JSON, without null. */
function literals(schema: Keywords): string[] | undefined {
  const values = "const" in schema ? [schema["const"]] : schema["enum"];
  return Array.isArray(values)
    ? values.filter((value) => value !== null).map((value) => JSON.stringify(value))
    : undefined;
}

function isKeywords(value: unknown): value is Keywords {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function namesNull(type: unknown): boolean {
  return Array.isArray(type) && type.includes("null");
}
