import { spawn } from "node:child_process";
import process from "node:process";

/**
 * Runs Node with arguments that watch a project, and makes edits one after the other. Gives the milliseconds from each
 * edit to the line that tells what was written.
 */
export async function timeWatch(
  args: readonly string[],
  edits: readonly (() => Promise<void>)[],
): Promise<number[]> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((done) => child.on("exit", done));
  let output = "";
  let wake: () => void = () => undefined;
  child.stderr.on("data", (text) => {
    output += text;
    wake();
  });
  const until = async (expected: string): Promise<void> => {
    while (!output.includes(expected)) {
      const more = new Promise<"more">((done) => {
        wake = () => done("more");
      });
      if ((await Promise.race([more, ended])) !== "more") throw new Error(`Watching has ended:\n${output}`);
    }
    output = "";
  };
  try {
    await until("Watching");
    const times: number[] = [];
    for (const edit of edits) {
      await edit();
      const start = performance.now();
      await until(" written");
      times.push(performance.now() - start);
    }
    return times;
  } finally {
    child.kill("SIGINT");
    await ended;
  }
}
