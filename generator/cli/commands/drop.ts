import { isFeatureKey, tableOf } from "../../../runtime/columns/table-name.ts";
import type { DropResult } from "../../../runtime/deleting.ts";
import type { AnyFeature } from "../../../runtime/feature.ts";
import type { CliError } from "../../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../../pipeline/result.ts";
import { describeDrop } from "../../report/text/describe-deletion.ts";
import { changeStore, type StoreOptions, storeOptions } from "../change-store.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import { unknownFeature } from "../unknown-feature.ts";

interface DropArguments {
  /** Key of the feature. */
  readonly key: string;
}

/** Drops the table of a feature, which may have lost its spec, from a store, and prints what was dropped. */
export const command: AnyCommand = defineCommand<DropArguments, StoreOptions>({
  arguments: { key: "key of the feature; its spec may be gone" },
  options: storeOptions,
  examples: ["stemma drop video/old-faces --store features.duckdb --dry-run"],
  run: (options, console) =>
    changeStore<CheckedKey, DropResult>(
      options,
      console,
      (features) => checkKey(options.key, features),
      async ({ store, name, target: { isInSpecs, keys }, signal }) => {
        const { key } = options;
        const facts = { key, store: name, isInSpecs };
        return {
          preview: async () => {
            const found = await store.drop(key, { dryRun: true, signal });
            return isInSpecs || found.tables.length > 0 ? ok(found) : fail(unknownFeature(key, keys));
          },
          apply: () => store.drop(key, { signal }),
          progress: `Dropping ${key}`,
          isEmpty: ({ tables }) => tables.length === 0,
          describe: (result, isDone) => describeDrop(result, isDone, facts),
          toJson: (result, isDone) => ({ feature: key, store: name, dryRun: !isDone, ...result }),
          question: "Drop it?",
          declined: "Nothing was dropped.",
        };
      },
    ),
});

interface CheckedKey {
  readonly isInSpecs: boolean;
  /** Keys of the project. */
  readonly keys: readonly string[];
}

function checkKey(key: string, features: readonly AnyFeature[]): Result<CheckedKey> {
  const keys = features.map((feature) => feature.key);
  if (keys.includes(key)) return ok({ isInSpecs: true, keys });
  if (!isFeatureKey(key)) return fail(unknownFeature(key, keys));
  const owner = features.find(({ table }) => table === tableOf(key));
  return owner === undefined ? ok({ isInSpecs: false, keys }) : fail(otherOwner(key, owner));
}

function otherOwner(key: string, owner: AnyFeature): CliError {
  return {
    code: "feature-unknown",
    message: `${JSON.stringify(key)} is not a feature of this project, and its table ${owner.table} belongs to ${owner.key}.`,
    hint: `Name ${owner.key} to drop that table.`,
  };
}
