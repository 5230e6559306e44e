import { StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteLiteral } from "../../dialect/sql-text.ts";
import type { Session } from "../../duckdb/session.ts";
import { needsRewrite } from "../tables/change-table.ts";
import { columnsWithDefault } from "../tables/computed-columns.ts";
import type { TableChange } from "../tables/table-changes.ts";

/**
 * Refuses to write a table anew that another program gave constraints, keys, indexes or defaults: the new one would lack
 * them.
 *
 * @throws StoreError `table-shape`.
 */
export async function assertRewritable(
  session: Session,
  { key, table }: AnyFeature,
  changes: readonly TableChange[],
): Promise<void> {
  if (!needsRewrite(changes)) return;
  const isTable = `database_name = current_database() AND schema_name = 'main' AND table_name = ${quoteLiteral(table)}`;
  const [found] = await session.rows(
    `SELECT (SELECT string_agg(DISTINCT lower(constraint_type), ', ') FROM duckdb_constraints() WHERE ${isTable}) AS constraints,
       (SELECT string_agg(index_name, ', ') FROM duckdb_indexes() WHERE ${isTable}) AS indexes`,
  );
  const given = (await columnsWithDefault(session, table)).map((column) => `default of ${column}`);
  const held = [found?.["constraints"], found?.["indexes"], ...given].filter(
    (one) => typeof one === "string",
  );
  if (held.length === 0) return;
  throw new StoreError(
    "table-shape",
    `The table ${table} of ${key} in ${session.database} would have to be written anew, and has what would be lost by that: ${held.join(", ")}. Make it anew without them, or let the program that made it change its columns.`,
    { feature: key, table, held },
  );
}
