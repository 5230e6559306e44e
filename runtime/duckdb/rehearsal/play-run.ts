import type { DerivedPlan } from "../../contract.ts";
import type { AnyFeature } from "../../feature.ts";
import { quoteName, quoteText } from "../../sql-text.ts";
import { withCtes } from "../comparison/comparison.ts";
import { type ExpectedRows, expectedFromPlan } from "../comparison/expected-rows.ts";
import { RepeatedIds } from "../comparison/repeated-ids.ts";
import { grainIsId, shared } from "../comparison/stored-grains.ts";
import { upstreamRelations, upstreamSources } from "../comparison/upstream-source.ts";
import { Parameters } from "../connection/parameters.ts";
import type { Session } from "../connection/session.ts";
import { featureLogs } from "../recall/feature-logs.ts";
import { watchLogs } from "../recall/watched-log.ts";
import type { RehearsedFeature } from "./rehearsed-feature.ts";
import { rehearsedRows, type StoredTable } from "./rehearsed-table.ts";
import { isOfVersion, versionsByRecency } from "./stored-versions.ts";
import { unseenColumn } from "./unseen-column.ts";

/** Where a run is played: upstream rows are those that the session sees by their short names. */
export interface Scene {
  readonly session: Session;
  readonly rehearsed: RehearsedFeature;
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
const units = "stemma_units";

/**
 * Brings the rows of a feature into the state in which a run would leave them.
 *
 * What a run computes is not known. A unit of work is taken to keep its latest rows, of whatever version, and a field
 * whose provenance stays to keep its data version; the others get the new provenance for one. A unit without any rows
 * gets a row of data versions that nothing was computed from. Gives whether units are left of which not even the number
 * of rows is known.
 */
export async function playRun(scene: Scene): Promise<boolean> {
  const { session, feature, plan } = scene;
  const logs = await watchLogs(session, await featureLogs(session, feature, plan), []);
  const upstream = upstreamSources(plan, logs);
  const look = { options: {}, parameters: new Parameters(), repeated: new RepeatedIds(session) };
  const expected = expectedFromPlan(plan, await upstreamRelations(upstream, look));
  const grain = plan.grain.map(quoteName).join(", ");
  await session.run(
    `CREATE TEMP TABLE ${units} AS ${withCtes(expected.ctes)}
     SELECT ${grain}, metaxy_provenance_by_field, metaxy_provenance FROM (${expected.grains})`,
  );
  await takeUpEarlierRows(scene);
  await stampRows(scene);
  if (!grainIsId(feature)) return (await countLacking(scene, "any version")) > 0;
  await addUnseenRows(scene, expected);
  return false;
}

/** Adds rows of other versions for the units that have none under the current one, latest versions first. */
async function takeUpEarlierRows(scene: Scene): Promise<void> {
  const { session, rehearsed, feature, target, stored } = scene;
  if (stored === undefined) return;
  for (const version of await versionsByRecency(session, stored.under(feature.featureVersion))) {
    if (version === feature.featureVersion) continue;
    if ((await countLacking(scene, "the current version")) === 0) return;
    await session.run(
      `INSERT INTO ${target} BY NAME SELECT r.* FROM (${rehearsedRows(rehearsed, stored, version)}) AS r
       SEMI JOIN (${lacking(scene, "the current version")}) AS u ON ${sameUnit(scene, "r", "u")}`,
    );
  }
}

type EmptyUnder = "the current version" | "any version";

/** SQL of the units without rows, but for those that turned out to have none. */
function lacking(scene: Scene, emptyUnder: EmptyUnder): string {
  const { feature, target, empty } = scene;
  const without = `SELECT u.* FROM ${units} AS u ANTI JOIN ${target} AS t ON ${sameUnit(scene, "u", "t")}`;
  if (empty === undefined) return without;
  const condition = emptyUnder === "any version" ? "true" : isOfVersion(feature.featureVersion);
  return `${without} ANTI JOIN (SELECT * FROM (${empty}) WHERE ${condition}) AS e ON ${sameUnit(scene, "u", "e")}`;
}

async function countLacking(scene: Scene, emptyUnder: EmptyUnder): Promise<number> {
  const [count] = await scene.session.rows(`SELECT count(*) AS units FROM (${lacking(scene, emptyUnder)})`);
  return Number(count?.["units"] ?? 0);
}

/** Gives the rows of expected units their new provenance. */
async function stampRows({ session, plan, target, ...scene }: Scene): Promise<void> {
  const dataVersions = Object.keys(plan.members).map((member) => {
    const [was, is] = ["t", "u"].map((side) => `${side}.metaxy_provenance_by_field.${quoteName(member)}`);
    return `${quoteName(member)} := CASE WHEN ${was} = ${is}
      THEN t.metaxy_data_version_by_field.${quoteName(member)} ELSE ${is} END`;
  });
  await session.run(
    `UPDATE ${target} AS t SET metaxy_data_version_by_field = struct_pack(${dataVersions.join(", ")}),
       metaxy_provenance_by_field = u.metaxy_provenance_by_field, metaxy_provenance = u.metaxy_provenance
     FROM ${units} AS u
     WHERE ${sameUnit({ plan, ...scene }, "t", "u")} AND t.metaxy_provenance IS DISTINCT FROM u.metaxy_provenance`,
  );
}

/**
 * Adds a row for each unit that has none: what arrives under the name of an own column is passed on. Its data versions
 * differ from its provenance: it may have been computed and deleted, and below a filter it may not come back as it was.
 */
async function addUnseenRows(scene: Scene, expected: ExpectedRows): Promise<void> {
  const { session, feature, plan, target } = scene;
  const passedOn = passedOnColumns(scene);
  const arriving = passedOn.length === 0 ? "" : joinArriving(scene, expected, passedOn);
  const dataVersions = Object.keys(plan.members)
    .map(quoteName)
    .map((member) => `${member} := u.metaxy_provenance_by_field.${member} || '?'`);
  const columns = [
    ...plan.grain.map((column) => `u.${quoteName(column)}`),
    ...passedOn.map((column) => `r.${quoteName(column)}`),
  ];
  await session.run(
    `INSERT INTO ${target} BY NAME ${withCtes(expected.ctes)}
     SELECT ${columns.join(", ")}, u.metaxy_provenance_by_field, u.metaxy_provenance,
       struct_pack(${dataVersions.join(", ")}) AS metaxy_data_version_by_field,
       ${quoteText(feature.featureVersion)} AS metaxy_feature_version, true AS ${unseenColumn}
     FROM (${lacking(scene, "any version")}) AS u${arriving}`,
  );
}

/** Own columns beside the grain that arrive under the same name with the same type, and that matter below. */
function passedOnColumns({ rehearsed, feature, plan }: Scene): string[] {
  const typeOf = (column: string | undefined) => column?.replace(/ NOT NULL$/, "");
  return rehearsed.keep.filter(
    (column) =>
      !plan.grain.includes(column) &&
      column in plan.rowColumns &&
      typeOf(plan.rowColumns[column]) === typeOf(feature.spec.columns[column]),
  );
}

function joinArriving(scene: Scene, expected: ExpectedRows, columns: readonly string[]): string {
  const { plan } = scene;
  const grain = plan.grain.map(quoteName).join(", ");
  const values = columns.map((column) => `${shared(quoteName(column))} AS ${quoteName(column)}`);
  const rows =
    plan.rowsPerGrain === "one"
      ? expected.rows
      : `SELECT ${grain}, ${values.join(", ")} FROM (${expected.rows}) GROUP BY ${grain}`;
  return ` LEFT JOIN (${rows}) AS r ON ${sameUnit(scene, "u", "r")}`;
}

function sameUnit({ plan }: Pick<Scene, "plan">, left: string, right: string): string {
  return plan.grain.map((name) => `${left}.${quoteName(name)} = ${right}.${quoteName(name)}`).join(" AND ");
}
