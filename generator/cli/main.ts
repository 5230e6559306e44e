#!/usr/bin/env node
import process from "node:process";
import { promptOnTerminal } from "./prompt-on-terminal.ts";
import { runCli } from "./run-cli.ts";
import { watchFolder } from "../project/watch/watch-folder.ts";

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
