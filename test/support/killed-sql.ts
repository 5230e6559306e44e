import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs SQL on a database file in a process that is killed right after, so that its log stays. */
export async function killedSql(path: string, ...statements: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    env: { ...process.env, DATABASE: path, STATEMENTS: JSON.stringify(statements) },
    stdio: ["ignore", "inherit", "inherit"],
    cwd: new URL("../..", import.meta.url),
  });
  const [, signal] = await once(child, "exit");
  if (signal !== "SIGKILL") throw new Error("The process ended before it was killed");
}

const program = `
  import { DuckDBInstance } from "@duckdb/node-api";
  const connection = await (await DuckDBInstance.create(process.env.DATABASE)).connect();
  for (const sql of JSON.parse(process.env.STATEMENTS)) await connection.run(sql);
  process.kill(process.pid, "SIGKILL");
`;
