import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { Bindings, EngineSession } from "../engine.ts";

/** Refuses rows of which several have one id. */
export async function assertUnique(
  session: EngineSession,
  rows: string,
  { unique, feature }: { readonly unique: readonly string[]; readonly feature: string },
  bindings?: Bindings,
): Promise<void> {
  const ids = unique.map(quoteIdentifier).join(", ");
  const [repeated] = await session.rows(
    `SELECT ${ids}, count(*) AS stemma_count FROM (${rows}) GROUP BY ${ids} HAVING count(*) > 1 LIMIT 1`,
    bindings,
  );
  if (repeated === undefined) return;
  const id = unique.map((column) => `${column} = ${String(repeated[column])}`).join(", ");
  throw new InputError(
    "duplicate-id",
    `${repeated["stemma_count"]} rows of ${feature} have the id ${id}: each sample may appear only once in a call.`,
    { feature, id: Object.fromEntries(unique.map((column) => [column, repeated[column]])) },
  );
}
