import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../../runtime/duckdb/index.ts";
import { isStemmaError } from "../../../../runtime/index.ts";
import { buildSpec, text } from "../../../support/build-spec.ts";
import { loadFeature } from "../../../support/load-project.ts";
import { queryFile } from "../../../support/query-file.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { untyped } from "../../../support/untyped.ts";

const rows = 100_000;
const cwd = new URL("../../../..", import.meta.url);
const exporter = ["--import", "tsx", "--conditions=stemma-source", "test/support/endless-exporter.ts"];

/** Kills a process some time after it has exported for the first time. */
async function killLater(child: ChildProcess, wait: number): Promise<void> {
  if (child.stdout !== null) await once(child.stdout, "data");
  await setTimeout(wait);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

describe("an export", () => {
  it("that is killed leaves the file of before or a whole one", { timeout: 120_000 }, async () => {
    for (const ending of ["parquet", "csv"]) {
      const folder = temporaryFolder();
      const file = join(folder, `rows.${ending}`);
      const child = spawn(process.execPath, [...exporter, file], {
        cwd,
        stdio: ["ignore", "pipe", "inherit"],
      });
      await killLater(child, Math.random() * 300);
      const [found] = await queryFile(":memory:", `SELECT count(*) AS rows FROM '${file}'`);
      expect(found?.["rows"]).toBe(BigInt(rows));
      const others = readdirSync(folder).filter((name) => name !== `rows.${ending}`);
      expect(others.length).toBeLessThanOrEqual(1);
      for (const name of others) expect(name).toMatch(/^\.stemma-[-0-9a-f]+\.part$/);
    }
  });

  it.skipIf(process.platform === "win32")(
    "to a full disk leaves no file, and the store goes on",
    { timeout: 60_000 },
    () => {
      const folder = temporaryFolder();
      // A file of the process can't grow beyond 1 MB.
      const command = ["ulimit -f 1000;", "exec", process.execPath, ...exporter, join(folder, "rows.csv")];
      const { stdout } = spawnSync("bash", ["-c", command.join(" ")], { cwd, encoding: "utf8" });
      expect(stdout).toBe(`disk ${rows}\n1000\n`);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("that is cancelled leaves no file", { timeout: 120_000 }, async () => {
    const Note = loadFeature(
      [buildSpec("note", { columns: { id: text }, ids: ["id"], fields: ["x"] })],
      "note",
    );
    const sql = `SELECT md5(i::VARCHAR) AS id, {'x': md5(i::VARCHAR)} AS metaxy_provenance_by_field FROM range(${rows}) t(i)`;
    const folder = temporaryFolder();
    await using store = await openStore(":memory:");
    await store.write(Note, untyped({ sql }));
    const outcomes = new Set<string>();
    for (let wait = 0; outcomes.size < 2; wait = wait * 2 + 1) {
      const file = join(folder, `${wait}.csv`);
      const work = store.read(Note).export(file, { signal: AbortSignal.timeout(wait) });
      const outcome = await work.then(
        () => "done",
        (error: unknown) => (isStemmaError(error) ? error.code : String(error)),
      );
      outcomes.add(outcome);
      expect(readdirSync(folder)).toEqual(outcome === "done" ? [`${wait}.csv`] : []);
    }
    expect(outcomes).toEqual(new Set(["cancelled", "done"]));

    // Reading a file back is cancelled in the same way.
    const [name = ""] = readdirSync(folder);
    await using other = await openStore(":memory:");
    for (let wait = 0; ; wait = wait * 2 + 1) {
      const signal = AbortSignal.timeout(wait);
      const work = other.write(Note, { csv: join(folder, name) }, { signal });
      const outcome = await work.then(
        ({ rows }) => rows,
        (error: unknown) => isStemmaError(error, "cancelled"),
      );
      if (outcome === rows) break;
      expect(outcome).toBe(true);
      expect(await other.read(Note).count()).toBe(0);
    }
  });
});
