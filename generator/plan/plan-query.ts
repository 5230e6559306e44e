import type { DerivedPlan } from "../../runtime/contract.ts";
import type { BoundFilter } from "../../runtime/filter/bound-filter.ts";
import { columnsOf, lineageRules } from "../resolve/lineage-rules.ts";
import type { DepModel, FeatureModel, FieldModel } from "../resolve/project-model.ts";
import { compareText } from "../source/compare-text.ts";
import { type ProvenancePart, provenanceParts } from "./field-provenance.ts";
import { inputColumns } from "./input-columns.ts";

/** What a derived feature is computed from, as data: its SQL is printed from it once per dialect. */
export interface PlanQuery {
  readonly grain: readonly string[];
  /** Columns on which the sources are joined. */
  readonly joinColumns: readonly string[];
  /** In the order in which they are joined: required ones first. */
  readonly sources: readonly [PlanSource, ...PlanSource[]];
  /** Upstream fields whose data versions decide the provenance, ordered by full name. */
  readonly parents: readonly FieldModel[];
  /** Columns of increment rows. */
  readonly inputColumns: readonly string[];
  readonly cardinality: DerivedPlan["cardinality"];
  readonly singlePass: boolean;
  /** Struct member → what its provenance is hashed over, ordered by member. */
  readonly provenance: ReadonlyMap<string, readonly ProvenancePart[]>;
}

/** A dep, as the queries of a plan read it. Columns have the names by which they arrive. */
export interface PlanSource {
  readonly alias: string;
  readonly table: string;
  readonly optional: boolean;
  /** Filters of the dep, AND-ed. */
  readonly filters: readonly BoundFilter[];
  /** Every column → the upstream's own name of it. */
  readonly ownNames: ReadonlyMap<string, string>;
  /** Columns that increment rows carry from it. */
  readonly columns: readonly string[];
  /** Columns that the lineage inputs carry from it: those of the join, and those of the grain that only it has. */
  readonly keys: readonly string[];
  /** Upstream fields that are read. */
  readonly fields: readonly FieldModel[];
  /** Columns that no two of its rows, or of its groups, share. */
  readonly distinctBy: readonly string[];
  /** The groups that its rows form in the lineage inputs; absent where each row counts by itself. */
  readonly groups?: SourceGroups;
}

/** How the rows of a source are aggregated. */
export interface SourceGroups {
  /** Columns whose values the rows of a group share. */
  readonly by: readonly string[];
  /** The upstream's own id columns: data versions are concatenated in their order. */
  readonly orderBy: readonly string[];
}

/** Plans the queries of a derived feature. */
export function planQuery(feature: FeatureModel): PlanQuery {
  const parents = distinctParents(feature);
  const [first, ...others] = inJoinOrder(feature.deps).map((dep, index) =>
    planSource(feature, dep, parents, aliasAt(index)),
  );
  if (first === undefined) throw new Error(`${feature.key} has no deps`);
  const sources = [first, ...others] as const;
  const columns = inputColumns(feature).map(({ name }) => name);
  const cardinality = cardinalityOf(feature, sources);
  return {
    grain: feature.grain,
    joinColumns: feature.joinColumns,
    sources,
    parents,
    inputColumns: columns,
    cardinality,
    // A column that has the name of a parent would hide its data version.
    singlePass: cardinality === "one" && !parents.some(({ fullName }) => columns.includes(fullName)),
    provenance: new Map(
      fieldsByMember(feature).map((field) => {
        const ofField = field.parents.map(({ fullName }) => ({ column: fullName, fullName }));
        return [field.member, provenanceParts(field, field.key, ofField)];
      }),
    ),
  };
}

/** Required deps before optional ones, so that optional rows are joined onto required ones. */
function inJoinOrder(deps: readonly DepModel[]): DepModel[] {
  return [...deps.filter((dep) => !dep.optional), ...deps.filter((dep) => dep.optional)];
}

function planSource(
  feature: FeatureModel,
  dep: DepModel,
  parents: readonly FieldModel[],
  alias: string,
): PlanSource {
  const groups = groupsOf(dep);
  const keys = keysOf(feature, dep);
  return {
    alias,
    table: dep.feature.table,
    optional: dep.optional,
    filters: dep.where,
    ownNames: new Map([...dep.names].map(([name, column]) => [name, column.name])),
    columns: dep.columns.map(({ name }) => name),
    keys,
    fields: parents.filter((parent) => parent.feature === dep.feature),
    distinctBy: groups === undefined ? idsOf(dep) : [...groups.by, ...keys],
    ...(groups === undefined ? {} : { groups }),
  };
}

function groupsOf({ lineage, feature }: DepModel): SourceGroups | undefined {
  if (lineageRules[lineage.type].inputs === "rows") return undefined;
  return { by: columnsOf(lineage), orderBy: feature.idColumns.map(({ name }) => name) };
}

function keysOf(feature: FeatureModel, dep: DepModel): string[] {
  const arriving = new Set(dep.columns.map(({ name }) => name));
  const ofGrain = feature.grain.filter((name) => arriving.has(name) && !feature.joinColumns.includes(name));
  return [...feature.joinColumns, ...ofGrain];
}

/** The upstream's ids under the names by which they arrive. */
function idsOf({ feature, names }: DepModel): string[] {
  const ids = new Set(feature.idColumns.map(({ name }) => name));
  return [...names].filter(([, column]) => ids.has(column.name)).map(([name]) => name);
}

/** `one` and `many` are proven: no two rows, or groups, of a source belong to one work item. */
function cardinalityOf({ grain }: FeatureModel, sources: readonly PlanSource[]): DerivedPlan["cardinality"] {
  const isProven = sources.every(({ distinctBy }) => distinctBy.every((name) => grain.includes(name)));
  if (!isProven) return "unchecked";
  return sources.some(({ groups }) => groups !== undefined) ? "many" : "one";
}

/** Fields in the order in which the sample hash takes them. */
export function fieldsByMember({ fields }: FeatureModel): FieldModel[] {
  return [...fields].sort((a, b) => compareText(a.member, b.member));
}

function distinctParents({ fields }: FeatureModel): FieldModel[] {
  const parents = new Set(fields.flatMap((field) => field.parents));
  return [...parents].sort((a, b) => compareText(a.fullName, b.fullName));
}

function aliasAt(index: number): string {
  return index < 26 ? String.fromCharCode("a".charCodeAt(0) + index) : `d${index}`;
}
