import { quoteIdentifier } from "../dialect/sql-text.ts";
import { StoreError } from "../errors.ts";
import type { Translation } from "./translate-error.ts";

/** What prevents writes to a table that another program made. */
export const tableErrors: readonly Translation[] = [
  {
    matches: /^Constraint Error: Duplicate key/,
    error: (database, cause) => {
      const [, key = "", kind = ""] =
        /Duplicate key "([\s\S]*)" violates (primary key|unique)/.exec(cause.message) ?? [];
      return refusal(
        database,
        `has a ${kind === "primary key" ? kind : "unique constraint"}, and ${key} is stored already. A feature's table keeps each version of a sample as a row of its own. ${rebuildHint}`,
        cause,
      );
    },
  },
  {
    matches: /^Constraint Error: NOT NULL constraint failed/,
    error: (database, cause) => {
      const [, column = "a column"] = /failed: \S*\.(.*)$/m.exec(cause.message) ?? [];
      return refusal(
        database,
        `takes no null in ${column}, for which there is no value. Declare the column in the spec as required, or run ALTER TABLE … ALTER ${column} DROP NOT NULL.`,
        cause,
      );
    },
  },
  {
    matches: /^Constraint Error: CHECK constraint failed/,
    error: (database, cause) => {
      const [, check = ""] = /with expression (.*)$/m.exec(cause.message) ?? [];
      return refusal(
        database,
        `has the constraint ${check}, which a row breaks. Write rows that keep it. ${rebuildHint}`,
        cause,
      );
    },
  },
  {
    matches: /^Constraint Error: Violates foreign key/,
    error: (database, cause) => {
      const [, key = ""] = /because key "([\s\S]*?)"/.exec(cause.message) ?? [];
      return refusal(
        database,
        `has a foreign key, or another table refers to it, and ${key} is in the way. Write the rows that are referred to first. ${rebuildHint}`,
        cause,
      );
    },
  },
  {
    matches: /Cannot insert into a generated column/,
    error: (database, cause) =>
      refusal(
        database,
        `computes a column by itself, which the spec declares and each write fills in. Leave the column out of the spec. ${rebuildHint}`,
        cause,
      ),
  },
  {
    matches: /^Dependency Error: Cannot (alter|drop) entry/,
    error: (database, cause) =>
      refusal(
        database,
        "has an index or a view that rests on it, and so DuckDB can't change its columns. Drop the index (DROP INDEX …), and create it again afterwards.",
        cause,
      ),
  },
  {
    matches: /is not an table|Can only modify view|Existing object .* is of type View/,
    error: (database, cause) =>
      refusal(
        database,
        "is a view, and only tables can be written. Give the feature another key, or make a table of the view.",
        cause,
      ),
  },
];

const rebuildHint =
  "Or make the table anew without that: CREATE TABLE copy AS FROM the table, drop the table, and rename the copy.";

/** A view that selects from a table which was dropped since. */
export function brokenView(view: string, missing: string, database: string, cause: unknown): StoreError {
  return new StoreError(
    "table-shape",
    `${view} in ${database} is a view that selects from ${missing}, which does not exist. Restore that table, or drop the view: DROP VIEW ${quoteIdentifier(view)}.`,
    { table: view, missing, database },
    cause,
  );
}

/** `what` goes on after "The table". {@link withTableName} puts its name in. */
function refusal(database: string, what: string, cause: Error): StoreError {
  return new StoreError("table-shape", `A table of ${database} ${what}`, { database, what }, cause);
}
