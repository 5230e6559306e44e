import { quoteIdentifier } from "../../dialect/sql-text.ts";
import { InputError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { forgetFailures } from "../failures/errors-table.ts";
import { sampleHash } from "../resolve/expected-items.ts";
import { checkRows } from "../staging/check-rows.ts";
import { stageRows } from "../staging/stage-rows.ts";
import type { StoreContext } from "../store-context.ts";
import { countedTable } from "../tables/counted-rows.ts";
import { appendEmptyParents, assertMayBeEmpty } from "../tables/empty-parents.ts";
import { ensureTable } from "../tables/ensure-table.ts";
import { recordIdColumns } from "../tables/id-columns.ts";
import { recordHash } from "../tables/meta-table.ts";
import { deleteChildren } from "./soft-delete.ts";
import { identifiedRows } from "./write-rows.ts";
import { writeTime } from "./write-time.ts";

/** Marks parents as processed and without children. Their stored children are soft-deleted. */
export async function markEmptyParents(
  store: StoreContext,
  session: EngineSession,
  feature: AnyFeature,
  parents: Iterable<object>,
): Promise<void> {
  assertMayBeEmpty(feature);
  const { grain, fieldMembers } = feature.plan;
  const columns = Object.fromEntries(
    grain.map((column) => [column, feature.spec.columns[column] ?? "VARCHAR"]),
  );
  const schema = { feature: feature.key, columns, members: Object.keys(fieldMembers) };
  const raw = await stageRows(session, "stemma_parents", pick(feature, parents), schema);
  const requirements = {
    ...schema,
    required: grain,
    unique: grain,
    checks: [],
    provenance: "required",
  } as const;
  const checked = await session.exclusive(() => checkRows(session, raw, requirements));
  const emptyParents = `SELECT ${grain.map(quoteIdentifier).join(", ")}, metaxy_provenance_by_field,
    ${sampleHash(session.dialect, feature.plan.fieldMembers, "metaxy_provenance_by_field")} AS metaxy_provenance FROM (${checked.sql})`;
  await store.writing(session, async () => {
    await recordHash(session, store.algorithm);
    const identified = identifiedRows(feature);
    const { table } = await countedTable(session, identified, await ensureTable(session, feature));
    const times = await writeTime(store, session, table);
    const deleted = await deleteChildren(
      session,
      feature,
      table,
      emptyParents,
      session.dialect.timeAt(times.time),
    );
    if (deleted > 0) await recordIdColumns(session, identified, times);
    await appendEmptyParents(session, feature, emptyParents);
    await forgetFailures(session, feature, emptyParents);
  });
}

/** Picks from rows of an increment the columns that identify a parent, and the provenance for which it was processed. */
function* pick(feature: AnyFeature, parents: Iterable<object>): Generator<object> {
  const names = [...feature.plan.grain, "metaxy_provenance_by_field"];
  for (const parent of parents) {
    const values = parent as Readonly<Record<string, unknown>>;
    const missing = names.find((name) => values[name] === undefined);
    if (missing !== undefined) {
      throw new InputError(
        "missing-column",
        `A parent to mark as empty lacks ${missing}. Pass rows of the increment's new or stale set.`,
        { feature: feature.key, column: missing },
      );
    }
    yield Object.fromEntries(names.map((name) => [name, values[name]]));
  }
}
