import type { AnyFeature } from "../feature.ts";
import { emptyParents } from "./empty-parents.ts";
import { assertStoredIds, featureTable } from "./feature-tables.ts";
import { currentRows, noRows } from "./relation.ts";
import type { Session } from "./session.ts";
import { storedGrains } from "./stored-grains.ts";

/** The stored side of a comparison, as SQL. */
export interface StoredSide {
  /** The target's current rows. */
  readonly rows: string;
  /** One row per grain, markers of empty parents among them. */
  readonly grains: string;
}

/** Looks at what is stored of the target; undefined where nothing ever was. */
export async function inspectStored(
  session: Session,
  feature: AnyFeature,
  filters: readonly string[],
  staleIf: readonly string[],
): Promise<StoredSide | undefined> {
  const table = await featureTable(session, feature);
  const markers = await emptyParents(session, feature, filters);
  if (table === undefined && markers === undefined) return undefined;
  const spec = {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
    filters,
  };
  if (table !== undefined) {
    await assertStoredIds(session, feature.key, table, spec.idColumns, feature.featureVersion);
  }
  const rows = table === undefined ? noRows(spec) : currentRows({ ...spec, table });
  return { rows, grains: storedGrains(feature, `(${rows})`, staleIf, markers) };
}
