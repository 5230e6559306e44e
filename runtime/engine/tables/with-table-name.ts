import { isStemmaError, StoreError } from "../../errors.ts";

/** Runs work on the table of a feature; an error that a table of another program gives then names the table. */
export async function withTableName<T>(
  { key, table }: { readonly key: string; readonly table: string },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isStemmaError(error, "table-shape")) throw error;
    const { what, database } = error.facts;
    if (typeof what !== "string") throw error;
    throw new StoreError(
      "table-shape",
      `The table ${table} of ${key} in ${String(database)} ${what}`,
      { feature: key, table, database },
      error.cause,
    );
  }
}
