import { isTextual, type StoredColumns, type StoredType } from "../../columns/stored-type.ts";
import type { ValueCheck } from "../../contract.ts";
import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { ValueDialect } from "../../dialect/value-dialect.ts";
import { InputError } from "../../errors.ts";
import type { EngineSession } from "../engine.ts";
import { byFieldType } from "../reading/read-columns.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import { acceptFileValue } from "./accept-json.ts";
import { assertUnique } from "./assert-unique.ts";
import { type BytesColumn, type CastColumn, castColumns } from "./cast-columns.ts";
import { assertColumnValues, selectAs } from "./check-columns.ts";
import type { RawRows } from "./stage-rows.ts";
import { assertDeclared, type StagingSchema } from "./staging-schema.ts";
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
  /** Whether it has `stemma_carried_provenance`: the provenance that an exported row had. */
  readonly carriesProvenance: boolean;
}

/** Checks staged rows against the spec, the same for rows from JavaScript, from SQL and from files. */
export async function checkRows(
  session: EngineSession,
  raw: RawRows,
  requirements: RowRequirements,
): Promise<CheckedRows> {
  const dialect = session.dialect.values;
  const arrived = raw.from === "javascript" ? undefined : await session.columnsOf(raw.table);
  if (arrived !== undefined) assertColumns(arrived, raw, requirements);
  const { feature, ids = requirements.unique } = requirements;
  const columns = castColumns(dialect, requirements.columns, arrived, {
    what: `rows for ${feature}`,
    hint: (bytes) => castHint(session.dialect, raw, bytes),
    ...(raw.isUntyped ? { accept: acceptFileValue } : {}),
  });
  const byField = byFieldColumns.map((name) => byFieldColumn(dialect, name, raw, arrived, requirements));
  const rows = {
    table: raw.table,
    number: `${session.dialect.log.column} + 1`,
    bindings: undefined,
    feature,
    ids: ids.filter((id) => arrived?.has(id) ?? true),
    jsonIds: ids.filter((id) => arrived?.get(id)?.kind === "json"),
  };
  await assertColumnValues(
    session,
    rows,
    [...columns, ...byField],
    [
      ...nullChecks(requirements.required, [...ids, ...requirements.unique]),
      ...(arrived === undefined ? [] : readableChecks(dialect, requirements.columns)),
      ...constraintChecks(dialect, requirements.checks, requirements.columns),
      ...byField.flatMap(({ name, isGiven, isRequired }) =>
        isGiven || isRequired ? byFieldChecks(dialect, name, requirements, isRequired) : [],
      ),
    ],
  );
  const carried = carriedProvenance(dialect, raw, arrived);
  const written = byField.map((column) => withoutCarried(column, raw, arrived));
  const selected = [...columns, ...written].map(selectAs).concat(carried ?? []);
  const sql = `SELECT ${selected.join(", ")} FROM ${raw.table}`;
  if (requirements.unique.length > 0) await assertUnique(session, sql, requirements);
  return { sql, carriesProvenance: carried !== undefined };
}

/** The provenance that a file's rows were exported with; undefined where they have none. */
function carriedProvenance(
  dialect: ValueDialect,
  { from }: RawRows,
  arrived: StoredColumns | undefined,
): string | undefined {
  const type = arrived?.get("metaxy_provenance");
  if (from !== "file" || type === undefined) return undefined;
  const text = type.kind === "json" ? dialect.json.text("metaxy_provenance") : "metaxy_provenance";
  return `${dialect.cast(text, dialect.scalars.VARCHAR.type)} AS stemma_carried_provenance`;
}

/** Data versions that a row was exported with are the writer's own only where they differ from its provenance. */
function withoutCarried(
  column: ByFieldColumn,
  { from }: RawRows,
  arrived: StoredColumns | undefined,
): ByFieldColumn {
  const provenance = arrived?.get("metaxy_provenance_by_field");
  if (from !== "file" || provenance?.text !== arrived?.get(column.name)?.text) return column;
  if (column.name !== "metaxy_data_version_by_field" || !column.isGiven) return column;
  return {
    ...column,
    sql: `CASE WHEN ${column.name} IS DISTINCT FROM metaxy_provenance_by_field THEN ${column.sql} END`,
  };
}

/** What to do about a type that does not fit. */
function castHint(dialect: Dialect, raw: RawRows, bytes: readonly BytesColumn[]): string {
  const casts = bytes.map(({ name, type }) => {
    const column = quoteIdentifier(name);
    return [name, dialect.values.fromBytes(column, type)] as const;
  });
  if (casts.length === 0) {
    return raw.from === "file"
      ? "Cast it in a query, where you can see what that does: { sql: … }."
      : "Cast it in the query, where you can see what that does.";
  }
  const why = "Polars and other programs write UUID and JSON as bytes.";
  const replaced = dialect.allColumns({ replaced: casts });
  return raw.from === "file"
    ? `${why} Cast it in a query: { sql: ${inTypeScript(`SELECT ${replaced} FROM ${raw.relation}`)} }.`
    : `${why} These casts read them: SELECT ${replaced}.`;
}

/** A text as it is pasted into a program. */
function inTypeScript(text: string): string {
  return /[`\\]|\$\{/.test(text) ? JSON.stringify(text) : `\`${text}\``;
}

/** A by-field column, cast to a struct. */
interface ByFieldColumn extends CastColumn {
  /** Whether the rows have it, and it is read. */
  readonly isGiven: boolean;
  readonly isRequired: boolean;
}

function byFieldColumn(
  dialect: ValueDialect,
  name: string,
  { isUntyped = false }: RawRows,
  arrived: StoredColumns | undefined,
  requirements: RowRequirements,
): ByFieldColumn {
  const { members, provenance } = requirements;
  const isProvenance = name === "metaxy_provenance_by_field";
  const found = arrived === undefined ? textStruct(dialect, members) : arrived.get(name);
  const given = isProvenance && provenance === "ignored" ? undefined : found;
  const type = byFieldType(members);
  const column = {
    name,
    type,
    isGiven: given !== undefined,
    isRequired: isProvenance && provenance === "required",
  };
  if (isUntyped && given?.kind === "json") {
    const { cast, checks } = acceptFileValue(dialect, type, given);
    const own = checks.map((check) => ({ ...check, column: name }));
    return { ...column, sql: cast(name), checks: own, arrived: { kind: "json" } };
  }
  return {
    ...column,
    sql: byFieldSql(dialect, name, given, requirements),
    checks: arrivedByFieldChecks(dialect, name, given, requirements),
    arrived: { kind: "scalar" },
  };
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

function assertColumns(types: StoredColumns, { from }: RawRows, requirements: RowRequirements): void {
  if (from === "sql") {
    assertDeclared([...types.keys()], requirements, `The query for ${requirements.feature} gives`);
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
