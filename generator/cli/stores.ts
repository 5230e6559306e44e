import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Sandbox } from "../../runtime/engine/engine.ts";
import { isInputError, isStemmaError, type StemmaErrorCode } from "../../runtime/errors.ts";
import type { Store } from "../../runtime/store.ts";
import { type CliError, exitCodes } from "../diagnostics/cli-error.ts";
import { fail, ok, type Result } from "../pipeline/result.ts";
import type { StoreLocation } from "./find-store.ts";

export { isDatabaseUrl } from "../../runtime/duckdb/locate-database.ts";

/** How a command uses a store. */
export interface StoreUse {
  readonly readOnly: boolean;
  onWarning(warning: { readonly message: string }): void;
}

/**
 * Opens an existing store, runs some work on it, and closes it. Errors of the store, and of what the user asked of it,
 * become the result; anything else is a bug.
 */
export async function useStore<Value>(
  location: StoreLocation,
  { readOnly, onWarning }: StoreUse,
  work: (store: Store) => Promise<Value>,
): Promise<Result<Value>> {
  const { database, hash } = location;
  return catchStoreErrors(location, async () => {
    // Opening a store for writing would create one.
    if ((await stat(database).catch(() => undefined)) === undefined) return fail(databaseNotFound(database));
    const { openStore } = await import("../../runtime/duckdb/index.ts");
    await using store = await openStore(database, {
      readOnly,
      onWarning,
      ...(hash === undefined ? {} : { hash }),
    });
    return ok(await work(store));
  });
}

/**
 * Opens a store read-only with a database in memory beside it, runs some work, and closes both. Data that does not fit
 * into memory goes to a temporary folder, so that nothing is written beside the store.
 *
 * @throws StoreError as `openStore` does.
 */
export async function useSandbox<Value>(
  { database, hash }: Pick<StoreLocation, "database" | "hash">,
  work: (sandbox: Sandbox) => Promise<Value>,
): Promise<Value> {
  const { openSandbox } = await import("../../runtime/duckdb/open-sandbox.ts");
  const folder = await mkdtemp(join(tmpdir(), "stemma-sandbox-"));
  try {
    const sandbox = await openSandbox(database, {
      duckdb: { temp_directory: folder },
      ...(hash === undefined ? {} : { hash }),
    });
    try {
      return await work(sandbox);
    } finally {
      await sandbox.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Turns the errors of a store into a result. */
export async function catchStoreErrors<Value>(
  location: StoreLocation,
  work: () => Promise<Result<Value>>,
  texts: StoreErrorTexts = {},
): Promise<Result<Value>> {
  try {
    return await work();
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    const { code, message } = error;
    const text = { ...storeErrorTexts, ...texts }[code]?.(location, message) ?? { message };
    const isUsage = code === "database-not-found" || (isInputError(error) && code !== "cancelled");
    return fail({ code, ...text, exitCode: isUsage ? exitCodes.usage : exitCodes.problems });
  }
}

/** The texts of errors whose remedy on the command line differs from the one in a program. */
export type StoreErrorTexts = {
  readonly [Code in StemmaErrorCode]?: (
    location: StoreLocation,
    message: string,
  ) => Pick<CliError, "message" | "hint">;
};

const storeErrorTexts: StoreErrorTexts = {
  "database-not-found": ({ database }) => databaseNotFound(database),
  "database-unreadable": (_, message) => ({
    message,
    hint: "Name the file of a store: --store takes its path, or its name in the setting `stores`.",
  }),
  "database-locked": ({ name }) => ({
    message: `Another process has ${name} open, and DuckDB lets one process write at a time.`,
    hint: "Wait until it ends.",
  }),
  "hash-unknown": ({ name }) => ({
    message: `${name} holds features that another program wrote, and does not record the hash function of their samples.`,
    hint: 'Name the hash function of that program in the setting `stores`, as { "database": "…", "hash": "md5" }.',
  }),
  cancelled: () => ({ message: "The command was interrupted.", hint: "The store is unchanged." }),
};

function databaseNotFound(database: string): CliError {
  return {
    code: "database-not-found",
    message: `${database} does not exist.`,
    hint: "Check the path. The first program that opens a store for writing creates its database.",
    exitCode: exitCodes.usage,
  };
}
