import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError, isStemmaError } from "../../errors.ts";
import type { RowsInput, SqlRows } from "../../increment.ts";
import type { EngineSession } from "../engine.ts";
import { stageObjects } from "./stage-objects.ts";
import type { StagingSchema } from "./staging-schema.ts";

/** Rows in a temporary table, in the order in which they came. */
export interface RawRows {
  /** Quoted name of the temporary table. */
  readonly table: string;
  /** Whether its types are the declared ones, or what a query gave. */
  readonly from: "javascript" | "sql";
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
): Promise<RawRows> {
  const table = quoteIdentifier(name);
  if (isSqlRows(rows)) {
    await stageQuery(session, name, rows, schema);
    return { table, from: "sql" };
  }
  await stageObjects(session, name, rows, schema);
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
): Promise<void> {
  try {
    const query = `SELECT * FROM (${singleQuery(sql, schema.feature)}\n)`;
    await session.exclusive(() => session.run(session.dialect.createTemp(name, query, "replace"), params));
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
