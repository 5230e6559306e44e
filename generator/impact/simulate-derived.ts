import { parsedColumns } from "../../runtime/columns/parsed-columns.ts";
import { isStoredAlike } from "../../runtime/columns/stored-alike.ts";
import type { DerivedPlan } from "../../runtime/contract.ts";
import type { Dialect } from "../../runtime/dialect/dialect.ts";
import { quoteIdentifier, quoteLiteral } from "../../runtime/dialect/sql-text.ts";
import { BindParameters } from "../../runtime/engine/bind-parameters.ts";
import { featureSources } from "../../runtime/engine/checkpoint/feature-sources.ts";
import { inspectSources } from "../../runtime/engine/checkpoint/source-state.ts";
import { upstreamSources } from "../../runtime/engine/checkpoint/upstream-sources.ts";
import type { EngineSession } from "../../runtime/engine/engine.ts";
import { type ExpectedRows, expectedFromPlan } from "../../runtime/engine/resolve/expected-rows.ts";
import { RepeatedIds } from "../../runtime/engine/resolve/repeated-ids.ts";
import { commonValue } from "../../runtime/engine/resolve/stored-items.ts";
import { upstreamRelations } from "../../runtime/engine/resolve/upstream-source.ts";
import { withCtes } from "../../runtime/engine/tables/work-items.ts";
import type { AnyFeature } from "../../runtime/feature.ts";
import { neverComputedColumn, type SimulatedFeature } from "./simulated-feature.ts";
import { type StoredTable, simulatedRows } from "./simulated-table.ts";
import { isOfVersion, versionsByRecency } from "./stored-versions.ts";

/** The run of a derived feature to simulate: the session sees the upstream tables by their short names. */
export interface DerivedSimulation {
  readonly session: EngineSession;
  readonly simulated: SimulatedFeature;
  /** The feature, or its permissive form if upstream rows are simulated. */
  readonly feature: AnyFeature;
  readonly plan: DerivedPlan;
  /** Full name of the feature's table in the simulation, which starts with the current rows of the store. */
  readonly target: string;
  /** The feature's table in the store. */
  readonly stored: StoredTable | undefined;
  /** SQL of the parents that are marked as empty, with the version under which. */
  readonly empty: string | undefined;
}

/** Temporary table of the expected work items, with their provenance. */
const workItems = "stemma_work_items";

/**
 * Changes the rows of a feature to those that a run would leave.
 *
 * The outputs of a run are unknown. The simulation assumes that a work item keeps its latest rows, of whatever version,
 * and that a field with unchanged provenance keeps its data version; other fields get the new provenance as their data
 * version. A work item without rows gets a row with data versions from which nothing was ever computed. Returns whether
 * there are work items whose number of rows is unknown.
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
  const query = `${withCtes(expected.ctes)}
     SELECT ${grain}, metaxy_provenance_by_field, metaxy_provenance FROM (${expected.items})`;
  await session.run(session.dialect.createTemp(workItems, query));
  await copyEarlierRows(simulation);
  await updateProvenance(simulation);
  if (feature.plan.traits.outputs === "many") return (await countMissingItems(simulation, "any version")) > 0;
  await addNeverComputedRows(simulation, expected);
  return false;
}

/** Adds rows of other versions for work items without rows under the current one, the latest version first. */
async function copyEarlierRows(simulation: DerivedSimulation): Promise<void> {
  const { session, simulated, feature, target, stored } = simulation;
  if (stored === undefined) return;
  const { insertByName, semiJoin } = session.dialect;
  for (const version of await versionsByRecency(session, stored.under(feature.featureVersion))) {
    if (version === feature.featureVersion) continue;
    if ((await countMissingItems(simulation, "the current version")) === 0) return;
    const missing = `(${missingItems(simulation, "the current version")}) AS u`;
    await session.run(
      insertByName(
        target,
        `SELECT r.* FROM (${simulatedRows(session.dialect, simulated, stored, version)}) AS r
         ${semiJoin(missing, sameItem(simulation, "r", "u"))}`,
      ),
    );
  }
}

type EmptyScope = "the current version" | "any version";

/** SQL of the work items without rows, except those marked as empty. */
function missingItems(simulation: DerivedSimulation, emptyScope: EmptyScope): string {
  const { session, feature, target, empty } = simulation;
  const { antiJoin } = session.dialect;
  const without = `SELECT u.* FROM ${workItems} AS u ${antiJoin(`${target} AS t`, sameItem(simulation, "u", "t"))}`;
  if (empty === undefined) return without;
  const condition = emptyScope === "any version" ? "true" : isOfVersion(feature.featureVersion);
  const marked = `(SELECT * FROM (${empty}) WHERE ${condition}) AS e`;
  return `SELECT u.* FROM (${without}) AS u ${antiJoin(marked, sameItem(simulation, "u", "e"))}`;
}

async function countMissingItems(simulation: DerivedSimulation, emptyScope: EmptyScope): Promise<number> {
  const [count] = await simulation.session.rows(
    `SELECT count(*) AS items FROM (${missingItems(simulation, emptyScope)})`,
  );
  return Number(count?.["items"] ?? 0);
}

/** Sets the new provenance of the rows of expected work items. */
async function updateProvenance({ session, plan, target, ...simulation }: DerivedSimulation): Promise<void> {
  const { values } = session.dialect;
  const dataVersions = Object.keys(plan.fieldMembers).map((member) => {
    const [before, now] = ["t", "u"].map((side) =>
      values.member(`${side}.metaxy_provenance_by_field`, member),
    );
    const kept = values.member("t.metaxy_data_version_by_field", member);
    return [member, `CASE WHEN ${before} = ${now} THEN ${kept} ELSE ${now} END`] as const;
  });
  await session.run(
    `UPDATE ${target} AS t SET metaxy_data_version_by_field = ${values.struct(dataVersions)},
       metaxy_provenance_by_field = u.metaxy_provenance_by_field, metaxy_provenance = u.metaxy_provenance
     FROM ${workItems} AS u
     WHERE ${sameItem({ plan, ...simulation }, "t", "u")} AND t.metaxy_provenance IS DISTINCT FROM u.metaxy_provenance`,
  );
}

/**
 * Adds a row for each work item without rows: values that arrive under the name of an own column are passed on. Its data
 * versions differ from its provenance: it may have been computed and deleted before, and a run may compute other values.
 */
async function addNeverComputedRows(simulation: DerivedSimulation, expected: ExpectedRows): Promise<void> {
  const { session, feature, plan, target } = simulation;
  const passedOn = passedOnColumns(simulation);
  const arriving = passedOn.length === 0 ? "" : joinArriving(session.dialect, simulation, expected, passedOn);
  const { insertByName, values } = session.dialect;
  const dataVersions = Object.keys(plan.fieldMembers).map(
    (member) => [member, `${values.member("u.metaxy_provenance_by_field", member)} || '?'`] as const,
  );
  const columns = [
    ...plan.grain.map((column) => `u.${quoteIdentifier(column)}`),
    ...passedOn.map((column) => `r.${quoteIdentifier(column)}`),
  ];
  const rows = `${withCtes(expected.ctes)}
     SELECT ${columns.join(", ")}, u.metaxy_provenance_by_field, u.metaxy_provenance,
       ${values.struct(dataVersions)} AS metaxy_data_version_by_field,
       ${quoteLiteral(feature.featureVersion)} AS metaxy_feature_version, true AS ${neverComputedColumn}
     FROM (${missingItems(simulation, "any version")}) AS u${arriving}`;
  await session.run(insertByName(target, rows));
}

/** Own columns outside the grain that arrive under the same name and type, and that downstream features read. */
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
