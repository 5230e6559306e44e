import type { ColumnType } from "../../columns/column-type.ts";
import { nearestColumnType } from "../../columns/stored-type.ts";
import type { EngineSession } from "../engine.ts";

/** A table or query, and its columns by what their values are: the nearest type of a spec, whatever the spec declares. */
export interface StoredColumns {
  /** To stand behind FROM. */
  readonly name: string;
  readonly types: ReadonlyMap<string, ColumnType>;
}

/** Reads the columns of a table or query; no row is read. */
export async function storedColumns(session: EngineSession, name: string): Promise<StoredColumns> {
  const columns = [...((await session.columnsOf(name)) ?? [])];
  return { name, types: new Map(columns.map(([column, type]) => [column, nearestColumnType(type)])) };
}
