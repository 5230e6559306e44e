import { stat } from "node:fs/promises";
import { isInputError, isStemmaError, type StemmaErrorCode } from "../../runtime/errors.ts";
import type { Store } from "../../runtime/store.ts";
import type { Problem } from "../project/output/index.ts";
import type { CliIo, ExitCode } from "./cli-io.ts";
import type { StoreLocation } from "./find-store.ts";
import { reportProblems } from "./report.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Opens a store that is there, lets a command work on it, and closes it. What goes wrong with the store, or with what
 * the user asks of it, is reported; anything else is a bug. Ctrl-C stops the work in good order.
 */
export async function withStore(
  { database, hash, name }: StoreLocation,
  { readOnly }: { readonly readOnly: boolean },
  terminal: Terminal,
  io: Pick<CliIo, "untilInterrupted">,
  work: (store: Store, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  // Opening a store for writing would make one.
  if ((await stat(database).catch(() => undefined)) === undefined) {
    reportProblems([noDatabase(database)], terminal);
    return 2;
  }
  const interrupted = new AbortController();
  void io.untilInterrupted().then(() => interrupted.abort());
  try {
    const { openStore } = await import("../../runtime/duckdb/index.ts");
    await using store = await openStore(database, {
      readOnly,
      onWarning: ({ message }) => terminal.problem({ message }, "warning"),
      ...(hash === undefined ? {} : { hash }),
    });
    return await work(store, interrupted.signal);
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    reportProblems(
      [problemsByCode[error.code]?.(error.message, name) ?? { message: error.message }],
      terminal,
    );
    return isInputError(error) && error.code !== "cancelled" ? 2 : 1;
  }
}

function noDatabase(database: string): Problem {
  return {
    message: `${database} does not exist.`,
    hint: "Check the path. The first program that opens a store for writing makes its database.",
  };
}

/** Errors whose cure is another one on the command line than in a program. */
const problemsByCode: { readonly [Code in StemmaErrorCode]?: (message: string, store: string) => Problem } = {
  "database-unreadable": (message) => ({
    message,
    hint: "Name the file of a store: --store takes its path, or its name in the setting `stores`.",
  }),
  "database-locked": (_, store) => ({
    message: `Another process has ${store} open, and DuckDB lets one process write at a time.`,
    hint: "Wait until it is done.",
  }),
  "hash-unknown": (_, store) => ({
    message: `${store} holds features that another program wrote, and does not record how their samples are hashed.`,
    hint: 'Name what that program uses in the setting `stores`, as { "database": "…", "hash": "md5" }.',
  }),
  cancelled: () => ({ message: "The command was stopped.", hint: "Nothing was changed in the store." }),
};
