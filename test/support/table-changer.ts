import { writeSync } from "node:fs";
import process from "node:process";
import { openStore } from "../../runtime/duckdb/index.ts";
import { tableChanges } from "./table-changes.ts";

/**
 * Changes tables of the database that it is given, a line on stdout for each change that was acknowledged: its name and
 * the key of its tables. With the name of a change it dies right after that; without one it goes on until it is killed.
 */
const [, , path = "", name] = process.argv;
let store = await openStore(path);
for (let round = 0; ; round++) {
  for (const [change, { before, change: run }] of Object.entries(tableChanges)) {
    if (name !== undefined && name !== change) continue;
    const key = `t${round}_${Object.keys(tableChanges).indexOf(change)}`;
    await before(store, key);
    if (name !== undefined) {
      // So that the log holds the change alone.
      await store.close();
      store = await openStore(path);
    }
    await run(store, key);
    writeSync(1, `${JSON.stringify({ change, key })}\n`);
    if (name !== undefined) process.kill(process.pid, "SIGKILL");
  }
}
