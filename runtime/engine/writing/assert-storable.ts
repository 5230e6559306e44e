import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { type Misfit, misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import type { RowsWithProvenance } from "./write-rows.ts";

/**
 * Refuses rows with a value that the stored column can't return unchanged: another program or an older definition made
 * the column, and its type stays.
 */
export async function assertStorable(
  session: EngineSession,
  feature: AnyFeature,
  table: PhysicalTable,
  { sql, bindings }: RowsWithProvenance,
): Promise<void> {
  const misfits = misfitsOf(session.dialect, table, feature.spec).filter(
    ({ fit }) => fit.writable !== undefined,
  );
  if (misfits.length === 0) return;
  const isUnfit = ({ column, fit }: Misfit) => `NOT (${fit.writable?.(quoteIdentifier(column)) ?? "true"})`;
  const { countIf, values } = session.dialect;
  const counts = misfits.map((misfit, index) => `${countIf(isUnfit(misfit))} AS c${index}`);
  const [found] = await session.rows(`SELECT ${counts.join(", ")} FROM (${sql})`, bindings);
  const misfit = misfits.find((_, index) => Number(found?.[`c${index}`] ?? 0) > 0);
  if (misfit === undefined) return;
  const { column, stored, declared } = misfit;
  const ids = feature.spec.idColumns;
  const [row] = await session.rows(
    `SELECT number, ${ids.map(quoteIdentifier).join(", ")}, ${values.cast(`(${quoteIdentifier(column)})`, values.scalars.VARCHAR.type)} AS stemma_value
     FROM (SELECT *, row_number() OVER () AS number FROM (${sql})) WHERE ${isUnfit(misfit)} ORDER BY number LIMIT 1`,
    bindings,
  );
  const id = ids.map((name) => `${name} ${JSON.stringify(String(row?.[name]))}`).join(", ");
  throw new InputError(
    "not-storable",
    `Row ${row?.["number"]} of ${feature.key} (${id}): the table ${feature.table} keeps ${column} as ${stored}, which can't hold ${row?.["stemma_value"]} as the ${declared} that it is. Nothing was written. "stemma migrate ${feature.key}" changes the table.`,
    {
      feature: feature.key,
      row: Number(row?.["number"]),
      column,
      stored,
      declared,
      value: row?.["stemma_value"],
    },
  );
}
