import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, stat } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { freshPath } from "../../../support/fresh-path.ts";
import { tableChanges } from "../../../support/table-changes.ts";

interface Acknowledged {
  readonly change: string;
  readonly key: string;
}

describe("a process that is killed after a table change loses nothing, and its log can be replayed", () => {
  for (const change of Object.keys(tableChanges)) {
    it(change, async () => {
      const path = await freshPath();
      const { child, lines } = startChanges(path, change);
      await once(child, "close");
      const acknowledged = lines();
      expect(acknowledged).toHaveLength(1);
      expect(await sizeOf(`${path}.wal`)).toBeGreaterThan(0);
      await assertAllThere(path, acknowledged);
    });
  }

  it("at random moments", async () => {
    for (let round = 0; round < 4; round++) {
      const path = await freshPath();
      const { child, lines } = startChanges(path);
      const closed = once(child, "close");
      await Promise.race([closed, once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data")]);
      await setTimeout(Math.random() * 3000);
      child.kill("SIGKILL");
      await closed;
      expect(child.signalCode).toBe("SIGKILL");
      await assertAllThere(path, lines());
    }
  });
});

function startChanges(path: string, change?: string): { child: ChildProcess; lines: () => Acknowledged[] } {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=stemma-source", "test/support/table-changer.ts", path].concat(
      change ?? [],
    ),
    { stdio: ["ignore", "pipe", "inherit"], cwd: new URL("../../../..", import.meta.url) },
  );
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += String(chunk);
  });
  // What a killed process wrote last may lack its end.
  const lines = () =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Acknowledged);
  return { child, lines };
}

async function assertAllThere(path: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const copy = await freshPath();
  await copyFile(path, copy);
  await copyFile(`${path}.wal`, `${copy}.wal`).catch(() => undefined);
  const instance = await DuckDBInstance.create(copy);
  instance.closeSync();
  for (const readOnly of [true, false]) {
    await using store = await openStore(path, { readOnly });
    for (const { change, key } of acknowledged)
      expect({ change, key, rows: await tableChanges[change]?.rows(store, key) }).toEqual({
        change,
        key,
        rows: ["a", "b"],
      });
  }
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}
