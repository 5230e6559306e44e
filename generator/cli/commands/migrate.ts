import type { AnyFeature } from "../../../runtime/feature.ts";
import type { MigrateResult } from "../../../runtime/migrating.ts";
import type { Store } from "../../../runtime/store.ts";
import type { Problem } from "../../project/output/index.ts";
import { describeMigration } from "../../report/text/describe-migration.ts";
import type { CliIo, ExitCode } from "../cli-io.ts";
import { findStore } from "../find-store.ts";
import { openFeatures } from "../open-features.ts";
import { reportProblems } from "../report.ts";
import { findMissingPrompt, isConfirmed, type StoreCommandOptions } from "../store-command.ts";
import { withStore } from "../stores.ts";
import { Terminal } from "../terminal.ts";
import { unknownFeature } from "../unknown-feature.ts";

/** Options of `stemma migrate`. */
export interface MigrateCommandOptions extends StoreCommandOptions {
  /** Also lets go of what was renamed, and of values that the declared type can't hold. */
  readonly drop?: boolean;
}

/** What is to be done with the table of one feature. */
export interface FeatureMigration extends MigrateResult {
  readonly feature: string;
}

/** Brings stored tables to what their specs declare, and prints what was done; of all features where none is named. */
export async function migrate(
  keys: readonly string[],
  options: MigrateCommandOptions,
  io: CliIo,
): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const refuse = (problem: Problem): ExitCode => {
    reportProblems([problem], terminal);
    return 2;
  };
  const usageError = findMissingPrompt(options, io);
  if (usageError !== undefined) return refuse(usageError);
  const opened = await openFeatures(options, terminal, io);
  if (opened.kind === "stopped") return opened.exitCode;
  const known = opened.features.map((feature) => feature.key);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) return refuse(unknownFeature(unknown, known));
  const location = findStore(options.store, opened.project, io);
  if (location.kind === "problems") return refuse(location.problems[0] ?? { message: "" });
  const { name } = location.value;
  const features = upstreamFirst(opened.features).filter(
    ({ key }) => keys.length === 0 || keys.includes(key),
  );

  const { dryRun = false, drop = false } = options;
  return withStore(location.value, { readOnly: dryRun }, terminal, io, async (store, signal) => {
    const planned = await migrateAll(store, features, { dryRun: true, drop, signal });
    const print = (migrations: readonly FeatureMigration[], isDone: boolean) =>
      options.format === "json"
        ? terminal.data(`${JSON.stringify({ store: name, dryRun: !isDone, migrations }, undefined, 2)}\n`)
        : terminal.optionalData(describeMigration(migrations, isDone, name));
    const exitCode = isBlocked(planned) ? 1 : 0;
    if (dryRun || !hasWork(planned)) {
      print(planned, !dryRun);
      return exitCode;
    }
    const preview = describeMigration(planned, false, name);
    if (!(await isConfirmed(preview, "Migrate?", options, terminal, io))) {
      terminal.message("Nothing was migrated.\n");
      return 1;
    }
    const work = () => migrateAll(store, features, { drop, signal });
    print(await terminal.withProgress(`Migrating ${name}`, work), true);
    return exitCode;
  });
}

/** Rows are carried over a rename from upstream rows that were carried over before. */
function upstreamFirst(features: readonly AnyFeature[]): AnyFeature[] {
  const ordered = new Set<AnyFeature>();
  const byKey = new Map(features.map((feature) => [feature.key, feature]));
  const add = (feature: AnyFeature): void => {
    if (ordered.has(feature)) return;
    for (const dep of feature.spec.deps) {
      const upstream = byKey.get(dep.feature);
      if (upstream !== undefined) add(upstream);
    }
    ordered.add(feature);
  };
  for (const feature of features) add(feature);
  return [...ordered];
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

function hasWork(migrations: readonly FeatureMigration[]): boolean {
  return migrations.some(({ steps }) => steps.some(({ kind }) => kind !== "blocked"));
}

function isBlocked(migrations: readonly FeatureMigration[]): boolean {
  return migrations.some(({ steps }) => steps.some(({ kind }) => kind === "blocked"));
}
