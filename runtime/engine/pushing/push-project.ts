import { quoteIdentifier, quoteLiteral } from "../../dialect/sql-text.ts";
import { InputError, StoreError } from "../../errors.ts";
import type { ProjectDefinitions, PushOptions, PushResult } from "../../pushing.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { recordHash } from "../tables/meta-table.ts";
import { qualifiedName } from "../tables/physical-table.ts";
import {
  compareFeatures,
  createFeatureVersions,
  featureVersionsColumns,
  featureVersionsTable,
  type PushedProject,
  type PushedVersions,
  readPushes,
  recordedTimes,
} from "./pushed-features.ts";
import { recordedSchema, recordedSpec } from "./recorded-spec.ts";

/** Records a project's definitions, if they differ from those that it recorded last: all of them, or nothing. */
export async function pushProject(
  store: StoreContext,
  definitions: ProjectDefinitions,
  options: PushOptions,
): Promise<PushResult> {
  assertKnownOptions("push", options, ["tags", "dryRun", "signal"]);
  assertDefinitions(definitions);
  const tags = recordedTags(options.tags ?? {});
  const { dryRun, signal } = options;
  if (dryRun !== true) assertWritable(store);
  const session = await store.connect({ hashLength: 64 });
  try {
    if (dryRun === true) {
      const reading = () => session.transaction(() => compareWithLatest(session, definitions));
      return (await session.exclusive(reading, signal)).result;
    }
    await stageDefinitions(session, definitions);
    const writing = async () => {
      const { latest, result } = await compareWithLatest(session, definitions);
      if (!result.isNew) return result;
      await recordHash(session, store.algorithm);
      await record(session, definitions, result.removed, tags, timeAfter(store.now(), latest));
      return result;
    };
    return await store.writing(session, writing, signal);
  } finally {
    await session.close();
  }
}

async function compareWithLatest(
  session: EngineSession,
  { project, projectVersion, features }: ProjectDefinitions,
): Promise<{ readonly latest: PushedProject | undefined; readonly result: PushResult }> {
  const [latest] = await readPushes(session, { project, latest: 1 });
  const isNew = latest?.projectVersion !== projectVersion;
  const now = new Map<string, PushedVersions>(Object.entries(features));
  const changes = compareFeatures(isNew ? (latest?.versions ?? new Map()) : now, now);
  return { latest, result: { projectVersion, isNew, ...changes } };
}

/** Times of pushes grow, whatever the clock says. */
function timeAfter(now: bigint, latest: PushedProject | undefined): bigint {
  return latest === undefined || now > latest.at ? now : latest.at + 1n;
}

const stagedTable = "stemma_pushed";

/** Columns of the staged definitions: those of the table that differ from feature to feature. */
const stagedColumns = [
  "feature_key",
  "metaxy_feature_version",
  "metaxy_definition_version",
  "feature_spec",
  "feature_schema",
  "feature_class_path",
] as const;

async function stageDefinitions(session: EngineSession, { features }: ProjectDefinitions): Promise<void> {
  const stage = await session.openStage(
    stagedTable,
    stagedColumns.map((name) => ({ name, type: { kind: "scalar", name: "VARCHAR" } })),
  );
  try {
    for (const [key, feature] of Object.entries(features)) {
      const values = [
        key,
        feature.featureVersion,
        feature.definitionVersion,
        JSON.stringify(recordedSpec(key, feature)),
        JSON.stringify(recordedSchema(feature)),
        `${feature.module}.${feature.name}`,
      ];
      for (const [column, value] of values.entries()) stage.put(column, value);
      stage.endRow();
      if (stage.isFull) await stage.flush();
    }
    await stage.flush();
  } finally {
    await stage.close();
  }
}

/** Appends a row per feature, and marks the rows of features that the project no longer has. Within a transaction. */
async function record(
  session: EngineSession,
  { project, projectVersion }: ProjectDefinitions,
  removed: readonly string[],
  tags: string,
  time: bigint,
): Promise<void> {
  const { dialect } = session;
  const name = qualifiedName(featureVersionsTable);
  await session.run(createFeatureVersions(session));
  const present = await session.columnsOf(name);
  const missing = featureVersionsColumns.filter(
    (column) => column !== "deleted_at" && present?.has(column) !== true,
  );
  if (missing.length > 0) throw unknownLayout(session, missing);
  const recordedAt = dialect.wallTimeAt(time);
  const constants: Readonly<Record<string, string>> = {
    project: quoteLiteral(project),
    recorded_at: recordedAt,
    metaxy_project_version: quoteLiteral(projectVersion),
    tags: quoteLiteral(tags),
  };
  const columns = [
    ...stagedColumns.map(quoteIdentifier),
    ...Object.entries(constants).map(([column, sql]) => `${sql} AS ${quoteIdentifier(column)}`),
  ];
  await session.run(
    dialect.insertByName(name, `SELECT ${columns.join(", ")} FROM ${dialect.tempName(stagedTable)}`),
  );
  if (removed.length === 0 || present?.has("deleted_at") !== true) return;
  await session.run(
    `UPDATE ${name} SET deleted_at = ${recordedAt}
     WHERE project = ${constants["project"]} AND deleted_at IS NULL AND feature_key IN (${removed.map(quoteLiteral).join(", ")})`,
  );
}

function unknownLayout(session: EngineSession, missing: readonly string[]): StoreError {
  return new StoreError(
    "table-shape",
    `The table ${featureVersionsTable} of ${session.database} lacks ${missing.join(", ")}. Another version of Metaxy made it: upgrade that (0.1.11 is known to work) and let it push once, or push to another store.`,
    { table: featureVersionsTable, columns: missing, times: [...recordedTimes] },
  );
}

/** Tags as JSON. The Python system keeps facts of its own under the name `metaxy`. */
function recordedTags(tags: Readonly<Record<string, string>>): string {
  for (const [name, value] of Object.entries(tags)) {
    if (name === "metaxy") {
      throw new InputError("wrong-type", 'The tag name "metaxy" is reserved. Choose another one.', {
        tag: name,
      });
    }
    if (typeof value !== "string") {
      throw new InputError(
        "wrong-type",
        `The tag ${JSON.stringify(name)} is not text: ${JSON.stringify(value)}. Pass strings, such as { commit: "abc123" }.`,
        { tag: name },
      );
    }
  }
  return JSON.stringify(tags);
}

/** Refuses what is not the content of `versions.json`. */
function assertDefinitions(definitions: ProjectDefinitions): void {
  const given: unknown = definitions;
  const isManifest =
    typeof given === "object" &&
    given !== null &&
    typeof definitions.project === "string" &&
    typeof definitions.projectVersion === "string" &&
    typeof definitions.features === "object";
  if (isManifest && definitions.manifestVersion === 1) return;
  throw new InputError(
    "wrong-type",
    isManifest
      ? `The manifest has the version ${definitions.manifestVersion}, and this version of Stemma reads 1. Regenerate it: npx stemma generate.`
      : 'store.push takes the content of generated/versions.json: import versions from "./generated/versions.json" with { type: "json" }.',
  );
}
