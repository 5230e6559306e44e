import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";
import type { EngineSession } from "../engine/engine.ts";
import { InputError, isStemmaError } from "../errors.ts";
import { checkpointDatabase } from "./checkpoint-database.ts";

/** The last write of each database, by real path: stores on one file share a queue. */
const lastWrites = new Map<string, Promise<unknown>>();

const attempts = 5;

/**
 * Runs a write in a transaction of its session, after all earlier writes of this process to the same database.
 *
 * DuckDB lets two connections append the same id without a word, and fails at once where they change one table's
 * shape. A writer that is not ours can still get in the way: then the whole transaction is tried again, a little later.
 */
export function queuedWrite<T>(
  path: string,
  session: EngineSession,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  return queued(path, () => retried(() => session.exclusive(() => session.transaction(work), signal)));
}

/**
 * Writes the database's log into its file, after all earlier writes of this process.
 *
 * A transaction of another program prevents it: then the next checkpoint does the same a little later.
 */
export function queuedCheckpoint(path: string, session: EngineSession): Promise<void> {
  return queued(path, async () => {
    await session.exclusive(() => checkpointDatabase(session));
  });
}

/** Runs work while no other write of this process to the same database runs. */
export function heldWrites<T>(path: string, work: () => Promise<T>): Promise<T> {
  return queued(path, async () => {
    const hold = { path, ended: false };
    try {
      return await holds.run(hold, work);
    } finally {
      hold.ended = true;
    }
  });
}

/** The hold on a database under which a piece of code runs. */
const holds = new AsyncLocalStorage<{ readonly path: string; ended: boolean }>();

/** Refuses to wait for the end of the work that waits. */
function assertNotHeld(path: string): void {
  const hold = holds.getStore();
  if (hold?.path !== path || hold.ended) return;
  throw new InputError(
    "nested-transaction",
    "A write of the store was started inside a transaction, for whose end it would wait. Use the transaction that the callback gets as its argument.",
  );
}

async function queued<T>(path: string, work: () => Promise<T>): Promise<T> {
  assertNotHeld(path);
  const before = lastWrites.get(path) ?? Promise.resolve();
  const result = before.then(work);
  const settled = result
    .catch(() => undefined)
    .then(() => {
      if (lastWrites.get(path) === settled) lastWrites.delete(path);
    });
  lastWrites.set(path, settled);
  return result;
}

async function retried<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (attempt === attempts || !isStemmaError(error, "conflict") || error.facts["resolveAgain"] === true)
        throw error;
      await setTimeout(2 ** attempt * 10 * (1 + Math.random()));
    }
  }
}
