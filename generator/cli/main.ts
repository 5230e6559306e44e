#!/usr/bin/env node
import process from "node:process";
import { createInterface } from "node:readline";
import { watchFolder } from "../project/watch/watch-folder.ts";
import { runCli } from "./run-cli.ts";

// Whoever reads the output may stop reading, as `head` does. That is no error.
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
  watchFolder,
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask: promptOnTerminal } : {}),
  untilInterrupted: () => new Promise((done) => process.once("SIGINT", () => done())),
});

/** Asks for a line on the terminal. Gives nothing where the input ends, or the user interrupts it. */
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
