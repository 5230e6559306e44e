import { readFile } from "node:fs/promises";
import { openStore } from "../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../runtime/index.ts";
import { untyped } from "./untyped.ts";

/** How many batches a run writes, and how many rows each has. */
export const batches = 3;
export const batchSize = 60;

type Features = Record<"left" | "right" | "below" | "part", AnyFeature>;

/** The features of a run. The second ones differ in a code version alone. */
export interface NightlyFeatures {
  readonly first: Features;
  readonly second: Features;
}

/** The store of a run, and the one to which it copies. */
export interface NightlyStores extends AsyncDisposable {
  readonly store: Store;
  readonly backup: Store;
}

/** Opens the stores of a run. */
export async function openNightly(path: string, { first }: NightlyFeatures): Promise<NightlyStores> {
  const project = { name: "nightly", version: "1", features: Object.values(first) };
  const [store, backup] = [await openStore(path, { project }), await openStore(`${path}.backup`)];
  const close = async () => {
    await store.close();
    await backup.close();
  };
  return { store, backup, [Symbol.asyncDispose]: close };
}

const rowsOf = (batch: number, field: string) =>
  untyped(
    Array.from({ length: batchSize }, (_, index) => ({
      id: `${batch}-${index}`,
      batch,
      metaxy_provenance_by_field: { [field]: `p${batch}` },
    })),
  );

/**
 * A nightly run: writes batches of two features at once, deletes earlier ones with all that was made of them, computes
 * what is downstream, copies the rest to another store, and at last keeps it across a new version. It may be stopped at any time, and is then run again from
 * the start.
 *
 * `report` gets a line before and after each change that is all or nothing.
 */
export async function nightlyRun(
  { store, backup }: NightlyStores,
  { first: { left, right, below, part }, second }: NightlyFeatures,
  report: (line: string) => void,
): Promise<void> {
  const downstream = async () => {
    await store.process(below, async (row) => untyped(row), { batchSize: 150, concurrency: 4 });
    await store.process(
      part,
      async (row) =>
        untyped([1, 2].map((number) => ({ id: (row as unknown as { id: string }).id, part: number }))),
      { batchSize: 150, concurrency: 4 },
    );
  };
  for (let batch = 1; batch <= batches; batch++) {
    report(`writes ${batch}`);
    await store.writeAll([
      { feature: left, rows: rowsOf(batch, "x") },
      { feature: right, rows: rowsOf(batch, "default") },
    ]);
    report(`wrote ${batch}`);
    await downstream();
    if (batch === 1) continue;
    const old = batch - 1;
    report(`deletes ${old}`);
    await store.transaction(async (transaction) => {
      await transaction.delete(left, `batch = ${old}`, { cascade: true });
      await transaction.delete(right, `batch = ${old}`, { hard: batch === 2 });
    });
    report(`deleted ${old}`);
  }
  await backup.copy(store, [left, right]);
  await store.write(second.left, rowsOf(1, "x"));
  await store.rebase(second.below, { from: below.featureVersion });
  report("done");
}

// The test that kills it bundles this file with nothing but the runtime, so that its process starts within half a second.
const [, program = "", path = "", features = ""] = process.argv;
if (program.includes("nightly-run")) {
  const loaded = JSON.parse(await readFile(features, "utf8")) as NightlyFeatures;
  await using stores = await openNightly(path, loaded);
  await nightlyRun(stores, loaded, (line) => console.log(line));
}
