import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnyFeature, Store } from "../../../runtime/index.ts";
import { freshPath } from "../../support/fresh-path.ts";
import { nightlyFeatures as features } from "../../support/nightly-features.ts";
import {
  batches,
  batchSize,
  type NightlyStores,
  nightlyRun,
  openNightly,
} from "../../support/nightly-run.ts";

const kills = 50;
type Row = Readonly<Record<string, unknown>>;

/** All current rows, without the times of their writes. */
async function contents({ store, backup }: NightlyStores): Promise<Record<string, readonly Row[]>> {
  const all: Record<string, readonly Row[]> = {};
  for (const [place, each] of Object.entries({ store, backup }))
    for (const [name, versions] of Object.entries(features))
      for (const feature of Object.values<AnyFeature>(versions))
        all[`${place} ${name} ${feature.key}`] = (await rowsOf(each, feature)).map((row) =>
          Object.fromEntries(Object.entries(row).filter(([column]) => !/_at$|project_version/.test(column))),
        );
  return all;
}

const rowsOf = async (store: Store, feature: AnyFeature) =>
  (await store.read(feature).toArray()) as unknown as Row[];

/** Runs the nightly run in a process that is killed some milliseconds after its first line. Returns what it reported. */
async function killedAfter(path: string, milliseconds: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, path, featuresFile], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let output = "";
  child.stdout.on("data", (text: Buffer) => {
    output += String(text);
  });
  await Promise.race([once(child.stdout, "data"), exited]);
  await Promise.race([setTimeout(milliseconds), exited]);
  child.kill("SIGKILL");
  const [code] = (await exited) as [number | null];
  if (code !== null && code !== 0) throw new Error(`The run failed by itself, with the code ${code}`);
  return output.split("\n").filter((line) => line !== "");
}

/** The nightly run as one file beside the installed packages: its process starts in a third of the time. */
const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = join(root, "node_modules/.cache/stemma-tests", `nightly-run-${process.pid}.mjs`);
const featuresFile = `${program}.json`;

beforeAll(async () => {
  await build({
    entryPoints: [join(root, "test/support/nightly-run.ts")],
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
  });
  await writeFile(featuresFile, JSON.stringify(features));
});

afterAll(() => Promise.all([program, featuresFile].map((file) => rm(file, { force: true }))));

/** How many rows of each batch are stored. */
async function batchCounts(store: Store, feature: AnyFeature): Promise<readonly number[]> {
  const counts = Array.from({ length: batches }, () => 0);
  for (const { batch } of await rowsOf(store, feature))
    counts[Number(batch) - 1] = (counts[Number(batch) - 1] ?? 0) + 1;
  return counts;
}

/** What must hold at any moment, and what was reported last of each batch. */
async function assertWhole(path: string, lines: readonly string[]): Promise<void> {
  await using stores = await openNightly(path, features);
  const { store, backup } = stores;
  const left = await batchCounts(store, features.first.left);
  expect(await batchCounts(store, features.first.right)).toEqual(left);
  const copied = await batchCounts(backup, features.first.left);
  expect(await batchCounts(backup, features.first.right)).toEqual(copied);
  expect([0, batchSize]).toContain(copied.at(-1));
  for (const [index, count] of left.entries()) {
    expect([0, batchSize]).toContain(count);
    const last = lines.findLast((line) => line.endsWith(` ${index + 1}`));
    if (last?.startsWith("wrote")) expect(count).toBe(batchSize);
    if (last?.startsWith("deleted")) expect(count).toBe(0);
  }
  for (const feature of [features.first.below, features.first.part, features.second.below]) {
    await using increment = await store.resolve(feature);
    await using full = await store.resolve(feature, { fullRefresh: true });
    expect(increment.counts).toEqual(full.counts);
  }
}

describe("a nightly run", () => {
  it(`ends as an undisturbed one after ${kills} kills at random moments, and loses nothing on the way`, async () => {
    const path = await freshPath();
    const undisturbed = await freshPath();
    let expected: Record<string, readonly Row[]>;
    const start = performance.now();
    {
      await using stores = await openNightly(undisturbed, features);
      await nightlyRun(stores, features, () => undefined);
      expected = await contents(stores);
    }
    const duration = (performance.now() - start) * 1.2;
    let finished = 0;
    for (let kill = 0; kill < kills; kill++) {
      const lines = await killedAfter(path, Math.random() * duration);
      if (lines.includes("done")) finished += 1;
      // Each check opens the file and resolves; after most kills, the next run does that anyway.
      if (kill % 10 === 9) await assertWhole(path, lines);
    }
    expect(finished).toBeLessThan(kills);
    await using stores = await openNightly(path, features);
    await nightlyRun(stores, features, () => undefined);
    expect(await contents(stores)).toEqual(expected);
  }, 300_000);
});
