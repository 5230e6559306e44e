import type { AnyFeature } from "../../../runtime/feature.ts";
import type { MigrateResult } from "../../../runtime/migrating.ts";
import type { Store } from "../../../runtime/store.ts";
import { exitCodes } from "../../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../../pipeline/result.ts";
import { upstreamFirst } from "../../pipeline/upstream-first.ts";
import { describeMigration } from "../../report/text/describe-migration.ts";
import { changeStore, type StoreOptions, storeOptions } from "../change-store.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import { unknownFeature } from "../unknown-feature.ts";

interface MigrateArguments {
  /** Keys of features; all if there are none. */
  readonly keys: readonly string[];
}

interface MigrateCommandOptions extends StoreOptions {
  /** Also drop renamed columns, and values that the declared type cannot hold. */
  readonly drop?: boolean;
}

/** The migration of the table of one feature. */
interface FeatureMigration extends MigrateResult {
  readonly feature: string;
}

/** Migrates stored tables to what their specs declare, and prints the steps. */
export const command: AnyCommand = defineCommand<MigrateArguments, MigrateCommandOptions>({
  arguments: { keys: "keys of features; all by default" },
  options: {
    drop: { text: "drop columns that were renamed, and set values that do not fit to null" },
    ...storeOptions,
  },
  examples: ["stemma migrate --dry-run", "stemma migrate video/raw --store features.duckdb --yes"],
  run: (options, console) =>
    changeStore<readonly AnyFeature[], readonly FeatureMigration[]>(
      options,
      console,
      (features) => selectFeatures(options.keys, features),
      async ({ store, name, target, signal }) => {
        const { drop = false } = options;
        return {
          preview: async () => ok(await migrateAll(store, target, { dryRun: true, drop, signal })),
          apply: () => migrateAll(store, target, { drop, signal }),
          progress: `Migrating ${name}`,
          isEmpty: (migrations) => !hasStep(migrations, (kind) => kind !== "blocked"),
          describe: (migrations, isDone) => describeMigration(migrations, isDone, name),
          toJson: (migrations, isDone) => ({ store: name, dryRun: !isDone, migrations }),
          exitCode: (migrations) =>
            hasStep(migrations, (kind) => kind === "blocked") ? exitCodes.problems : exitCodes.success,
          question: "Migrate?",
          declined: "Nothing was migrated.",
        };
      },
    ),
});

function selectFeatures(keys: readonly string[], features: readonly AnyFeature[]): Result<AnyFeature[]> {
  const known = features.map((feature) => feature.key);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) return fail(unknownFeature(unknown, known));
  // The rows of a renamed feature are derived from migrated rows of its upstream.
  const nodes = features.map((feature) => {
    const upstream = feature.spec.deps.map((dep) => dep.feature);
    return [feature.key, { feature, upstream }] as const;
  });
  const ordered = [...upstreamFirst(new Map(nodes)).values()].map(({ feature }) => feature);
  return ok(ordered.filter(({ key }) => keys.length === 0 || keys.includes(key)));
}

async function migrateAll(
  store: Store,
  features: readonly AnyFeature[],
  options: Parameters<Store["migrate"]>[1],
): Promise<FeatureMigration[]> {
  const migrations: FeatureMigration[] = [];
  for (const feature of features)
    migrations.push({ feature: feature.key, ...(await store.migrate(feature, options)) });
  return migrations;
}

function hasStep(migrations: readonly FeatureMigration[], matches: (kind: string) => boolean): boolean {
  return migrations.some(({ steps }) => steps.some(({ kind }) => matches(kind)));
}
