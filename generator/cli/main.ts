#!/usr/bin/env node
import process from "node:process";
import { createInterface } from "node:readline";
import { openWatcher } from "../project/watch/file-watcher.ts";
import { runCli } from "./program.ts";

// A reader such as `head` may close the output early, which is not an error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  async startProgress(text) {
    const { default: createSpinner } = await import("yocto-spinner");
    const spinner = createSpinner({ text, stream: process.stderr }).start();
    return () => spinner.stop();
  },
  openWatcher,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: promptOnTerminal } : {}),
  untilInterrupted: () => new Promise((done) => process.once("SIGINT", () => done())),
});

/** Asks for a line on the terminal. Returns undefined at the end of the input, or if the user interrupts it. */
function promptOnTerminal(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once("close", () => resolve(undefined));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
