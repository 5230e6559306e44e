import type { DeleteOptions, DeleteResult } from "../../../runtime/deleting.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import type { CliError } from "../../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../../pipeline/result.ts";
import { describeDeletion } from "../../report/text/describe-deletion.ts";
import { changeStore, type OpenedStore, type StoreOptions, storeOptions } from "../change-store.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import { type Id, parseIdPairs } from "../parse-id-pairs.ts";
import { unknownFeature } from "../unknown-feature.ts";

interface DeleteArguments {
  /** Key of the feature. */
  readonly key: string;
}

interface DeleteCommandOptions extends StoreOptions {
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
export const command: AnyCommand = defineCommand<DeleteArguments, DeleteCommandOptions>({
  arguments: { key: "key of the feature" },
  options: {
    where: {
      value: "<filter...>",
      text: "samples that match these filters, in the stored columns of the feature",
    },
    id: {
      value: "<column=value...>",
      text: "the sample with this id; a repeated column begins another id",
    },
    orphaned: { text: "samples that are no longer expected; of an expansion, all children of such parents" },
    hard: { text: "remove rows permanently, instead of marking samples as deleted" },
    history: { text: "delete under older versions of the feature as well" },
    force: { text: "delete orphans although an upstream feature has to run first" },
    ...storeOptions,
  },
  examples: [
    'stemma delete video/faces --where "count = 0" --dry-run',
    "stemma delete video/chunk --id video_id=a chunk=0 --store features.duckdb",
    "stemma delete video/chunk --orphaned --yes",
  ],
  async run(options, console) {
    const usageError = findUsageError(options);
    if (usageError !== undefined) return console.fail([usageError]);
    return changeStore<Target, DeleteResult>(
      options,
      console,
      (features) => findTarget(options, features),
      async (opened) => {
        const { store, name, signal, target } = opened;
        const { feature } = target;
        const { hard = false, history = false, force = false, dryRun = false } = options;
        const which = await selectSamples(opened, options);
        const run = (mode: DeleteOptions): Promise<DeleteResult> =>
          store.delete(feature, which as never, { hard, history, force, signal, ...mode });
        return {
          preview: async () =>
            ok(await console.withProgress(`Counting samples of ${feature.key}`, () => run({ dryRun: true }))),
          apply: () => run({}),
          progress: `Deleting samples of ${feature.key}`,
          isEmpty: ({ rows, rowsWithoutId, emptyParents }) => rows + rowsWithoutId + emptyParents === 0,
          describe: (result, isDone) =>
            describeDeletion(result, { feature, store: name, hard, dryRun: !isDone }),
          toJson: (result) => ({ feature: feature.key, store: name, hard, dryRun, ...result }),
          question: "Delete them?",
          declined: "Nothing was deleted.",
        };
      },
    );
  },
});

function findUsageError({ where, id, orphaned }: DeleteCommandOptions): CliError | undefined {
  const selections = [where !== undefined, id !== undefined, orphaned === true].filter(Boolean).length;
  if (selections === 1) return undefined;
  return {
    code: "selection-invalid",
    message: selections === 0 ? "No samples are selected." : "Samples are selected in more than one way.",
    hint: "Give one of --where FILTER, --id column=value and --orphaned. --where TRUE selects all samples.",
  };
}

interface Target {
  readonly feature: AnyFeature;
  readonly ids: readonly Id[];
}

function findTarget(
  { key, id = [], orphaned }: DeleteArguments & DeleteCommandOptions,
  features: readonly AnyFeature[],
): Result<Target> {
  const feature = features.find((each) => each.key === key);
  if (feature === undefined)
    return fail(
      unknownFeature(
        key,
        features.map((each) => each.key),
      ),
    );
  if (orphaned === true && feature.plan.kind === "root") {
    return fail({
      code: "selection-invalid",
      message: `${key} is a root: only the program that has its samples knows which are orphaned.`,
      hint: "Select them with --where or --id.",
    });
  }
  const ids = parseIdPairs(feature, id);
  return ids.ok ? ok({ feature, ids: ids.value }) : ids;
}

async function selectSamples(
  { store, target: { feature, ids }, signal }: OpenedStore<Target>,
  { where, orphaned }: DeleteCommandOptions,
): Promise<unknown> {
  if (orphaned !== true) return where ?? ids;
  // Closing the store closes the increment.
  return (await store.resolve(feature, { signal })).orphaned;
}
