import { isMap, memberNames } from "../../columns/stored-type.ts";
import type { AnyFeature } from "../../feature.ts";
import { BindParameters } from "../bind-parameters.ts";
import type { EngineSession } from "../engine.ts";
import { assertReadable } from "../tables/assert-fit.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import { emptyParentRows, emptyParentsSchema } from "../tables/empty-parents.ts";
import { readableTable } from "../tables/feature-tables.ts";
import { misfitsOf } from "../tables/misfits.ts";
import type { PhysicalTable } from "../tables/physical-table.ts";
import { currentRows } from "../tables/relation.ts";
import { storedVersions } from "../tables/stored-versions.ts";
import { systemColumns, versionColumns } from "../tables/system-columns.ts";
import { fittedTable } from "../tables/table-changes.ts";

/** Which rows of a feature are copied. */
export interface CopySelection {
  readonly feature: AnyFeature;
  /** AND-ed. */
  readonly filters: readonly string[];
  readonly history: boolean;
}

/** Rows of a feature in files, and what they are. */
export interface CopiedFiles {
  readonly feature: AnyFeature;
  /** Struct members of their by-field columns. */
  readonly members: readonly string[];
  /** Whether the other store has a table of the feature. */
  readonly existed: boolean;
  /** Undefined where nothing is stored. */
  readonly rows: string | undefined;
  /** Parents that are marked as empty; undefined where there are none. */
  readonly emptyParents: string | undefined;
}

/** System columns beside the versions, which are copied as they are. */
export const keptColumns: readonly string[] = Object.keys(systemColumns).filter(
  (column) => !(versionColumns as readonly string[]).includes(column),
);

/** The column that holds the order in which rows were stored. */
export const orderColumn = "stemma_order";

const copyTable = "stemma_copy";

/** Writes the rows of a feature to files in a folder, as they are stored. Within a transaction. */
export async function writeFiles(
  session: EngineSession,
  selection: CopySelection,
  folder: string,
): Promise<CopiedFiles> {
  const { feature, history } = selection;
  const { spec, plan, featureVersion } = feature;
  const own = { featureVersion, idColumns: spec.idColumns };
  const stored = await readableTable(session, feature, own);
  const declared = Object.keys(plan.fieldMembers);
  const members =
    stored === undefined || !history ? declared : await allMembers(session, declared, stored.table);
  const parameters = new BindParameters();
  const columns = { feature: feature.key, columns: spec.columns };
  const filters = bindFilters(session.dialect, selection.filters, columns, parameters);
  const relations: string[] = [];
  if (stored !== undefined) {
    const versions = history ? await storedVersions(session, feature) : [{ version: featureVersion }];
    for (const { version } of versions) {
      const found = await readableTable(session, feature, { ...own, featureVersion: version });
      if (found === undefined) continue;
      await assertReadable(
        session,
        { ...fittedTable(feature, found.table), ...spec, featureVersion: version },
        misfitsOf(session.dialect, found.table, spec),
      );
      relations.push(
        currentRows(session.dialect, {
          table: found.table,
          idColumns: spec.idColumns,
          featureVersion: version,
          columns: spec.columns,
          members,
          systemColumns: keptColumns,
          filters,
          which: history ? "all" : "current",
          orderColumn,
        }),
      );
    }
  }
  const rows =
    relations.length === 0
      ? undefined
      : await writeFile(
          session,
          relations.join(" UNION ALL "),
          parameters,
          `${folder}/${feature.table}.parquet`,
        );
  const empty = plan.traits.mayBeEmpty ? await emptyParentsSchema(session, feature) : undefined;
  const emptyParents =
    empty === undefined || selection.filters.length > 0
      ? undefined
      : await writeFile(
          session,
          emptyParentRows(session.dialect, feature, empty),
          parameters,
          `${folder}/${feature.table}.empty.parquet`,
        );
  return { feature, members, existed: stored !== undefined, rows, emptyParents };
}

async function writeFile(
  session: EngineSession,
  query: string,
  parameters: BindParameters,
  file: string,
): Promise<string> {
  const { createTemp, tempName } = session.dialect;
  await session.run(createTemp(copyTable, query, "replace"), parameters.of(query));
  const target = { format: "parquet", byLine: false, isCompressed: false, file, overwrite: false } as const;
  await session.files.write(`SELECT * FROM ${tempName(copyTable)}`, target);
  return file;
}

/** The declared members, and those that only rows of other versions have. */
async function allMembers(
  session: EngineSession,
  declared: readonly string[],
  table: PhysicalTable,
): Promise<readonly string[]> {
  const type = table.columns.get("metaxy_provenance_by_field");
  const stored = isMap(type)
    ? (
        await session.rows(
          `SELECT DISTINCT ${session.dialect.values.eachKey("metaxy_provenance_by_field")} AS member FROM ${table.stored}`,
        )
      ).map(({ member }) => String(member))
    : memberNames(type);
  return [...new Set([...declared, ...stored])].sort();
}
