import { parseColumn } from "../../column-type.ts";
import { InputError, type InputErrorCode } from "../../errors.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import type { Bindings, Session } from "../connection/session.ts";
import { structMembers } from "../tables/relation.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import { castIncoming } from "./cast-incoming.ts";
import type { IncomingShape, RawRows } from "./stage-rows.ts";

/** What is asked of rows beyond their types. */
export interface RowDemands extends IncomingShape {
  /** Columns that must be there and not null. */
  readonly required: readonly string[];
  /** Columns that together must differ from row to row; empty where rows may repeat. */
  readonly unique: readonly string[];
  /** Constraints, as in the plan. */
  readonly checks: { readonly [column: string]: { readonly [keyword: string]: string } };
  /** Whether each row must bear its provenance. */
  readonly provenance: "required" | "ignored";
}

/** Rows whose columns and types fit: a SELECT of the declared columns and the by-field structs. */
export interface CheckedRows {
  readonly sql: string;
  /** Declared columns that the rows have; the others are null. */
  readonly present: readonly string[];
}

/** Checks staged rows against the spec, the same for rows from JavaScript and from SQL. */
export async function checkRows(session: Session, raw: RawRows, demands: RowDemands): Promise<CheckedRows> {
  // A prepared statement would not tell a JSON column from a text.
  const arrived = await session.rows(`DESCRIBE ${raw.table}`);
  const types = new Map(
    arrived.map((column) => [String(column["column_name"]), String(column["column_type"])]),
  );
  if (raw.from === "sql") assertColumns(types, demands);
  const present = Object.keys(demands.columns).filter((column) => types.has(column));
  const columns = Object.entries(demands.columns).map(([name, declared]) => {
    const { type } = parseColumn(declared);
    return `${castIncoming(name, type, types.get(name), demands.feature)} AS ${quoteName(name)}`;
  });
  const byField = byFieldColumns.map((name) => `${byFieldSql(name, types.get(name), demands)} AS ${name}`);
  const sql = `SELECT ${[...columns, ...byField].join(", ")} FROM ${raw.table}`;
  await assertValues(session, sql, demands);
  return { sql, present };
}

function assertColumns(types: ReadonlyMap<string, string>, demands: RowDemands): void {
  const known = new Set([...Object.keys(demands.columns), ...byFieldColumns]);
  const undeclared = [...types.keys()].find((name) => !known.has(name) && !name.startsWith("metaxy_"));
  if (undeclared !== undefined) {
    throw new InputError(
      "undeclared-column",
      `The query for ${demands.feature} gives ${JSON.stringify(undeclared)}, which its spec does not declare. Declared: ${Object.keys(demands.columns).join(", ")}.`,
      { feature: demands.feature, column: undeclared },
    );
  }
  const missing = demands.required.find((name) => !types.has(name));
  if (missing !== undefined) {
    throw new InputError(
      "missing-column",
      `The rows for ${demands.feature} lack ${JSON.stringify(missing)}, which every row needs.`,
      { feature: demands.feature, column: missing },
    );
  }
}

/** A by-field column as a struct; its members must be the feature's fields, no more, no fewer. */
function byFieldSql(
  name: string,
  type: string | undefined,
  { members, feature, provenance }: RowDemands,
): string {
  const packed = (value: (member: string) => string) =>
    `struct_pack(${members.map((member) => `${quoteName(member)} := ${value(member)}`).join(", ")})`;
  const none = `NULL::STRUCT(${members.map((member) => `${quoteName(member)} VARCHAR`).join(", ")})`;
  const wanted = type !== undefined && (name !== "metaxy_provenance_by_field" || provenance === "required");
  if (!wanted) return none;
  if (type.startsWith("MAP")) {
    return `CASE WHEN ${name} IS NOT NULL THEN ${packed((member) => `${name}[${quoteText(member)}]`)} END`;
  }
  const arrived = structMembers(type);
  const odd = [
    ...arrived.filter((m) => !members.includes(m)),
    ...members.filter((m) => !arrived.includes(m)),
  ];
  if (odd.length > 0) {
    throw new InputError(
      "missing-provenance",
      `${name} of rows for ${feature} must be a STRUCT with one text per field (${members.join(", ")}), and it is ${type}.`,
      { feature, column: name, members },
    );
  }
  return `CASE WHEN ${name} IS NOT NULL THEN ${packed((member) => `${name}.${quoteName(member)}`)} END`;
}

interface ValueCheck {
  readonly code: InputErrorCode;
  readonly column: string;
  /** True for a row that is refused. */
  readonly sql: string;
  readonly message: string;
}

async function assertValues(session: Session, rows: string, demands: RowDemands): Promise<void> {
  const checks = valueChecks(demands);
  if (checks.length > 0) {
    const counts = checks.map(({ sql }, index) => `count(*) FILTER (${sql}) AS c${index}`);
    const [found] = await session.rows(`SELECT ${counts.join(", ")} FROM (${rows})`);
    const failed = checks.find((_, index) => Number(found?.[`c${index}`] ?? 0) > 0);
    if (failed !== undefined) await refuseValue(session, rows, failed, demands);
  }
  if (demands.unique.length > 0) await assertUnique(session, rows, demands);
}

function valueChecks({ columns, required, unique, checks, members, provenance }: RowDemands): ValueCheck[] {
  const missing = required.map(
    (column): ValueCheck => ({
      code: unique.includes(column) ? "null-id" : "missing-column",
      column,
      sql: `${quoteName(column)} IS NULL`,
      message: "is missing or null, and must not be",
    }),
  );
  const unsafe = Object.entries(columns)
    .filter(([, type]) => type.startsWith("BIGINT") && !type.startsWith("BIGINT["))
    .map(
      ([column]): ValueCheck => ({
        code: "unsafe-integer",
        column,
        sql: `abs(${quoteName(column)}::HUGEINT) > 9007199254740991`,
        message: `is beyond 2^53; declare it with "format": "int64"`,
      }),
    );
  const constraints = Object.entries(checks).flatMap(([column, predicates]) =>
    Object.entries(predicates).map(
      ([keyword, sql]): ValueCheck => ({
        code: "constraint-violated",
        column,
        sql: `NOT (${sql})`,
        message: `breaks the constraint ${keyword} of its spec (${sql})`,
      }),
    ),
  );
  const unversioned = (column: string): ValueCheck => ({
    code: "missing-provenance",
    column,
    sql: members.map((member) => `${column}.${quoteName(member)} IS NULL`).join(" OR "),
    message: `must have one text for each field: ${members.join(", ")}`,
  });
  return [
    ...missing,
    ...unsafe,
    ...constraints,
    ...(provenance === "required" ? [unversioned("metaxy_provenance_by_field")] : []),
    {
      ...unversioned("metaxy_data_version_by_field"),
      sql: `metaxy_data_version_by_field IS NOT NULL AND (${unversioned("metaxy_data_version_by_field").sql})`,
    },
  ];
}

async function refuseValue(
  session: Session,
  rows: string,
  check: ValueCheck,
  demands: RowDemands,
): Promise<never> {
  const [example] = await session.rows(
    `SELECT number, (${quoteName(check.column)})::VARCHAR AS value
     FROM (SELECT *, row_number() OVER () AS number FROM (${rows})) WHERE ${check.sql} LIMIT 1`,
  );
  const value = example?.["value"];
  const shown = value === null || value === undefined ? "" : ` (${value})`;
  throw new InputError(
    check.code,
    `Row ${example?.["number"]} of ${demands.feature}: ${check.column}${shown} ${check.message}. Nothing was written.`,
    { feature: demands.feature, row: Number(example?.["number"]), column: check.column, value },
  );
}

/** Refuses rows of which several have one id. */
export async function assertUnique(
  session: Session,
  rows: string,
  { unique, feature }: Pick<RowDemands, "unique" | "feature">,
  bindings?: Bindings,
): Promise<void> {
  const ids = unique.map(quoteName).join(", ");
  const [repeated] = await session.rows(
    `SELECT ${ids}, count(*) AS stemma_count FROM (${rows}) GROUP BY ${ids} HAVING count(*) > 1 LIMIT 1`,
    bindings,
  );
  if (repeated === undefined) return;
  const id = unique.map((column) => `${column} = ${String(repeated[column])}`).join(", ");
  throw new InputError(
    "duplicate-id",
    `${repeated["stemma_count"]} rows of ${feature} have the id ${id}: a sample may stand once among the rows of one call.`,
    { feature, id: Object.fromEntries(unique.map((column) => [column, repeated[column]])) },
  );
}
