import { addRowCounts, type VersionDiff } from "../diff/index.ts";
import type { Comparison } from "../git/compare-versions.ts";
import { countRows } from "../impact/count-rows.ts";
import { ok, type Result } from "../pipeline/result.ts";
import type { CliConsole } from "./console.ts";
import { findStore } from "./find-store.ts";
import { catchStoreErrors, type StoreErrorTexts, useSandbox } from "./stores.ts";
import type { CompiledProject } from "./with-project.ts";

/** Adds to a diff what a store holds of each feature. `store`: its name or path; `true` for the default one. */
export async function countStoredRows(
  { diff, base }: Comparison,
  { project, model, versions }: CompiledProject,
  store: string | true,
  console: CliConsole,
): Promise<Result<VersionDiff>> {
  const found = findStore(store === true ? undefined : store, project, console.io);
  if (!found.ok) return found;
  const location = found.value;
  const { hashLength } = project.config;
  const before = base.manifest === undefined ? {} : { before: base.manifest };
  const counted = await console.withProgress(`Counting the rows of ${location.name}`, () =>
    catchStoreErrors(
      location,
      async () =>
        ok(
          await useSandbox(location, (sandbox) =>
            countRows({ model, versions, hashLength, ...before }, sandbox, console.interrupted()),
          ),
        ),
      readingTexts,
    ),
  );
  if (!counted.ok) return counted;
  const { tables, refused } = counted.value;
  for (const [key, { message }] of refused) {
    // The diff itself reports what is blocked, and what to do.
    if (tables.get(key)?.steps.some(({ kind }) => kind === "blocked")) continue;
    console.warn({ message: `The rows of ${key} can't be counted. ${message}` });
  }
  return ok(addRowCounts(diff, counted.value));
}

const readingTexts: StoreErrorTexts = {
  "database-locked": ({ database }) => ({
    message: `Another process writes to ${database}, and DuckDB does not let others read meanwhile.`,
    hint: `Wait until it ends. Or, while it does not write, copy ${database} and ${database}.wal together and count on the copy: the .wal holds what the file lacks.`,
  }),
  cancelled: () => ({
    message: "Counting was interrupted.",
    hint: "Nothing was written, to the store or elsewhere.",
  }),
};
