import { type ColumnType, printType, type ScalarName } from "./column-type.ts";

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
  /** DuckDB type that the table has there; absent for a member that is new. */
  readonly from?: string;
  /** DuckDB type that the spec has there; absent for a member that is gone. */
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
  /** Empty where both types are stored alike. */
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
  const parts = compare(from, to, "").map((part) => (use.isId ? keepIdType(part) : part));
  return { verdict: strictest(parts), parts };
}

/** Types of ids that sort alike, so that an id may be stored in either. */
const orders = [new Set(["BIGINT", "INT64", "DOUBLE"]), new Set(["DATE", "TIMESTAMPTZ"])];

function keepIdType(part: TransitionPart): TransitionPart {
  const { from = "", to = "" } = part;
  if (part.path === "" && orders.some((order) => order.has(from) && order.has(to)))
    return { ...part, verdict: "kept" };
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
    const reason = `a ${types.to} is stored for the JSON that says it`;
    return [{ ...types, verdict: "widened", reason, provided: `each stored JSON is a ${types.to}` }];
  }
  if (to.kind === "json" && from.kind === "scalar" && inJson.has(from.name))
    return [
      {
        ...types,
        verdict: "widened",
        reason: `JSON holds each ${types.from}`,
        ...(from.name === "INT64" ? { provided: upTo53 } : {}),
      },
    ];
  return [{ ...types, verdict: "refused", reason: `no value of ${types.from} is a value of ${types.to}` }];
}

/** Types of which each value is one in JSON. */
const inJson: ReadonlySet<ScalarName> = new Set(["VARCHAR", "BIGINT", "INT64", "DOUBLE", "BOOLEAN"]);

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
    return [{ ...added, verdict: "refused", reason: `DuckDB can't tell ${name} from the stored ${twin}` }];
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
  const known = transitions[from][to];
  if (known !== undefined) return [{ ...types, ...known }];
  return [{ ...types, verdict: "refused", reason: `a ${from} is no ${to}` }];
}

type TransitionRule = Pick<TransitionPart, "verdict" | "reason" | "provided">;

const upTo53 = "each stored value is a whole number up to 2^53";

/** A type that became a text. */
function asText(what: string): TransitionRule {
  return { verdict: "widened", reason: `a text holds ${what}` };
}

/** A type that was a text: the table holds it as the text that it prints. */
function fromText(what: string): TransitionRule {
  return { verdict: "kept", reason: `a text holds ${what}`, provided: `each stored text is ${what}` };
}

/** Stored type → declared type. What is not here is refused. */
const transitions: Readonly<Record<ScalarName, { readonly [to in ScalarName]?: TransitionRule }>> = {
  VARCHAR: {
    BIGINT: fromText("a whole number up to 2^53 as it is printed"),
    INT64: fromText("a whole number up to 2^63 as it is printed"),
    BOOLEAN: fromText("`true` or `false`"),
    DATE: fromText("a date such as 2026-01-31"),
    UUID: fromText("a UUID in lower case"),
    TIMESTAMPTZ: fromText("a time such as 2026-01-31T12:00:00.123456Z"),
  },
  BIGINT: {
    INT64: { verdict: "kept", reason: "both are stored as BIGINT" },
    DOUBLE: { verdict: "widened", reason: "a number holds each integer up to 2^53" },
    VARCHAR: asText("each integer as it is printed"),
  },
  INT64: {
    BIGINT: { verdict: "kept", reason: "both are stored as BIGINT", provided: upTo53 },
    DOUBLE: { verdict: "widened", reason: "a number holds each integer up to 2^53", provided: upTo53 },
    VARCHAR: asText("each integer as it is printed"),
  },
  DOUBLE: {
    BIGINT: { verdict: "kept", reason: "a number holds each integer up to 2^53", provided: upTo53 },
    INT64: {
      verdict: "kept",
      reason: "a number holds each integer up to 2^53, and a write beyond is refused",
      provided: upTo53,
    },
    VARCHAR: { verdict: "refused", reason: "a number has no one text" },
  },
  BOOLEAN: { VARCHAR: asText("`true` and `false`") },
  DATE: {
    TIMESTAMPTZ: { verdict: "widened", reason: "a date is its midnight in UTC" },
    VARCHAR: asText("each date as it is printed"),
  },
  TIMESTAMPTZ: {
    DATE: {
      verdict: "kept",
      reason: "a date is its midnight in UTC",
      provided: "each stored time is a midnight in UTC",
    },
    VARCHAR: asText("each time in RFC 3339"),
  },
  UUID: { VARCHAR: asText("each UUID in lower case") },
};
