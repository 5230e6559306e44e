import { quoteIdentifier } from "../../runtime/dialect/sql-text.ts";
import type { FeatureModel } from "../resolve/project-model.ts";
import type { DepSource } from "./dep-source.ts";
import { type SelectItem, templates } from "./sql-templates.ts";

/** The deps of a feature, joined on its join columns (behaviour, "Joins over several deps"). */
export interface JoinedDeps {
  /** SQL of a column in the names of the feature. */
  column(name: string): string;
  /** The query that selects `columns` from the join. */
  select(columns: readonly SelectItem[]): string;
}

/** Required deps before optional ones, so that optional rows are joined onto required ones. */
export function inJoinOrder<Item extends { readonly optional: boolean }>(deps: readonly Item[]): Item[] {
  return [...deps.filter((dep) => !dep.optional), ...deps.filter((dep) => dep.optional)];
}

/** Joins sources that stand in join order: required inner, optional left, all optional full outer. */
export function joinDeps(feature: FeatureModel, sources: readonly DepSource[]): JoinedDeps {
  const [first, ...others] = sources;
  if (first === undefined) throw new Error(`${feature.key} has no deps to join`);
  const outer = first.dep.optional;
  const joined = [first];
  const joins = others.map((source) => {
    const conditions = feature.joinColumns.map(
      (name) => `${source.columns.get(name)} = ${coalesced(outer ? joined : [first], name)}`,
    );
    joined.push(source);
    return { kind: joinKind(outer, source), relation: source.relation, alias: source.alias, conditions };
  });
  return {
    column: (name) =>
      feature.joinColumns.includes(name) && !outer ? coalesced([first], name) : coalesced(sources, name),
    select: (columns) => templates.query({ columns, relation: first.relation, alias: first.alias, joins }),
  };
}

function joinKind(outer: boolean, source: DepSource): string {
  if (outer) return "FULL JOIN";
  return source.dep.optional ? "LEFT JOIN" : "INNER JOIN";
}

function coalesced(sources: readonly DepSource[], name: string): string {
  const columns = sources.flatMap((source) => source.columns.get(name) ?? []);
  return columns.length === 1 ? columns.join("") : `coalesce(${columns.join(", ")})`;
}

/** A select item named `name`. */
export function selectAs(sql: string, name: string): SelectItem {
  const alias = quoteIdentifier(name);
  const named = sql.endsWith(alias) && /^(\w+\.)?$/.test(sql.slice(0, -alias.length));
  return { sql, as: named ? "" : ` AS ${alias}` };
}
