import { DuckDBDataChunk, type DuckDBType, type DuckDBValue, STRUCT, VARCHAR } from "@duckdb/node-api";
import { parseColumn } from "../../column-type.ts";
import { InputError, isStemmaError } from "../../errors.ts";
import type { RowsInput, SqlRows } from "../../increment.ts";
import { quoteName } from "../../sql-text.ts";
import type { Session } from "../connection/session.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import { type Encode, encoderOf, WrongValue } from "../values/encode-value.ts";
import { valueType } from "../values/value-type.ts";

/** What rows that come in may and must hold. */
export interface IncomingShape {
  /** Feature key, for messages. */
  readonly feature: string;
  /** Declared columns and their types. */
  readonly columns: { readonly [column: string]: string };
  /** Struct members of the by-field columns. */
  readonly members: readonly string[];
}

/** Rows in a temporary table, in the order in which they came. */
export interface RawRows {
  /** Quoted name of the temporary table. */
  readonly table: string;
  /** Whether DuckDB types are those of the declaration, or what a query gave. */
  readonly from: "javascript" | "sql";
}

/** Rows per data chunk: as many as a vector of DuckDB holds. */
const chunkRows = 2048;

/**
 * Brings rows into a temporary table of the session, as they are.
 *
 * Takes the session piece by piece, and so must not be called within its `exclusive`.
 */
export async function stageRows(
  session: Session,
  name: string,
  rows: RowsInput<object>,
  shape: IncomingShape,
): Promise<RawRows> {
  const table = quoteName(name);
  if (isSqlRows(rows)) {
    await stageQuery(session, table, rows, shape);
    return { table, from: "sql" };
  }
  await stageObjects(session, name, rows, shape);
  return { table, from: "javascript" };
}

/** Whether rows are given as a query. */
export function isSqlRows(rows: unknown): rows is SqlRows {
  return typeof rows === "object" && rows !== null && "sql" in rows && typeof rows.sql === "string";
}

async function stageQuery(
  session: Session,
  table: string,
  { sql, params }: SqlRows,
  shape: IncomingShape,
): Promise<void> {
  const bindings = params === undefined ? undefined : bindable(params);
  try {
    await session.exclusive(() =>
      session.run(`CREATE OR REPLACE TEMP TABLE ${table} AS SELECT * FROM (${sql}\n)`, bindings),
    );
  } catch (error) {
    const faulty = isStemmaError(error, "database") || isStemmaError(error, "wrong-stored-type");
    if (!faulty) throw error;
    const cause = error.cause instanceof Error ? error.cause : error;
    throw new InputError(
      "wrong-sql",
      `The query that should give rows of ${shape.feature} failed: ${cause.message}`,
      { feature: shape.feature, sql },
      cause,
    );
  }
}

function bindable(params: NonNullable<SqlRows["params"]>): DuckDBValue[] | Record<string, DuckDBValue> {
  const bind = (value: unknown): DuckDBValue =>
    value instanceof Date ? encodeTime(value) : (value as DuckDBValue);
  if (Array.isArray(params)) return params.map(bind);
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, bind(value)]));
}

const encodeTime = encoderOf({ kind: "scalar", name: "TIMESTAMPTZ" });

interface IncomingColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly encode: Encode;
}

async function stageObjects(
  session: Session,
  name: string,
  rows: Iterable<object> | AsyncIterable<object>,
  shape: IncomingShape,
): Promise<void> {
  assertIterable(rows, shape);
  const columns = incomingColumns(shape);
  const appender = await session.exclusive(async () => {
    await session.run(
      `CREATE OR REPLACE TEMP TABLE ${quoteName(name)} (${columns
        .map((column) => `${quoteName(column.name)} ${column.type}`)
        .join(", ")})`,
    );
    return session.attempt(() => session.connection.createAppender(name, "main", "temp"));
  });
  try {
    const types = columns.map((column) => column.type);
    for await (const chunk of encodedChunks(rows, columns, shape)) {
      const data = DuckDBDataChunk.create(types, chunk.length);
      data.setRows(chunk);
      // One chunk at a time: the caller's iterable may itself read from this session.
      await session.exclusive(() => session.attempt(() => appender.appendDataChunk(data)));
    }
  } finally {
    await session.exclusive(() => session.attempt(() => appender.closeSync()));
  }
}

async function* encodedChunks(
  rows: Iterable<object> | AsyncIterable<object>,
  columns: readonly IncomingColumn[],
  shape: IncomingShape,
): AsyncGenerator<DuckDBValue[][]> {
  let chunk: DuckDBValue[][] = [];
  let number = 0;
  for await (const row of rows) {
    chunk.push(encodeRow(row, ++number, columns, shape));
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function incomingColumns(shape: IncomingShape): IncomingColumn[] {
  const declared = Object.entries(shape.columns).map(([name, text]) => {
    const { type } = parseColumn(text);
    return { name, type: valueType(type), encode: encoderOf(type) };
  });
  const byField = STRUCT(Object.fromEntries(shape.members.map((member) => [member, VARCHAR])));
  const encode = encoderOf({
    kind: "struct",
    members: shape.members.map((name) => ({ name, type: { kind: "scalar", name: "VARCHAR" } })),
  });
  return [...declared, ...byFieldColumns.map((name) => ({ name, type: byField, encode }))];
}

/** Computed columns that rows of an increment bring along; a write makes them anew. */
const ignored: ReadonlySet<string> = new Set([
  "metaxy_provenance",
  "metaxy_data_version",
  "metaxy_changed_fields",
  "metaxy_feature_version",
  "metaxy_project_version",
  "metaxy_created_at",
  "metaxy_updated_at",
  "metaxy_deleted_at",
  "metaxy_materialization_id",
]);

function encodeRow(
  row: unknown,
  number: number,
  columns: readonly IncomingColumn[],
  shape: IncomingShape,
): DuckDBValue[] {
  if (typeof row !== "object" || row === null) {
    throw new InputError("wrong-type", `Row ${number} of ${shape.feature} is not an object.`, {
      row: number,
    });
  }
  const values = row as Readonly<Record<string, unknown>>;
  let found = 0;
  const encoded = columns.map(({ name, encode }) => {
    const value = values[name];
    if (name in values) found += 1;
    try {
      return encode(value);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      throw new InputError(error.code, `Row ${number} of ${shape.feature}: ${name} ${error.message}.`, {
        feature: shape.feature,
        row: number,
        column: name,
        value,
      });
    }
  });
  if (found < Object.keys(values).length)
    assertDeclared(Object.keys(values), columns, shape, `Row ${number}`);
  return encoded;
}

/** A row is closed: what is not declared is refused, so that a typo never drops data. */
function assertDeclared(
  names: readonly string[],
  columns: readonly { readonly name: string }[],
  shape: IncomingShape,
  what: string,
): void {
  const declared = new Set(columns.map((column) => column.name));
  const undeclared = names.find((name) => !declared.has(name) && !ignored.has(name));
  if (undeclared === undefined) return;
  throw new InputError(
    "undeclared-column",
    `${what} of ${shape.feature} has ${JSON.stringify(undeclared)}, which its spec does not declare. Declared: ${Object.keys(shape.columns).join(", ")}.`,
    { feature: shape.feature, column: undeclared },
  );
}

function assertIterable(rows: unknown, shape: IncomingShape): void {
  const iterable =
    typeof rows === "object" && rows !== null && (Symbol.iterator in rows || Symbol.asyncIterator in rows);
  if (!iterable) {
    throw new InputError(
      "wrong-type",
      `Rows of ${shape.feature} have to be an array, an (async) iterable, or { sql, params }.`,
      { feature: shape.feature },
    );
  }
}
