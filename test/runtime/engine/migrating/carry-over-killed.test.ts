import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { carriedOver } from "../../../support/carry-over.ts";
import { samples } from "../../../support/deleted-features.ts";
import { freshCopy, freshPath } from "../../../support/fresh-path.ts";
import { renamedFeatures } from "../../../support/renamed-features.ts";
import { untyped } from "../../../support/untyped.ts";

const count = 30_000;

/** A file with all samples, and copies of them, under the old names. */
async function whole(): Promise<string> {
  const path = await freshPath();
  const { sample, copy } = renamedFeatures("before");
  await using store = await openStore(path);
  await store.write(sample, untyped(samples(count)));
  await using increment = await store.resolve(copy);
  await increment.write(untyped(increment.new));
  return path;
}

/** Starts a process that carries over, and kills it some time after it began. Gives what it told of. */
async function killed(path: string): Promise<string[]> {
  const args = ["--import", "tsx", "--conditions=stemma-source", "test/support/carrier.ts", path];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: new URL("../../../..", import.meta.url),
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += String(text);
  });
  await once(child.stdout, "data");
  await Promise.race([setTimeout(Math.random() * 500), once(child, "exit")]);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return output.trim().split("\n");
}

describe("a process that is killed", () => {
  it("while it carries rows over has carried all of a feature, or none", async () => {
    const base = await whole();
    const { sample, copy } = renamedFeatures("after");
    for (let time = 0; time < 4; time++) {
      const path = await freshCopy(base);
      const output = await killed(path);
      await using store = await openStore(path);
      for (const feature of [sample, copy]) {
        const carried = (await store.read(feature).toArray()).length;
        expect([0, count]).toContain(carried);
        if (output.includes(feature.key)) expect(carried).toBe(count);
        expect(await carriedOver(store, feature)).toMatchObject({ rows: count - carried, left: 0 });
      }
      await using increment = await store.resolve(copy);
      expect(increment.counts).toEqual({ new: 0, stale: 0, orphaned: 0 });
    }
  }, 180_000);
});
