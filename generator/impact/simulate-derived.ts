import { parsedColumns } from "../../runtime/columns/parsed-columns.ts";
import { isStoredAlike } from "../../runtime/columns/stored-alike.ts";
import type { DerivedPlan } from "../../runtime/contract.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import type { Session } from "../../runtime/duckdb/session.ts";
import { BindParameters } from "../../runtime/engine/bind-parameters.ts";
import { featureSources } from "../../runtime/engine/checkpoint/feature-sources.ts";
import { inspectSources } from "../../runtime/engine/checkpoint/source-state.ts";
import { upstreamSources } from "../../runtime/engine/checkpoint/upstream-sources.ts";
import { type ExpectedRows, expectedFromPlan } from "../../runtime/engine/resolve/expected-rows.ts";
import { RepeatedIds } from "../../runtime/engine/resolve/repeated-ids.ts";
import { commonValue } from "../../runtime/engine/resolve/stored-items.ts";
import { upstreamRelations } from "../../runtime/engine/resolve/upstream-source.ts";
import { withCtes } from "../../runtime/engine/tables/work-items.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import { neverComputedColumn, type SimulatedFeature } from "./simulated-feature.ts";
import { type StoredTable, simulatedRows } from "./simulated-table.ts";
import { isOfVersion, versionsByRecency } from "./stored-versions.ts";

/** Where a run is played: upstream rows are those that the session sees by their short names. */
export interface DerivedSimulation {
  readonly session: Session;
  readonly simulated: SimulatedFeature;
  /** The feature, or its lenient form: whichever suits the upstream rows. */
  readonly feature: AnyFeature;
  readonly plan: DerivedPlan;
  /** Full name of the feature's table in the rehearsal, with the rows that are current in the store. */
  readonly target: string;
  /** The feature's table in the store. */
  readonly stored: StoredTable | undefined;
  /** SQL of parents that turned out to have no children, with the version under which. */
  readonly empty: string | undefined;
}

/** Temporary table of the units of work that are expected, with their provenance. */
const workItems = "stemma_work_items";

/**
 * Brings the rows of a feature into the state in which a run would leave them.
 *
 * What a run computes is not known. A unit of work is taken to keep its latest rows, of whatever version, and a field
 * whose provenance stays to keep its data version; the others get the new provenance for one. A unit without any rows
 * gets a row of data versions that nothing was computed from. Gives whether units are left of which not even the number
 * of rows is known.
 */
export async function simulateDerived(simulation: DerivedSimulation): Promise<boolean> {
  const { session, feature, plan } = simulation;
  const logs = await inspectSources(session, await featureSources(session, feature, plan), []);
  const upstream = upstreamSources(plan, logs);
  const upstreamOptions = {
    options: {},
    parameters: new BindParameters(),
    repeated: new RepeatedIds(session),
  };
  const expected = expectedFromPlan(
    session.dialect,
    plan,
    await upstreamRelations(session.dialect, upstream, upstreamOptions),
  );
  const grain = plan.grain.map(quoteIdentifier).join(", ");
  await session.run(
    `CREATE TEMP TABLE ${workItems} AS ${withCtes(expected.ctes)}
     SELECT ${grain}, metaxy_provenance_by_field, metaxy_provenance FROM (${expected.items})`,
  );
  await copyEarlierRows(simulation);
  await updateProvenance(simulation);
  if (feature.plan.traits.outputs === "many") return (await countMissingItems(simulation, "any version")) > 0;
  await addNeverComputedRows(simulation, expected);
  return false;
}

/** Adds rows of other versions for the units that have none under the current one, latest versions first. */
async function copyEarlierRows(simulation: DerivedSimulation): Promise<void> {
  const { session, simulated, feature, target, stored } = simulation;
  if (stored === undefined) return;
  for (const version of await versionsByRecency(session, stored.under(feature.featureVersion))) {
    if (version === feature.featureVersion) continue;
    if ((await countMissingItems(simulation, "the current version")) === 0) return;
    await session.run(
      `INSERT INTO ${target} BY NAME SELECT r.* FROM (${simulatedRows(session.dialect, simulated, stored, version)}) AS r
       SEMI JOIN (${missingItems(simulation, "the current version")}) AS u ON ${sameItem(simulation, "r", "u")}`,
    );
  }
}

type EmptyScope = "the current version" | "any version";

/** SQL of the units without rows, but for those that turned out to have none. */
function missingItems(simulation: DerivedSimulation, emptyScope: EmptyScope): string {
  const { feature, target, empty } = simulation;
  const without = `SELECT u.* FROM ${workItems} AS u ANTI JOIN ${target} AS t ON ${sameItem(simulation, "u", "t")}`;
  if (empty === undefined) return without;
  const condition = emptyScope === "any version" ? "true" : isOfVersion(feature.featureVersion);
  return `${without} ANTI JOIN (SELECT * FROM (${empty}) WHERE ${condition}) AS e ON ${sameItem(simulation, "u", "e")}`;
}

async function countMissingItems(simulation: DerivedSimulation, emptyScope: EmptyScope): Promise<number> {
  const [count] = await simulation.session.rows(
    `SELECT count(*) AS items FROM (${missingItems(simulation, emptyScope)})`,
  );
  return Number(count?.["items"] ?? 0);
}

/** Gives the rows of expected units their new provenance. */
async function updateProvenance({ session, plan, target, ...simulation }: DerivedSimulation): Promise<void> {
  const dataVersions = Object.keys(plan.fieldMembers).map((member) => {
    const [was, is] = ["t", "u"].map(
      (side) => `${side}.metaxy_provenance_by_field.${quoteIdentifier(member)}`,
    );
    return `${quoteIdentifier(member)} := CASE WHEN ${was} = ${is}
      THEN t.metaxy_data_version_by_field.${quoteIdentifier(member)} ELSE ${is} END`;
  });
  await session.run(
    `UPDATE ${target} AS t SET metaxy_data_version_by_field = struct_pack(${dataVersions.join(", ")}),
       metaxy_provenance_by_field = u.metaxy_provenance_by_field, metaxy_provenance = u.metaxy_provenance
     FROM ${workItems} AS u
     WHERE ${sameItem({ plan, ...simulation }, "t", "u")} AND t.metaxy_provenance IS DISTINCT FROM u.metaxy_provenance`,
  );
}

/**
 * Adds a row for each unit that has none: what arrives under the name of an own column is passed on. Its data versions
 * differ from its provenance: it may have been computed and deleted, and below a filter it may not come back as it was.
 */
async function addNeverComputedRows(simulation: DerivedSimulation, expected: ExpectedRows): Promise<void> {
  const { session, feature, plan, target } = simulation;
  const passedOn = passedOnColumns(simulation);
  const arriving = passedOn.length === 0 ? "" : joinArriving(session.dialect, simulation, expected, passedOn);
  const dataVersions = Object.keys(plan.fieldMembers)
    .map(quoteIdentifier)
    .map((member) => `${member} := u.metaxy_provenance_by_field.${member} || '?'`);
  const columns = [
    ...plan.grain.map((column) => `u.${quoteIdentifier(column)}`),
    ...passedOn.map((column) => `r.${quoteIdentifier(column)}`),
  ];
  await session.run(
    `INSERT INTO ${target} BY NAME ${withCtes(expected.ctes)}
     SELECT ${columns.join(", ")}, u.metaxy_provenance_by_field, u.metaxy_provenance,
       struct_pack(${dataVersions.join(", ")}) AS metaxy_data_version_by_field,
       ${quoteLiteral(feature.featureVersion)} AS metaxy_feature_version, true AS ${neverComputedColumn}
     FROM (${missingItems(simulation, "any version")}) AS u${arriving}`,
  );
}

/** Own columns beside the grain that arrive under the same name with the same type, and that matter below. */
function passedOnColumns({ simulated, feature, plan }: DerivedSimulation): string[] {
  const arriving = parsedColumns(plan.inputColumns);
  const own = parsedColumns(feature.spec.columns);
  return simulated.retainedColumns.filter((column) => {
    const [from, to] = [arriving.get(column), own.get(column)];
    if (plan.grain.includes(column) || from === undefined || to === undefined) return false;
    return isStoredAlike(from.type, to.type);
  });
}

function joinArriving(
  dialect: Dialect,
  simulation: DerivedSimulation,
  expected: ExpectedRows,
  columns: readonly string[],
): string {
  const { plan } = simulation;
  const grain = plan.grain.map(quoteIdentifier).join(", ");
  const values = columns.map(
    (column) => `${commonValue(dialect, quoteIdentifier(column))} AS ${quoteIdentifier(column)}`,
  );
  const rows =
    plan.cardinality === "one"
      ? expected.rows
      : `SELECT ${grain}, ${values.join(", ")} FROM (${expected.rows}) GROUP BY ${grain}`;
  return ` LEFT JOIN (${rows}) AS r ON ${sameItem(simulation, "u", "r")}`;
}

function sameItem({ plan }: Pick<DerivedSimulation, "plan">, left: string, right: string): string {
  return plan.grain
    .map((name) => `${left}.${quoteIdentifier(name)} = ${right}.${quoteIdentifier(name)}`)
    .join(" AND ");
}
