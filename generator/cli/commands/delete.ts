import type { DeleteOptions, DeleteResult } from "../../../runtime/deleting.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import type { Store } from "../../../runtime/store.ts";
import type { Problem } from "../../project/output/index.ts";
import { describeDeletion } from "../../report/text/describe-deletion.ts";
import type { CliIo, ExitCode } from "../cli-io.ts";
import { findStore } from "../find-store.ts";
import { openFeatures } from "../open-features.ts";
import { type Id, parseIdPairs } from "../parse-id-pairs.ts";
import { reportProblems } from "../report.ts";
import { findMissingPrompt, isConfirmed, type StoreCommandOptions } from "../store-command.ts";
import { withStore } from "../stores.ts";
import { Terminal } from "../terminal.ts";
import { unknownFeature } from "../unknown-feature.ts";

/** Options of `stemma delete`. */
export interface DeleteCommandOptions extends StoreCommandOptions {
  /** Filters that all hold. */
  readonly where?: readonly string[];
  /** Pairs of id column and value. */
  readonly id?: readonly string[];
  readonly orphaned?: boolean;
  readonly hard?: boolean;
  readonly history?: boolean;
  readonly force?: boolean;
}

/** Deletes samples of a feature from a store, and prints how many. */
export async function deleteRows(key: string, options: DeleteCommandOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const refuse = (problem: Problem): ExitCode => {
    reportProblems([problem], terminal);
    return 2;
  };
  const usageError = findUsageError(options) ?? findMissingPrompt(options, io);
  if (usageError !== undefined) return refuse(usageError);
  const opened = await openFeatures(options, terminal, io);
  if (opened.kind === "stopped") return opened.exitCode;
  const feature = opened.features.find((each) => each.key === key);
  if (feature === undefined) {
    return refuse(
      unknownFeature(
        key,
        opened.features.map((each) => each.key),
      ),
    );
  }
  if (options.orphaned === true && feature.plan.kind === "root") return refuse(noOrphans(feature));
  const ids = parseIdPairs(feature, options.id ?? []);
  if (ids.kind === "problems") return refuse(ids.problems[0] ?? { message: "" });
  const location = findStore(options.store, opened.project, io);
  if (location.kind === "problems") return refuse(location.problems[0] ?? { message: "" });

  const { dryRun = false } = options;
  return withStore(location.value, { readOnly: dryRun }, terminal, io, async (store, signal) => {
    const which = await findTarget(store, feature, options, ids.value, signal);
    const { hard = false, history = false, force = false } = options;
    const run = (text: string, mode: DeleteOptions): Promise<DeleteResult> =>
      terminal.withProgress(text, () =>
        store.delete(feature, which as never, { hard, history, force, signal, ...mode }),
      );
    const facts = { feature, store: location.value.name, hard, dryRun };
    const print = (result: DeleteResult) =>
      options.format === "json"
        ? terminal.data(`${JSON.stringify({ ...facts, feature: key, ...result }, undefined, 2)}\n`)
        : terminal.optionalData(describeDeletion(result, facts));

    const found = await run(`Counting samples of ${key}`, { dryRun: true });
    if (dryRun || isNothing(found)) {
      print(found);
      return 0;
    }
    const preview = describeDeletion(found, { ...facts, dryRun: true });
    if (!(await isConfirmed(preview, "Delete them?", options, terminal, io))) {
      terminal.message("Nothing was deleted.\n");
      return 1;
    }
    print(await run(`Deleting samples of ${key}`, {}));
    return 0;
  });
}

function findUsageError({ where, id, orphaned }: DeleteCommandOptions): Problem | undefined {
  const named = [where !== undefined, id !== undefined, orphaned === true].filter(Boolean).length;
  if (named === 1) return undefined;
  return {
    message:
      named === 0 ? "Nothing says which samples to delete." : "Samples are named in more than one way.",
    hint: "Give one of --where FILTER, --id column=value and --orphaned. All samples are --where TRUE.",
  };
}

function noOrphans({ key }: AnyFeature): Problem {
  return {
    message: `${key} is a root: only the program that has its samples knows which are orphaned.`,
    hint: "Name them with --where or --id.",
  };
}

async function findTarget(
  store: Store,
  feature: AnyFeature,
  { where, orphaned }: DeleteCommandOptions,
  ids: readonly Id[],
  signal: AbortSignal,
): Promise<unknown> {
  if (orphaned !== true) return where ?? ids;
  // Closed with the store.
  return (await store.resolve(feature, { signal })).orphaned;
}

function isNothing({ rows, rowsWithoutId, emptyParents }: DeleteResult): boolean {
  return rows + rowsWithoutId + emptyParents === 0;
}
