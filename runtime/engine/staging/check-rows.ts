import { isTextual, type StoredColumns, type StoredType } from "../../columns/stored-type.ts";
import type { ValueCheck } from "../../contract.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import type { EngineSession } from "../engine.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import { assertUnique } from "./assert-unique.ts";
import { castColumns } from "./cast-columns.ts";
import { assertColumnValues, selectAs } from "./check-columns.ts";
import type { RawRows } from "./stage-rows.ts";
import { computedColumns, type StagingSchema } from "./staging-schema.ts";
import { type ColumnCheck, constraintChecks, nullChecks, readableChecks } from "./value-checks.ts";

/** What rows must satisfy beyond their types. */
export interface RowRequirements extends StagingSchema {
  /** Columns that must be there and not null. */
  readonly required: readonly string[];
  /** Columns that together must differ from row to row; empty where rows may repeat. */
  readonly unique: readonly string[];
  /** Constraints, as in the plan. */
  readonly checks: readonly ValueCheck[];
  /** Whether each row must have its provenance. */
  readonly provenance: "required" | "ignored";
}

/** Rows whose columns and types fit: a SELECT of the declared columns and the by-field structs. */
export interface CheckedRows {
  readonly sql: string;
  /** Declared columns that the rows have; the others are null. */
  readonly present: readonly string[];
}

/** Checks staged rows against the spec, the same for rows from JavaScript and from SQL. */
export async function checkRows(
  session: EngineSession,
  raw: RawRows,
  requirements: RowRequirements,
): Promise<CheckedRows> {
  const dialect = session.dialect.values;
  const arrived = raw.from === "sql" ? await session.columnsOf(raw.table) : undefined;
  if (arrived !== undefined) assertColumns(arrived, requirements);
  const { feature, ids = requirements.unique } = requirements;
  const columns = castColumns(dialect, requirements.columns, arrived, {
    what: `rows for ${feature}`,
    hint: "Cast it in the query, where you can see what that does.",
  });
  const byField = byFieldColumns.map((name) => {
    const isProvenance = name === "metaxy_provenance_by_field";
    const type = arrived === undefined ? textStruct(dialect, requirements.members) : arrived.get(name);
    return {
      name,
      type: isProvenance && requirements.provenance === "ignored" ? undefined : type,
      isRequired: isProvenance && requirements.provenance === "required",
    };
  });
  const selected = byField.map(
    ({ name, type }) => `${byFieldSql(dialect, name, type, requirements)} AS ${name}`,
  );
  const rows = {
    table: raw.table,
    number: `${session.dialect.log.column} + 1`,
    bindings: undefined,
    feature,
    ids: ids.filter((id) => arrived?.has(id) ?? true),
  };
  await assertColumnValues(session, rows, columns, {
    arrived: byField.flatMap(({ name, type }) => arrivedByFieldChecks(dialect, name, type, requirements)),
    declared: [
      ...nullChecks(requirements.required, requirements.unique),
      ...(arrived === undefined ? [] : readableChecks(dialect, requirements.columns)),
      ...constraintChecks(dialect, requirements.checks, requirements.columns),
      ...byField.flatMap(({ name, type, isRequired }) =>
        type === undefined && !isRequired ? [] : byFieldChecks(dialect, name, requirements, isRequired),
      ),
    ],
    selected,
  });
  const sql = `SELECT ${[...columns.map(selectAs), ...selected].join(", ")} FROM ${raw.table}`;
  if (requirements.unique.length > 0) await assertUnique(session, sql, requirements);
  return { sql, present: Object.keys(requirements.columns).filter((name) => arrived?.has(name) ?? true) };
}

/** The type of a by-field column of rows from JavaScript. */
function textStruct(dialect: ValueDialect, members: readonly string[]): StoredType {
  const { type: text } = dialect.scalars.VARCHAR;
  return {
    kind: "struct",
    members: members.map((name) => ({ name, type: { kind: "scalar", name: "utf8", text } })),
    text: dialect.structType(members.map((name) => [name, text])),
  };
}

function assertColumns(types: StoredColumns, requirements: RowRequirements): void {
  const known = new Set([...Object.keys(requirements.columns), ...byFieldColumns, ...computedColumns]);
  const undeclared = [...types.keys()].find((name) => !known.has(name));
  if (undeclared !== undefined) {
    throw new InputError(
      "undeclared-column",
      `The query for ${requirements.feature} gives ${JSON.stringify(undeclared)}, which its spec does not declare. Declared: ${Object.keys(requirements.columns).join(", ")}.`,
      { feature: requirements.feature, column: undeclared },
    );
  }
  const missing = requirements.required.find((name) => !types.has(name));
  if (missing !== undefined) {
    throw new InputError(
      "missing-column",
      `The rows for ${requirements.feature} lack ${JSON.stringify(missing)}, which every row needs.`,
      { feature: requirements.feature, column: missing },
    );
  }
}

/** Whose by-field columns are read, and which members they must have. */
export interface ByFieldSchema {
  readonly feature: string;
  readonly members: readonly string[];
}

/** A by-field column as a struct: its members are the feature's fields, no more, no fewer. */
function byFieldSql(
  dialect: ValueDialect,
  name: string,
  arrived: StoredType | undefined,
  { members, feature }: ByFieldSchema,
): string {
  const text = dialect.scalars.VARCHAR.type;
  if (arrived === undefined)
    return dialect.nullOf(dialect.structType(members.map((member) => [member, text])));
  if (!holdsTexts(arrived, members)) {
    throw new InputError(
      "missing-provenance",
      `${name} of rows for ${feature} must be a STRUCT with one VARCHAR per field (${members.join(", ")}), and it is ${arrived.text}. Build it in the query: {${members.map((member) => `'${member}': …`).join(", ")}}.`,
      { feature, column: name, members },
    );
  }
  const value = (member: string) =>
    arrived.kind === "map" ? dialect.mapValue(name, quoteLiteral(member)) : dialect.member(name, member);
  const packed = members.map((member) => [member, dialect.cast(value(member), text)] as const);
  return `CASE WHEN ${name} IS NOT NULL THEN ${dialect.struct(packed)} END`;
}

function holdsTexts(type: StoredType, members: readonly string[]): boolean {
  if (type.kind === "map") return isTextual(type.keys) && isTextual(type.values);
  if (type.kind !== "struct" || type.members.length !== members.length) return false;
  return type.members.every((member) => members.includes(member.name) && isTextual(member.type));
}

/** Checks of a by-field column as it arrived: a MAP may have a key too many, which no cast reports. */
function arrivedByFieldChecks(
  dialect: ValueDialect,
  name: string,
  arrived: StoredType | undefined,
  { members }: ByFieldSchema,
): ColumnCheck[] {
  if (arrived?.kind !== "map") return [];
  return [
    {
      column: name,
      steps: [],
      sql: dialect.hasAll(dialect.list(members.map(quoteLiteral)), dialect.mapKeys("$value")),
      code: "missing-provenance",
      message: `has a key that is not a field; its fields are ${members.join(", ")}`,
    },
  ];
}

/** Checks of a by-field column as a struct. */
function byFieldChecks(
  dialect: ValueDialect,
  name: string,
  { members }: ByFieldSchema,
  isRequired: boolean,
): ColumnCheck[] {
  const present = members.map((member) => `${dialect.member("$value", member)} IS NOT NULL`).join(" AND ");
  return [
    {
      column: name,
      steps: [],
      sql: isRequired ? present : `$value IS NULL OR (${present})`,
      code: "missing-provenance",
      message: `must have one string for each field: ${members.join(", ")}`,
    },
  ];
}
