import { type ColumnType, printType } from "./column-type.ts";
import { type ScalarName, scalarTypes } from "./scalar-types.ts";

/**
 * What becomes of stored values when the type of a column changes.
 *
 * - `kept`: the table holds every value of the new type, so nothing is altered.
 * - `widened`: each stored value stays exact in the new type, so the column is altered by the first write.
 * - `refused`: the table can hold the new values only by changing stored ones.
 */
export type TransitionVerdict = "kept" | "widened" | "refused";

/** One difference between two column types, at any depth. */
export interface TransitionPart {
  /** Where inside the column: `""` for the column itself, `[]` for list items, `{}` for map values, `.name` for a member. */
  readonly path: string;
  /** Type that the table has there; absent for a member that is new. */
  readonly from?: string;
  /** Type that the spec declares there; absent for a member that is gone. */
  readonly to?: string;
  readonly verdict: TransitionVerdict;
  /** Why, as a clause: `DOUBLE holds every BIGINT`. */
  readonly reason: string;
  /** What each stored value must be, where only the data can tell: otherwise the part is refused. */
  readonly provided?: string;
}

/** The judgement on a whole column: the strictest verdict of its parts. */
export interface ColumnTransition {
  readonly verdict: TransitionVerdict;
  /** Empty where both types are stored as one. */
  readonly parts: readonly TransitionPart[];
}

/** How a column is used. */
export interface TransitionUse {
  /** Groups are ordered by ids, so the type of an id column is never changed. */
  readonly isId?: boolean;
}

/**
 * Compares the type of a stored column with the type that the spec declares now, nested types too.
 *
 * @example
 * ```ts
 * const { type: bigint } = parseColumn("BIGINT");
 * const { type: double } = parseColumn("DOUBLE");
 * columnTransition(bigint, double).verdict; // "widened"
 * columnTransition(double, bigint); // "kept", provided that "each stored value is a whole number up to 2^53"
 * ```
 */
export function columnTransition(
  from: ColumnType,
  to: ColumnType,
  use: TransitionUse = {},
): ColumnTransition {
  const sortAlike =
    from.kind === "scalar" &&
    to.kind === "scalar" &&
    scalarTypes[from.name].order === scalarTypes[to.name].order;
  const parts = compare(from, to, "").map((part) => (use.isId ? keepIdType(part, sortAlike) : part));
  return { verdict: strictest(parts), parts };
}

/** An id may be stored in any type that sorts as its own does. */
function keepIdType(part: TransitionPart, sortAlike: boolean): TransitionPart {
  if (sortAlike) return { ...part, verdict: "kept" };
  const { provided: _, ...rest } = part;
  return { ...rest, verdict: "refused", reason: "groups are ordered by id columns, so their types stay" };
}

function strictest(parts: readonly TransitionPart[]): TransitionVerdict {
  const verdicts = new Set(parts.map(({ verdict }) => verdict));
  return verdicts.has("refused") ? "refused" : verdicts.has("widened") ? "widened" : "kept";
}

function compare(from: ColumnType, to: ColumnType, path: string): TransitionPart[] {
  if (from.kind === "scalar" && to.kind === "scalar") return compareScalars(from.name, to.name, path);
  if (from.kind === "list" && to.kind === "list") return compare(from.items, to.items, `${path}[]`);
  if (from.kind === "map" && to.kind === "map") return compare(from.values, to.values, `${path}{}`);
  if (from.kind === "struct" && to.kind === "struct") return compareMembers(from, to, path);
  if (from.kind === "json" && to.kind === "json") return [];
  const types = { path, from: printType(from), to: printType(to) };
  if (from.kind === "json") {
    const reason = `a ${types.to} replaces the JSON that holds it`;
    return [{ ...types, verdict: "widened", reason, provided: `each stored JSON is a ${types.to}` }];
  }
  if (to.kind === "json" && from.kind === "scalar") return intoJson(from.name, types);
  return [{ ...types, verdict: "refused", reason: `no value of ${types.from} is a value of ${types.to}` }];
}

function intoJson(from: ScalarName, types: Pick<TransitionPart, "path" | "from" | "to">): TransitionPart[] {
  const { inJson } = scalarTypes[from];
  if (inJson === "none")
    return [{ ...types, verdict: "refused", reason: `no value of ${from} is a value of JSON` }];
  return [
    {
      ...types,
      verdict: "widened",
      reason: `JSON holds each ${from}`,
      ...(inJson === "all" ? {} : { provided: `each stored value is a whole number ${inJson}` }),
    },
  ];
}

type Struct = Extract<ColumnType, { readonly kind: "struct" }>;

function compareMembers(from: Struct, to: Struct, path: string): TransitionPart[] {
  const before = new Map(from.members.map(({ name, type }) => [name, type]));
  const after = new Set(to.members.map(({ name }) => name));
  const folded = new Map(from.members.map(({ name }) => [name.toLowerCase(), name]));
  const parts = to.members.flatMap(({ name, type }): TransitionPart[] => {
    const old = before.get(name);
    const at = `${path}.${name}`;
    if (old !== undefined) return compare(old, type, at);
    const added = { path: at, to: printType(type) };
    const twin = folded.get(name.toLowerCase());
    if (twin === undefined) return [{ ...added, verdict: "widened", reason: "stored values are null there" }];
    return [{ ...added, verdict: "refused", reason: `${name} and the stored ${twin} differ in case only` }];
  });
  const gone = from.members
    .filter(({ name }) => !after.has(name))
    .map(({ name, type }): TransitionPart => {
      const reason = "the table keeps the member";
      const provided = "no stored value has it";
      return { path: `${path}.${name}`, from: printType(type), verdict: "kept", reason, provided };
    });
  return [...parts, ...gone];
}

function compareScalars(from: ScalarName, to: ScalarName, path: string): TransitionPart[] {
  const types = { path, from, to };
  if (from === to) return [];
  const rule = ruleFor(from, to);
  if (rule !== undefined) return [{ ...types, ...rule }];
  return [{ ...types, verdict: "refused", reason: `a ${from} is not a ${to}` }];
}

/** What becomes of the values of one part of a column. */
export type TransitionRule = Pick<TransitionPart, "verdict" | "reason" | "provided">;

function ruleFor(from: ScalarName, to: ScalarName): TransitionRule | undefined {
  const rule = scalarTypes[from].becomes[to];
  if (rule !== undefined) return rule;
  const [all, one] = [scalarTypes[from].text?.all, scalarTypes[to].text?.one];
  if (to === "VARCHAR" && all !== undefined) return { verdict: "widened", reason: `a string holds ${all}` };
  // The table goes on to hold the value as the text that it prints.
  if (from === "VARCHAR" && one !== undefined)
    return { verdict: "kept", reason: `a string holds ${one}`, provided: `each stored string is ${one}` };
  return undefined;
}
