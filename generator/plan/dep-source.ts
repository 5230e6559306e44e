import type { Lineage } from "../../runtime/contract.ts";
import { duckdbValues } from "../../runtime/dialect/duckdb-values.ts";
import { printFilter } from "../../runtime/dialect/print-filter.ts";
import { quoteIdentifier, quotePath } from "../../runtime/dialect/sql-text.ts";
import type { TypedLiteral } from "../../runtime/filter/index.ts";
import type { DepModel, FeatureModel, FieldModel } from "../resolve/project-model.ts";
import { templates } from "./sql-templates.ts";

/** A dep as a relation of the inputs: which of its columns it exposes under which SQL. */
export interface DepSource {
  readonly dep: DepModel;
  readonly alias: string;
  /** SQL of the relation, without its alias. */
  readonly relation: string;
  /** The relation as a query of its own, where it has exactly the columns of the inputs of a sole dep. */
  readonly query: string | undefined;
  /** Column in the names of the feature → SQL. */
  readonly columns: ReadonlyMap<string, string>;
  /** SQL of the data version of an upstream field. */
  value(field: FieldModel): string;
  /** SQL of how many upstream rows stand behind one row of the relation, where that is not one. */
  readonly rowCount: string | undefined;
  /** Columns that no two rows of the relation share. */
  readonly key: readonly string[];
}

/** What a dep has to expose. */
export interface DepNeeds {
  readonly feature: FeatureModel;
  readonly dep: DepModel;
  readonly alias: string;
  /** Join and grain columns that come from this dep. */
  readonly columns: readonly string[];
  /** Upstream fields whose data versions are read. */
  readonly fields: readonly FieldModel[];
}

type SourceOf = (needs: DepNeeds) => DepSource;

/** How each kind of lineage stands in the inputs. */
const sourceByLineage: { readonly [kind in Lineage["type"]]: SourceOf } = {
  identity: rowSource,
  expansion: rowSource,
  aggregation: groupSource,
};

/** The relation of a dep in the inputs: its rows, or one row per group. */
export function inputSource(needs: DepNeeds): DepSource {
  return sourceByLineage[needs.dep.lineage.type](needs);
}

/** The upstream's rows as they are. */
export function rowSource({ dep, alias, columns, fields: _ }: DepNeeds): DepSource {
  return {
    dep,
    alias,
    relation: filteredTable(dep),
    query: undefined,
    columns: new Map(columns.map((name) => [name, `${alias}.${quoteIdentifier(ownName(dep, name))}`])),
    value: (field) => `${alias}.${dataVersion(field)}`,
    rowCount: undefined,
    key: dep.feature.idColumns.map((column) => arrivalName(dep, column.name)),
  };
}

/** One row per group: the hash of each field over the group's rows. */
function groupSource({ dep, alias, columns, fields }: DepNeeds): DepSource {
  const groupBy = dep.lineage.type === "aggregation" ? dep.lineage.on : [];
  const beside = columns.filter((name) => !groupBy.includes(name));
  const values = fields.map((field) => ({
    sql: groupedHash(dep, field),
    alias: quoteIdentifier(field.fullName),
  }));
  const facts = { table: quoteIdentifier(dep.feature.table), conditions: conditions(dep), values };
  const ownColumn = (name: string) => aliased(quoteIdentifier(ownName(dep, name)), name);
  const query =
    beside.length === 0
      ? templates.groups({ ...facts, groupBy: groupBy.map(ownColumn) })
      : templates.groupsWithin({
          ...facts,
          groupBy: groupBy.map(ownColumn),
          beside: beside.map(ownColumn),
          on: groupBy.map((name) => `k.${quoteIdentifier(name)} = m.${quoteIdentifier(name)}`),
          names: [...groupBy, ...beside].map((name) => `m.${quoteIdentifier(name)}`),
          valueNames: values.map((value) => `k.${value.alias}`),
        });
  return {
    dep,
    alias,
    relation: `(${query})`,
    query,
    columns: new Map(columns.map((name) => [name, `${alias}.${quoteIdentifier(name)}`])),
    value: (field) => `${alias}.${quoteIdentifier(field.fullName)}`,
    rowCount: `${alias}."stemma_row_count"`,
    key: [...groupBy, ...beside],
  };
}

function groupedHash(dep: DepModel, field: FieldModel): string {
  const ids = dep.feature.idColumns.map((column) => quoteIdentifier(column.name));
  const order = ids.length === 1 ? ids.join("") : `row(${ids.join(", ")})`;
  return `stemma_hash(stemma_ordered_concat(${order}, ${dataVersion(field)}))`;
}

function dataVersion(field: FieldModel): string {
  return `"metaxy_data_version_by_field".${quoteIdentifier(field.member)}`;
}

function filteredTable(dep: DepModel): string {
  const table = quoteIdentifier(dep.feature.table);
  const where = conditions(dep);
  return where.length === 0 ? table : templates.filtered({ table, conditions: where });
}

function conditions(dep: DepModel): string[] {
  const printer = {
    column: ([name, ...members]: readonly [string, ...string[]]) =>
      quotePath([ownName(dep, name), ...members]),
    literal: ({ type, text }: TypedLiteral) => duckdbValues.literal(type, text),
  };
  return dep.where.map((filter) => {
    const sql = printFilter(filter, printer);
    return filter.kind === "or" && dep.where.length > 1 ? `(${sql})` : sql;
  });
}

/** The upstream's own name of a column that is known by its name after rename. */
export function ownName(dep: DepModel, name: string): string {
  return dep.names.get(name)?.name ?? name;
}

/** The name after rename of an upstream's own column. */
function arrivalName(dep: DepModel, own: string): string {
  for (const [name, column] of dep.names) if (column.name === own) return name;
  return own;
}

function aliased(sql: string, name: string): { readonly sql: string; readonly as: string } {
  const alias = quoteIdentifier(name);
  return { sql, as: sql === alias ? "" : ` AS ${alias}` };
}
