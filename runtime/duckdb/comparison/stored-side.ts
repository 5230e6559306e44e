import type { AnyFeature } from "../../feature.ts";
import type { Session } from "../connection/session.ts";
import { assertStoredIds } from "../tables/feature-tables.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { currentRows, noRows, type Touched } from "../tables/relation.ts";
import { emptyParents } from "./empty-parents.ts";
import { storedGrains } from "./stored-grains.ts";

/** The stored side of a comparison, as SQL. */
export interface StoredSide {
  /** The target's current rows. */
  readonly rows: string;
  /** One row per grain, markers of empty parents among them. */
  readonly grains: string;
}

/** What is stored of the target, of the touched grains or of all; undefined where nothing ever was. */
export async function inspectStored(
  session: Session,
  feature: AnyFeature,
  table: PhysicalTable | undefined,
  filters: readonly string[],
  staleIf: readonly string[],
  touched: Touched | undefined,
): Promise<StoredSide | undefined> {
  const markers = await emptyParents(session, feature, filters, touched);
  if (table === undefined && markers === undefined) return undefined;
  const spec = {
    idColumns: feature.spec.idColumns,
    featureVersion: feature.featureVersion,
    columns: feature.spec.columns,
    members: Object.keys(feature.plan.members),
    filters,
    ...(touched === undefined ? {} : { touched }),
  };
  if (table !== undefined) {
    await assertStoredIds(session, feature.key, table, spec.idColumns, feature.featureVersion);
  }
  const rows = table === undefined ? noRows(spec) : currentRows({ ...spec, table });
  return { rows, grains: storedGrains(feature, `(${rows})`, staleIf, markers) };
}
