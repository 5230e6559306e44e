import type { DerivedPlan, EngineName, PlanSql } from "../../runtime/contract.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { type FilterPrinter, printFilter } from "../../runtime/dialect/print-filter.ts";
import { quoteIdentifier, quotePath } from "../../runtime/dialect/sql-text.ts";
import type { FieldModel } from "../resolve/project-model.ts";
import { byEngine } from "./by-engine.ts";
import { printProvenance } from "./field-provenance.ts";
import type { PlanQuery, PlanSource, SourceGroups } from "./plan-query.ts";
import { renderSql, type SelectItem } from "./render-sql.ts";

/** Prints the SQL of a plan once per engine. */
export function printPlan(query: PlanQuery, engines: readonly EngineName[]): DerivedPlan["sql"] {
  return byEngine(engines, (dialect) => printPlanSql(query, dialect));
}

/** Prints the SQL of a plan in one dialect. */
export function printPlanSql(query: PlanQuery, dialect: Dialect): PlanSql {
  return {
    lineageInputs: lineageInputs(query, dialect),
    provenance: Object.fromEntries(
      [...query.provenance].map(([member, parts]) => [member, printProvenance(parts, dialect)]),
    ),
    inputRows: inputRows(query, dialect),
  };
}

/** Prints the query that gives a row per work item: its grain, and the data version of each parent. */
function lineageInputs(query: PlanQuery, dialect: Dialect): string {
  const [first, ...others] = query.sources;
  if (first.groups !== undefined && others.length === 0)
    return printGroups(first, first.groups, dialect, `${first.alias}.`);

  // Within another query, lines begin behind its `FROM (`.
  const indent = query.cardinality === "unchecked" ? "      " : "";
  const joined = join(query, (source) =>
    source.groups === undefined
      ? rowRelation(source, dialect)
      : groupRelation(source, source.groups, dialect, `${indent}  `),
  );
  const rowCount = rowCountOf(joined.relations);
  const columns = [
    ...query.grain.map((name) => selectAs(joined.column(name), name)),
    ...(rowCount === undefined ? [] : [selectAs(rowCount, "stemma_row_count")]),
    ...query.parents.map((parent) => selectAs(joined.value(parent), parent.fullName)),
  ];
  const rows = joined.select(columns, indent);
  if (query.cardinality !== "unchecked") return rows;
  const values = query.parents.map(({ fullName }) => quoteIdentifier(fullName));
  return renderSql("work-items", {
    query: rows,
    grain: query.grain.map(quoteIdentifier),
    values,
    rowCount:
      rowCount === undefined
        ? "count(*)"
        : dialect.values.cast(`sum("stemma_row_count")`, dialect.values.scalars.BIGINT.type),
    conflict: `count(DISTINCT ${dialect.tuple(values.map((value) => `coalesce(${value}, '')`))}) > 1`,
  });
}

/** Prints the query of the user columns of increment rows; with the data versions of the parents where one pass gives both. */
function inputRows(query: PlanQuery, dialect: Dialect): string {
  const joined = join(query, (source) => rowRelation(source, dialect));
  const columns = query.inputColumns.map((name) => selectAs(joined.column(name), name));
  const versions = query.singlePass
    ? query.parents.map((parent) => selectAs(joined.value(parent), parent.fullName))
    : [];
  return joined.select([...columns, ...versions]);
}

/** A source in a FROM clause. */
interface Relation {
  readonly source: PlanSource;
  /** SQL without its alias. */
  readonly sql: string;
  /** SQL of a column; undefined where it does not have it. */
  column(name: string): string | undefined;
  /** SQL of the data version of an upstream field. */
  value(field: FieldModel): string;
  /** SQL of the number of upstream rows in a group; absent where a row counts by itself. */
  readonly rowCount?: string;
}

/** The upstream's rows as they are. */
function rowRelation(source: PlanSource, dialect: Dialect): Relation {
  const { alias, columns } = source;
  const table = quoteIdentifier(source.table);
  const conditions = conditionsOf(source, dialect);
  return {
    source,
    sql: conditions.length === 0 ? table : `(SELECT * FROM ${table} WHERE ${conditions.join(" AND ")})`,
    column: (name) => (columns.includes(name) ? `${alias}.${ownColumn(source, name)}` : undefined),
    value: (field) => dataVersion(field, `${alias}.`),
  };
}

/** One row per group. */
function groupRelation(source: PlanSource, groups: SourceGroups, dialect: Dialect, indent: string): Relation {
  const { alias, keys } = source;
  return {
    source,
    sql: `(${printGroups(source, groups, dialect, "", indent)})`,
    column: (name) => (keys.includes(name) ? `${alias}.${quoteIdentifier(name)}` : undefined),
    value: (field) => `${alias}.${quoteIdentifier(field.fullName)}`,
    rowCount: `${alias}."stemma_row_count"`,
  };
}

/**
 * One row per group, or per group and further key columns: then the hashes are those of the whole group.
 *
 * `scope` qualifies columns. `indent` precedes each line except the first.
 */
function printGroups(
  source: PlanSource,
  { by, orderBy }: SourceGroups,
  dialect: Dialect,
  scope: string,
  indent = "",
): string {
  const { alias, keys, fields } = source;
  const column = (name: string): SelectItem => selectAs(scope + ownColumn(source, name), name);
  const order = orderBy.map((name) => scope + quoteIdentifier(name));
  const facts = {
    indent,
    table: quoteIdentifier(source.table) + (scope === "" ? "" : ` AS ${alias}`),
    conditions: conditionsOf(source, dialect),
    by: by.map(column),
    values: fields.map((field) => ({
      sql: dialect.sampleHash(dialect.orderedConcat(order, dataVersion(field, scope))),
      as: ` AS ${quoteIdentifier(field.fullName)}`,
    })),
  };
  const others = keys.filter((name) => !by.includes(name));
  if (others.length === 0) return renderSql("groups", facts);
  return renderSql("groups-within", {
    ...facts,
    others: others.map(column),
    on: by.map((name) => `k.${quoteIdentifier(name)} = m.${quoteIdentifier(name)}`),
    names: [...by, ...others].map((name) => `m.${quoteIdentifier(name)}`),
    valueNames: fields.map((field) => `k.${quoteIdentifier(field.fullName)}`),
  });
}

/** The sources of a query, joined on its join columns (docs/semantics.md, "Joins over several deps"). */
interface Join {
  readonly relations: readonly Relation[];
  column(name: string): string;
  value(field: FieldModel): string;
  /** The query that selects `columns`. `indent` begins each line but the first. */
  select(columns: readonly SelectItem[], indent?: string): string;
}

/** Required sources are joined by INNER JOIN, optional ones by LEFT JOIN, and by FULL JOIN where all are optional. */
function join(query: PlanQuery, relate: (source: PlanSource) => Relation): Join {
  const first = relate(query.sources[0]);
  const isOuter = first.source.optional;
  const relations = [first];
  const joins = query.sources.slice(1).map((source) => {
    const relation = relate(source);
    const conditions = query.joinColumns.map(
      (name) => `${relation.column(name)} = ${columnOf(isOuter ? relations : [first], name)}`,
    );
    relations.push(relation);
    const kind = isOuter ? "FULL JOIN" : source.optional ? "LEFT JOIN" : "INNER JOIN";
    return { kind, relation: relation.sql, alias: source.alias, conditions };
  });
  return {
    relations,
    column: (name) => columnOf(query.joinColumns.includes(name) && !isOuter ? [first] : relations, name),
    value: (field) => {
      const relation = relations.find(({ source }) => source.fields.includes(field));
      if (relation === undefined) throw new Error(`No source of the plan has ${field.fullName}`);
      return relation.value(field);
    },
    select: (columns, indent = "") =>
      renderSql("select", { indent, columns, relation: first.sql, alias: first.source.alias, joins }),
  };
}

/** The column of the relations that have it: the first value that is not null. */
function columnOf(relations: readonly Relation[], name: string): string {
  const columns = relations.flatMap((relation) => relation.column(name) ?? []);
  return columns.length === 1 ? columns.join("") : `coalesce(${columns.join(", ")})`;
}

/** Rows behind a work item: the product over the groups. An optional group that is missing counts as one row. */
function rowCountOf(relations: readonly Relation[]): string | undefined {
  const counts = relations.flatMap(({ rowCount, source }) => {
    if (rowCount === undefined) return [];
    return [source.optional && relations.length > 1 ? `coalesce(${rowCount}, 1)` : rowCount];
  });
  return counts.length === 0 ? undefined : counts.join(" * ");
}

function conditionsOf(source: PlanSource, dialect: Dialect): string[] {
  const printer: FilterPrinter = {
    column: ([name, ...members]) => quotePath([source.ownNames.get(name) ?? name, ...members]),
    literal: ({ type, text }) => dialect.values.literal(type, text),
  };
  return source.filters.map((filter) => {
    const sql = printFilter(filter, printer);
    return filter.kind === "or" && source.filters.length > 1 ? `(${sql})` : sql;
  });
}

function dataVersion(field: FieldModel, scope: string): string {
  return `${scope}"metaxy_data_version_by_field".${quoteIdentifier(field.member)}`;
}

function ownColumn({ ownNames }: PlanSource, name: string): string {
  return quoteIdentifier(ownNames.get(name) ?? name);
}

/** A select item named `name`. */
function selectAs(sql: string, name: string): SelectItem {
  const alias = quoteIdentifier(name);
  const isNamed = sql.endsWith(alias) && /^(\w+\.)?$/.test(sql.slice(0, -alias.length));
  return { sql, as: isNamed ? "" : ` AS ${alias}` };
}
