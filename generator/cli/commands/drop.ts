import { isFeatureKey, tableOf } from "../../../runtime/columns/table-name.ts";
import type { DropResult } from "../../../runtime/deleting.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import type { Problem } from "../../project/output/index.ts";
import type { CliIo, ExitCode } from "../cli-io.ts";
import { findStore } from "../find-store.ts";
import { openFeatures } from "../open-features.ts";
import { reportProblems } from "../report.ts";
import { findMissingPrompt, isConfirmed, type StoreCommandOptions } from "../store-command.ts";
import { withStore } from "../stores.ts";
import { Terminal } from "../terminal.ts";
import { unknownFeature } from "../unknown-feature.ts";

/** Drops the table of a feature from a store, of one whose spec is gone as well, and prints what went. */
export async function drop(key: string, options: StoreCommandOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const refuse = (problem: Problem): ExitCode => {
    reportProblems([problem], terminal);
    return 2;
  };
  const usageError = findMissingPrompt(options, io);
  if (usageError !== undefined) return refuse(usageError);
  const opened = await openFeatures(options, terminal, io);
  if (opened.kind === "stopped") return opened.exitCode;
  const { features, project } = opened;
  const keys = features.map((feature) => feature.key);
  const isInSpecs = keys.includes(key);
  const owner = isInSpecs ? undefined : ownerOfTable(key, features);
  if (!isFeatureKey(key)) return refuse(unknownFeature(key, keys));
  if (owner !== undefined) return refuse(otherOwner(key, owner));
  const location = findStore(options.store, project, io);
  if (location.kind === "problems") return refuse(location.problems[0] ?? { message: "" });
  const { name } = location.value;

  const { dryRun = false } = options;
  return withStore(location.value, { readOnly: dryRun }, terminal, io, async (store, signal) => {
    const found = await store.drop(key, { dryRun: true, signal });
    if (!isInSpecs && found.tables.length === 0) return refuse(unknownFeature(key, keys));
    const facts = { key, store: name, isInSpecs };
    const print = (result: DropResult, isDone: boolean) =>
      options.format === "json"
        ? terminal.data(
            `${JSON.stringify({ feature: key, store: name, dryRun: !isDone, ...result }, undefined, 2)}\n`,
          )
        : terminal.optionalData(describeDrop(result, isDone, facts));
    if (dryRun || found.tables.length === 0) {
      print(found, !dryRun);
      return 0;
    }
    if (!(await isConfirmed(describeDrop(found, false, facts), "Drop it?", options, terminal, io))) {
      terminal.message("Nothing was dropped.\n");
      return 1;
    }
    print(await terminal.withProgress(`Dropping ${key}`, () => store.drop(key, { signal })), true);
    return 0;
  });
}

/** The feature whose table has the name that a removed one would have. */
function ownerOfTable(key: string, features: readonly AnyFeature[]): AnyFeature | undefined {
  return features.find((feature) => feature.table === tableOf(key));
}

function otherOwner(key: string, owner: AnyFeature): Problem {
  return {
    message: `${JSON.stringify(key)} is not a feature of this project, and its table ${owner.table} is that of ${owner.key}.`,
    hint: `Name ${owner.key} if its table is to be dropped.`,
  };
}

interface DropFacts {
  readonly key: string;
  readonly store: string;
  readonly isInSpecs: boolean;
}

function describeDrop({ existed, rows, tables }: DropResult, isDone: boolean, facts: DropFacts): string {
  const { key, store, isInSpecs } = facts;
  if (tables.length === 0) return `${key} was never written to ${store}: there is nothing to drop.\n`;
  const counted = existed ? ` with ${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"}` : "";
  const specNote = isInSpecs ? "" : " (not a spec of this project any more)";
  const verb = isDone ? "Dropped" : "Would drop";
  return `${verb} ${key}${specNote} from ${store}${counted}: ${tables.length === 1 ? "the table" : "the tables"} ${tables.join(", ")}.\n`;
}
