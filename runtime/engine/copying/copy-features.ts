import type { CopyOptions, FeatureCopy } from "../../copying.ts";
import { InputError, StoreError } from "../../errors.ts";
import type { AnyFeature } from "../../feature.ts";
import type { EngineSession } from "../engine.ts";
import { assertKnownOptions } from "../known-options.ts";
import { assertWritable, type StoreContext } from "../store-context.ts";
import { filterTexts } from "../tables/bind-filters.ts";
import { type IdSpan, readIdSpans, recordSpans } from "../tables/id-columns.ts";
import { recordHash } from "../tables/meta-table.ts";
import { appendCopies, countCopies } from "./append-copies.ts";
import { type CopiedFiles, writeFiles } from "./rows-to-copy.ts";

/** What a copy needs of a store. */
export interface CopyingStore extends StoreContext {
  /** Tells databases apart, however they are named. */
  readonly databaseKey: string;
}

/** Copies the rows of features from another store: all of them, or nothing. */
export async function copyFeatures(
  store: CopyingStore,
  from: CopyingStore,
  features: readonly AnyFeature[],
  options: CopyOptions,
): Promise<FeatureCopy[]> {
  assertKnownOptions("copy", options, ["filters", "globalFilters", "history", "dryRun", "signal"]);
  const { dryRun = false, signal } = options;
  if (!dryRun) assertWritable(store);
  assertCopyable(store, from, features, options);
  const [first] = features;
  if (first === undefined) return [];
  const session = await store.connect(first);
  try {
    return await session.files.withFolder(async (folder) => {
      const { files, spans } = await readSource(from, features, options, folder);
      const work = async () => {
        const copies: FeatureCopy[] = [];
        if (!dryRun) await recordHash(session, store.algorithm);
        for (const copied of files)
          copies.push(
            dryRun
              ? await countCopies(session, copied, options)
              : await appendCopies(session, copied, options),
          );
        if (!dryRun) await recordSpans(session, spans);
        return copies;
      };
      return dryRun
        ? session.exclusive(() => session.transaction(work), signal)
        : store.writing(session, work, signal);
    });
  } finally {
    await session.close();
  }
}

/** Writes the rows to copy to files: one state of the other store. */
async function readSource(
  from: CopyingStore,
  features: readonly AnyFeature[],
  options: CopyOptions,
  folder: string,
): Promise<{ readonly files: readonly CopiedFiles[]; readonly spans: readonly IdSpan[] }> {
  const { filters = {}, globalFilters, history = false, signal } = options;
  const [first] = features;
  const session = await from.connect(first as AnyFeature);
  try {
    const read = async (source: EngineSession) => {
      const files: CopiedFiles[] = [];
      for (const feature of features) {
        const texts = [...filterTexts(globalFilters), ...filterTexts(filters[feature.key])];
        files.push(await writeFiles(source, { feature, filters: texts, history }, folder));
      }
      const tables = features.map(({ table }) => table);
      return { files, spans: await readIdSpans(source, tables) };
    };
    return await session.exclusive(() => session.transaction(() => read(session)), signal);
  } finally {
    await session.close();
  }
}

function assertCopyable(
  store: CopyingStore,
  from: CopyingStore,
  features: readonly AnyFeature[],
  { filters = {} }: CopyOptions,
): void {
  if (store.databaseKey === from.databaseKey) {
    throw new InputError(
      "same-store",
      `${store.database} is the store to copy from as well. Open the other one, and pass it as the first argument.`,
      { database: store.database },
    );
  }
  if (store.algorithm !== from.algorithm) {
    throw new StoreError(
      "hash-mismatch",
      `${from.database} hashes samples with ${from.algorithm}, and ${store.database} with ${store.algorithm}: copied rows would all be stale. Make the new store with openStore(path, { hash: "${from.algorithm}" }).`,
      { from: from.algorithm, to: store.algorithm },
    );
  }
  const keys = features.map(({ key }) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined)
    throw new InputError("duplicate-feature", `${repeated} is listed twice.`, { feature: repeated });
  const unexpected = Object.keys(filters).find((key) => !keys.includes(key));
  if (unexpected === undefined) return;
  throw new InputError(
    "unknown-feature",
    `filters names ${JSON.stringify(unexpected)}, which is not copied. It takes ${keys.join(", ")}.`,
    { filter: unexpected },
  );
}
