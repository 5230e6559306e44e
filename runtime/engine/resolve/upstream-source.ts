import type { Dialect } from "../../dialect/dialect.ts";
import { quoteIdentifier } from "../../dialect/sql-text.ts";
import type { BindParameters } from "../bind-parameters.ts";
import type { UpstreamSource } from "../checkpoint/upstream-sources.ts";
import { bindFilters } from "../tables/bind-filters.ts";
import { lacksIdColumn } from "../tables/counted-rows.ts";
import { type AffectedKeys, currentRows, noRows } from "../tables/relation.ts";
import type { RepeatedIds } from "./repeated-ids.ts";
import { type AnyResolveOptions, upstreamFilters } from "./resolve-options.ts";

/** How upstream rows are read. */
export interface UpstreamOptions {
  readonly options: AnyResolveOptions;
  readonly parameters: BindParameters;
  /** For each upstream, its affected join keys, where their rows alone are read. */
  readonly affected?: readonly AffectedKeys[] | undefined;
  /** Undefined where nothing will be compared. */
  readonly repeated: RepeatedIds | undefined;
}

/**
 * SQL of the current rows of each upstream, by table, that have all join columns: a row without one belongs to no
 * sample.
 */
export async function upstreamRelations(
  dialect: Dialect,
  upstream: readonly UpstreamSource[],
  { options, parameters, affected, repeated }: UpstreamOptions,
): Promise<Map<string, string>> {
  const relations = new Map<string, string>();
  for (const [index, { key, facts, table }] of upstream.entries()) {
    const filters = bindFilters(
      dialect,
      upstreamFilters(options, key),
      { feature: key, columns: facts.columns },
      parameters,
    );
    const joined = Object.values(facts.on).filter((column) => !facts.idColumns.includes(column));
    const ownAffected = affected?.[index];
    const spec = {
      idColumns: facts.idColumns,
      featureVersion: facts.featureVersion,
      columns: facts.columns,
      members: facts.members,
      filters: [...filters, ...joined.map((column) => `${quoteIdentifier(column)} IS NOT NULL`)],
      ...(ownAffected === undefined ? {} : { affected: ownAffected }),
    };
    const rows =
      table === undefined || lacksIdColumn(table, facts.idColumns)
        ? noRows(dialect, spec)
        : currentRows(dialect, { ...spec, table, repeated: await repeated?.of({ ...spec, table }) });
    relations.set(facts.table, rows);
  }
  return relations;
}
