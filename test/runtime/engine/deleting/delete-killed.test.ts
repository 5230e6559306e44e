import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import type { AnyFeature, Store } from "../../../../runtime/index.ts";
import { deletedFeatures, samples } from "../../../support/deleted-features.ts";
import { freshCopy, freshPath } from "../../../support/fresh-path.ts";
import { queryFile } from "../../../support/query-file.ts";
import { untyped } from "../../../support/untyped.ts";

const { sample: Sample, copy: Copy } = deletedFeatures;
const hundreds = 400;

/** A file with all samples, and copies of them. */
const whole = (async () => {
  const path = await freshPath();
  await using store = await openStore(path);
  await store.write(Sample, untyped(samples(hundreds * 100)));
  await using increment = await store.resolve(Copy);
  await increment.write(untyped(increment.new));
  return path;
})();

/** Starts a process that removes, and kills it some time after it has done a few rounds. Gives how many it told of. */
async function killed(path: string, work: string): Promise<number> {
  const args = [
    "--import",
    "tsx",
    "--conditions=stemma-source",
    "test/support/endless-deleter.ts",
    path,
    work,
  ];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: new URL("../../../..", import.meta.url),
  });
  let reported = 0;
  const least = 1 + Math.floor(Math.random() * 6);
  for await (const lines of child.stdout) {
    reported += String(lines).trim().split("\n").length;
    if (reported < least) continue;
    await setTimeout(Math.random() * 30);
    child.kill("SIGKILL");
    break;
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return reported;
}

async function sizesByHundred(store: Store): Promise<Map<number, number>> {
  const sizes = new Map<number, number>();
  const rows = store.read(Sample, { columns: untyped(["hundred"]) });
  for await (const { hundred } of rows as unknown as AsyncIterable<{ hundred: number }>)
    sizes.set(hundred, (sizes.get(hundred) ?? 0) + 1);
  return sizes;
}

async function expectAgreement(store: Store, feature: AnyFeature): Promise<number> {
  await using incremental = await store.resolve(feature);
  await using full = await store.resolve(feature, { fullRefresh: true });
  expect(incremental.counts).toEqual(full.counts);
  return incremental.counts.orphaned;
}

describe("a process that is killed", () => {
  it.each(["soft", "hard"])(
    "in the middle of a %s delete leaves no half of it",
    async (work) => {
      for (let time = 0; time < 3; time++) {
        const path = await freshCopy(await whole);
        const reported = await killed(path, work);
        await using store = await openStore(path);
        const sizes = await sizesByHundred(store);
        for (let hundred = 0; hundred < reported; hundred++) expect(sizes.get(hundred)).toBeUndefined();
        expect(new Set(sizes.values())).toEqual(new Set([100]));
        expect(await expectAgreement(store, Copy)).toBe(100 * (hundreds - sizes.size));
      }
    },
    120_000,
  );

  it("in the middle of a drop has dropped all that belongs to the feature, or nothing", async () => {
    for (let time = 0; time < 3; time++) {
      const path = await freshCopy(await whole);
      const reported = await killed(path, "drop");
      const [found] = await queryFile(
        path,
        `SELECT list_contains(list(table_name), 'sample') AS sample, list_contains(list(table_name), 'copy') AS copy
         FROM duckdb_tables()`,
      );
      expect(found?.["copy"]).toBe(true);
      await using store = await openStore(path);
      if (found?.["sample"] === false) {
        expect(await store.drop(Sample)).toEqual({ existed: false, rows: 0, tables: [] });
        await expect(store.resolve(Copy)).rejects.toMatchObject({ code: "upstream-missing" });
        continue;
      }
      expect(reported).toBeGreaterThan(0);
      expect(await store.read(Sample).toArray()).toHaveLength(3000);
      expect(await expectAgreement(store, Copy)).toBe(hundreds * 100 - 3000);
    }
  }, 120_000);
});
