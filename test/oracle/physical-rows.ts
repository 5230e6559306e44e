import {
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
} from "@duckdb/node-api";
import type { Row } from "./row.ts";

/** All rows of a table as plain objects, old versions and deletion marks included. */
export async function physicalRows(connection: DuckDBConnection, table: string): Promise<Row[]> {
  const reader = await connection.runAndReadAll(`FROM "${table}"`);
  return reader.getRowObjects().map((row) => plainObject(Object.entries(row)));
}

function plainObject(entries: readonly (readonly [string, unknown])[]): Row {
  return Object.fromEntries(entries.map(([key, value]) => [key, plain(value)]));
}

function plain(value: unknown): unknown {
  if (value instanceof DuckDBStructValue) return plainObject(Object.entries(value.entries));
  if (value instanceof DuckDBMapValue)
    return plainObject(value.entries.map((entry) => [String(entry.key), entry.value]));
  if (value instanceof DuckDBListValue) return value.items.map(plain);
  if (value instanceof DuckDBTimestampTZValue) return momentText(value.micros);
  if (value instanceof DuckDBDateValue) return value.toString();
  return typeof value === "bigint" ? Number(value) : value;
}

function momentText(micros: bigint): string {
  const milliseconds = micros / 1000n;
  const rest = String(micros % 1000n).padStart(3, "0");
  return new Date(Number(milliseconds)).toISOString().replace("Z", `${rest}Z`);
}
