import { parsedColumns } from "../../columns/parsed-columns.ts";
import { isPlainObject, ownProperty } from "../../columns/values/plain-values.ts";
import { printIds, printPath } from "../../columns/values/value-path.ts";
import { WrongValue } from "../../columns/values/wrong-value.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError, isStemmaError } from "../../errors.ts";
import type { RowsInput, SqlRows } from "../../increment.ts";
import type { EngineSession, RowStage, StagedColumn } from "../engine.ts";
import { byFieldType } from "../reading/read-columns.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import { isFileRows, stageFiles } from "./stage-files.ts";
import { computedColumns, type StagingSchema } from "./staging-schema.ts";

/** Rows in a temporary table, in the order in which they came. */
export interface RawRows {
  /** Quoted name of the temporary table. */
  readonly table: string;
  /** From JavaScript, they are in the declared types; else in those of the query or file. */
  readonly from: "javascript" | "sql" | "file";
  /** Whether they are texts and JSON of a file that has no types. */
  readonly isUntyped?: boolean;
  /** SQL that reads the files that they came from. */
  readonly relation?: string;
}

/**
 * Brings rows into a temporary table of the session, as they are.
 *
 * Takes the session piece by piece, and so must not be called within its `exclusive`.
 */
export async function stageRows(
  session: EngineSession,
  name: string,
  rows: RowsInput<object>,
  schema: StagingSchema,
  signal?: AbortSignal,
): Promise<RawRows> {
  const table = quoteIdentifier(name);
  if (isSqlRows(rows)) {
    await stageQuery(session, name, rows, schema, signal);
    return { table, from: "sql" };
  }
  if (isFileRows(rows)) return { table, ...(await stageFiles(session, name, rows, schema, signal)) };
  await stageObjects(session, name, rows, schema, signal);
  return { table, from: "javascript" };
}

/** Whether rows are given as a query. */
export function isSqlRows(rows: unknown): rows is SqlRows {
  return typeof rows === "object" && rows !== null && "sql" in rows && typeof rows.sql === "string";
}

async function stageQuery(
  session: EngineSession,
  name: string,
  { sql, params }: SqlRows,
  schema: StagingSchema,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const query = `SELECT * FROM (${singleQuery(sql, schema.feature)}\n)`;
    const create = session.dialect.createTemp(name, query, "replace");
    await session.exclusive(() => session.run(create, params), signal);
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    const cause = error.cause instanceof Error ? error.cause : error;
    // A table that the query names and that does not exist is a mistake in the query, not a conflict.
    const faulty =
      error.code === "database" || error.code === "wrong-stored-type" || error.facts["missing"] !== undefined;
    if (!faulty) throw error;
    throw new InputError(
      "wrong-sql",
      `The query that should give rows of ${schema.feature} failed: ${cause.message}`,
      { feature: schema.feature, sql },
      cause,
    );
  }
}

/** Parts of SQL that may hold a semicolon, blanks, and any other single character. */
const token =
  /(?<quoted>(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$)|(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|[\s\S]/gy;

/** A query without the semicolon at its end, as people write it. Refuses several statements. */
function singleQuery(sql: string, feature: string): string {
  let end: number | undefined;
  for (const match of sql.matchAll(token)) {
    const [text] = match;
    if (text === ";") {
      end ??= match.index;
    } else if (end !== undefined && match.groups?.["blank"] === undefined) {
      throw new InputError(
        "wrong-sql",
        `The SQL that should give rows of ${feature} has several statements. Pass one query; run the others before.`,
        { feature, sql },
      );
    }
  }
  return sql.slice(0, end);
}

/** Brings objects into a temporary table; refuses values that don't fit, and what is not declared. */
async function stageObjects(
  session: EngineSession,
  name: string,
  rows: Iterable<object> | AsyncIterable<object>,
  schema: StagingSchema,
  signal: AbortSignal | undefined,
): Promise<void> {
  assertIterable(rows, schema);
  const columns = stagedColumns(schema);
  const known = new Set([...columns.map((column) => column.name), ...computedColumns]);
  const take = (row: unknown) => {
    if (signal?.aborted === true) throw cancelled(signal);
    takeRow(stage, row, ++number, columns, known, schema);
  };
  const stage = await session.openStage(name, columns);
  let number = 0;
  // Blocks go one at a time: the caller's iterable may itself read from this session.
  try {
    if (Symbol.iterator in rows) {
      for (const row of rows) {
        take(row);
        if (stage.isFull) await stage.flush();
      }
    } else {
      for await (const row of rows) {
        take(row);
        if (stage.isFull) await stage.flush();
      }
    }
    await stage.flush();
  } finally {
    await stage.close();
  }
}

function stagedColumns({ columns, members }: StagingSchema): StagedColumn[] {
  const declared = [...parsedColumns(columns)].map(([name, { type }]) => ({ name, type }));
  return [...declared, ...byFieldColumns.map((name) => ({ name, type: byFieldType(members) }))];
}

function takeRow(
  stage: RowStage,
  row: unknown,
  number: number,
  columns: readonly StagedColumn[],
  known: ReadonlySet<string>,
  schema: StagingSchema,
): void {
  if (!isPlainObject(row)) {
    const isObject = typeof row === "object" && row !== null;
    throw new InputError(
      "wrong-type",
      `Row ${number} of ${schema.feature} is not ${isObject ? "a plain object: copy its properties into one" : "an object"}.`,
      { feature: schema.feature, row: number },
    );
  }
  let found = 0;
  for (let column = 0; column < columns.length; column++) {
    const name = columns[column]?.name ?? "";
    const value = ownProperty(row, name);
    if (value !== undefined || Object.hasOwn(row, name)) found += 1;
    try {
      stage.put(column, value);
    } catch (error) {
      throw explainError(error, { number, name, value, row, schema });
    }
  }
  stage.endRow();
  const names = Object.keys(row);
  if (found < names.length) assertKnown(names, known, schema, `Row ${number}`);
}

interface RowLocation {
  readonly number: number;
  readonly name: string;
  readonly value: unknown;
  readonly row: Readonly<Record<string, unknown>>;
  readonly schema: StagingSchema;
}

function explainError(error: unknown, { number, name, value, row, schema }: RowLocation): unknown {
  if (!(error instanceof WrongValue)) return error;
  const { feature, ids = [] } = schema;
  const path = printPath(name, error.path);
  const own = printIds(ids.filter((id) => id !== name).map((id) => [id, row[id]] as const));
  return new InputError(
    error.code,
    `Row ${number} of ${feature}${own}: ${path} ${error.message}. Nothing was written.`,
    {
      feature,
      row: number,
      column: name,
      path,
      value,
    },
  );
}

/** A row is closed: what is not declared is refused, so that a typo never drops data. */
function assertKnown(
  names: readonly string[],
  known: ReadonlySet<string>,
  schema: StagingSchema,
  what: string,
): void {
  const undeclared = names.find((name) => !known.has(name));
  if (undeclared === undefined) return;
  throw new InputError(
    "undeclared-column",
    `${what} of ${schema.feature} has ${JSON.stringify(undeclared)}, which its spec does not declare. Declared: ${Object.keys(schema.columns).join(", ")}.`,
    { feature: schema.feature, column: undeclared },
  );
}

function assertIterable(rows: unknown, schema: StagingSchema): void {
  const iterable =
    typeof rows === "object" && rows !== null && (Symbol.iterator in rows || Symbol.asyncIterator in rows);
  if (!iterable) {
    throw new InputError(
      "wrong-type",
      `Rows of ${schema.feature} have to be an array, an (async) iterable, { sql, params }, or files: { parquet }, { csv } or { json }.`,
      { feature: schema.feature },
    );
  }
}

function cancelled(signal: AbortSignal): InputError {
  return new InputError("cancelled", "The work was cancelled.", {}, signal.reason);
}
