import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import type { PushChanges } from "../../pushing.ts";
import type { EngineSession } from "../engine.ts";
import { qualifiedName } from "../tables/physical-table.ts";

/** The table in which the Python system records definitions: a row per feature and push. */
export const featureVersionsTable = "metaxy_system__feature_versions";

/** Its columns as the Python system creates them. */
export const featureVersionsColumns = [
  "project",
  "feature_key",
  "metaxy_feature_version",
  "metaxy_definition_version",
  "recorded_at",
  "feature_spec",
  "feature_schema",
  "feature_class_path",
  "metaxy_project_version",
  "tags",
  "deleted_at",
] as const;

/** Its columns that hold times; the others hold text. */
export const recordedTimes: ReadonlySet<string> = new Set(["recorded_at", "deleted_at"]);

/** The versions of a feature in a push. */
export interface PushedVersions {
  readonly featureVersion: string;
  readonly definitionVersion: string;
}

/** The definitions of one project as one push recorded them. */
export interface PushedProject {
  readonly project: string;
  readonly projectVersion: string;
  /** Microseconds since 1970 at which its last row was recorded. */
  readonly at: bigint;
  /** JSON of a text per name. */
  readonly tags: string;
  /** How many features it has. */
  readonly features: number;
  /** Feature key → its versions. */
  readonly versions: ReadonlyMap<string, PushedVersions>;
}

/** Which pushes to read. */
export interface PushSelection {
  readonly project?: string | undefined;
  /** Only this feature's versions; all features' by default. */
  readonly feature?: string | undefined;
  /** How many, the latest; and for each of them the one before, to compare with. All by default. */
  readonly latest?: number;
}

/**
 * Pushes, latest first.
 *
 * A push is a run of rows of a project with the same project version: the Python system records each row at a time of
 * its own, and adds rows to the latest push where only metadata changed.
 */
export async function readPushes(
  session: EngineSession,
  { project, feature, latest }: PushSelection,
): Promise<PushedProject[]> {
  const name = qualifiedName(featureVersionsTable);
  if ((await session.columnsOf(name)) === undefined) return [];
  const { dialect } = session;
  const isOfProject = project === undefined ? "TRUE" : `project = ${quoteLiteral(project)}`;
  const isOfFeature = feature === undefined ? "" : ` AND n.feature_key = ${quoteLiteral(feature)}`;
  const isLatest = (alias: string) => (latest === undefined ? "TRUE" : `${alias}.age <= ${latest}`);
  const rows = await session.rows(
    `WITH recorded AS (
       SELECT *, lag(metaxy_project_version) OVER (PARTITION BY project ORDER BY recorded_at) AS version_before
       FROM ${name} WHERE ${isOfProject}),
     numbered AS (
       SELECT *, sum(CASE WHEN metaxy_project_version IS DISTINCT FROM version_before THEN 1 ELSE 0 END)
         OVER (PARTITION BY project ORDER BY recorded_at ROWS UNBOUNDED PRECEDING) AS push
       FROM recorded),
     pushes AS (
       SELECT project, push, max(metaxy_project_version) AS project_version, max(recorded_at) AS pushed_at,
         count(DISTINCT feature_key) AS features, max(tags) AS tags,
         row_number() OVER (ORDER BY max(recorded_at) DESC, project) AS age
       FROM numbered GROUP BY project, push)
     SELECT p.project, p.age, p.project_version, p.tags, p.features, ${dialect.microseconds("p.pushed_at")} AS pushed_at,
       n.feature_key, n.metaxy_feature_version, n.metaxy_definition_version
     FROM pushes AS p
     LEFT JOIN numbered AS n ON n.project = p.project AND n.push = p.push${isOfFeature}
     WHERE ${isLatest("p")} OR EXISTS (
       SELECT 1 FROM pushes AS next WHERE next.project = p.project AND next.push = p.push + 1 AND ${isLatest("next")})
     ORDER BY p.age, n.recorded_at`,
  );
  return groupRows(rows);
}

function groupRows(rows: readonly Readonly<Record<string, unknown>>[]): PushedProject[] {
  const pushes = new Map<string, PushedProject & { readonly versions: Map<string, PushedVersions> }>();
  for (const row of rows) {
    const text = (column: string) => String(row[column] ?? "");
    const push = pushes.get(text("age")) ?? {
      project: text("project"),
      projectVersion: text("project_version"),
      at: BigInt(text("pushed_at")),
      tags: text("tags"),
      features: Number(row["features"]),
      versions: new Map<string, PushedVersions>(),
    };
    pushes.set(text("age"), push);
    // Later rows of a feature replace earlier ones.
    if (row["feature_key"] !== null) {
      push.versions.set(text("feature_key"), {
        featureVersion: text("metaxy_feature_version"),
        definitionVersion: text("metaxy_definition_version"),
      });
    }
  }
  return [...pushes.values()];
}

/** How the features of one push differ from those of the one before. */
export function compareFeatures(
  before: ReadonlyMap<string, PushedVersions>,
  after: ReadonlyMap<string, PushedVersions>,
): PushChanges {
  const common = [...after].flatMap(([key, now]) => {
    const then = before.get(key);
    return then === undefined ? [] : [{ key, then, now }];
  });
  const moved = common.filter(({ then, now }) => then.featureVersion !== now.featureVersion);
  const reworded = common.filter(
    ({ then, now }) =>
      then.featureVersion === now.featureVersion && then.definitionVersion !== now.definitionVersion,
  );
  return {
    added: [...after.keys()].filter((key) => !before.has(key)).sort(),
    changed: moved.map(({ key }) => key).sort(),
    metadataOnly: reworded.map(({ key }) => key).sort(),
    removed: [...before.keys()].filter((key) => !after.has(key)).sort(),
  };
}

/** SQL that creates the table where there is none, as the Python system does. */
export function createFeatureVersions(session: EngineSession): string {
  const { values, wallTimeType } = session.dialect;
  const columns = featureVersionsColumns.map(
    (column) =>
      `${quoteIdentifier(column)} ${recordedTimes.has(column) ? wallTimeType : values.scalars.VARCHAR.type}`,
  );
  return `CREATE TABLE IF NOT EXISTS ${qualifiedName(featureVersionsTable)} (${columns.join(", ")})`;
}
