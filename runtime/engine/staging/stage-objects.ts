import { parsedColumns } from "../../columns/parsed-columns.ts";
import { isPlainObject, ownProperty } from "../../columns/values/plain-values.ts";
import { printIds, printPath } from "../../columns/values/value-path.ts";
import { WrongValue } from "../../columns/values/wrong-value.ts";
import { InputError } from "../../errors.ts";
import type { EngineSession, RowStage, StagedColumn } from "../engine.ts";
import { byFieldType } from "../reading/read-columns.ts";
import { byFieldColumns } from "../tables/system-columns.ts";
import { computedColumns, type StagingSchema } from "./staging-schema.ts";

/** Brings objects into a temporary table; refuses values that don't fit, and what is not declared. */
export async function stageObjects(
  session: EngineSession,
  name: string,
  rows: Iterable<object> | AsyncIterable<object>,
  schema: StagingSchema,
): Promise<void> {
  assertIterable(rows, schema);
  const columns = stagedColumns(schema);
  const known = new Set([...columns.map((column) => column.name), ...computedColumns]);
  const take = (row: unknown) => takeRow(stage, row, ++number, columns, known, schema);
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
  if (found < names.length) assertDeclared(names, known, schema, `Row ${number}`);
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
function assertDeclared(
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
      `Rows of ${schema.feature} have to be an array, an (async) iterable, or { sql, params }.`,
      { feature: schema.feature },
    );
  }
}
