import { isStemmaError, type StemmaErrorCode } from "../../runtime/errors.ts";
import type { CliIo } from "../cli/cli-io.ts";
import { findStore } from "../cli/find-store.ts";
import type { Terminal } from "../cli/terminal.ts";
import { addRowCounts, type VersionDiff } from "../diff/index.ts";
import type { Comparison } from "../project/compare-versions.ts";
import type { OpenedProject } from "../project/open-project.ts";
import type { Outcome, Problem } from "../project/output/index.ts";
import { type CountedDatabase, type CountedProject, type CountedRows, countRows } from "./count-rows.ts";

/** The diff with what a store holds of each feature. `store`: its name or path; `true` for the default one. */
export async function countStoredRows(
  { diff, base }: Comparison,
  compiled: Pick<CountedProject, "model" | "versions">,
  project: OpenedProject,
  store: string | true,
  terminal: Terminal,
  io: CliIo,
): Promise<Outcome<VersionDiff>> {
  const found = findStore(store === true ? undefined : store, project, io);
  if (found.kind === "problems") return found;
  const { database: path, ...options } = found.value;
  const counted = await terminal.withProgress(`Counting the rows of ${found.value.name}`, () =>
    countOrReport(
      {
        ...compiled,
        hashLength: project.config.hashLength,
        ...(base.manifest === undefined ? {} : { before: base.manifest }),
      },
      { path, ...options },
      io,
    ),
  );
  if (counted.kind === "problems") return counted;
  const { tables, refused } = counted.value;
  for (const [key, { message }] of refused) {
    // The diff itself says what is blocked, and what to do.
    if (tables.get(key)?.steps.some(({ kind }) => kind === "blocked")) continue;
    terminal.problem({ message: `The rows of ${key} can't be counted. ${message}` }, "warning");
  }
  return { kind: "done", value: addRowCounts(diff, counted.value) };
}

/** What is wrong with a database is a problem of the user's; anything else is a bug. Ctrl-C stops the work in good order. */
async function countOrReport(
  project: CountedProject,
  database: CountedDatabase,
  io: Pick<CliIo, "untilInterrupted">,
): Promise<Outcome<CountedRows>> {
  const interrupted = new AbortController();
  void io.untilInterrupted().then(() => interrupted.abort());
  try {
    return { kind: "done", value: await countRows(project, database, interrupted.signal) };
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    const problem = problemsByCode[error.code]?.(database.path, error.message) ?? { message: error.message };
    return { kind: "problems", problems: [problem] };
  }
}

/** What the runtime would say to a program that opens a store, for whom has a command. */
const problemsByCode: {
  readonly [Code in StemmaErrorCode]?: (path: string, message: string) => Problem;
} = {
  "database-not-found": (path) => ({
    message: `${path} does not exist.`,
    hint: "Check the path. The first program that opens a store for writing makes its database.",
  }),
  "database-unreadable": (_, message) => ({
    message,
    hint: "Name the file of a store: --store takes its path, or its name in the setting `stores`.",
  }),
  "database-locked": (path) => ({
    message: `Another process writes to ${path}, and DuckDB lets nobody read meanwhile.`,
    hint: `Wait until it is done. Or, while it does not write, copy ${path} and ${path}.wal together and count on the copy: the .wal holds what is not in the file yet.`,
  }),
  cancelled: () => ({
    message: "Counting was stopped.",
    hint: "Nothing was written, to the store or elsewhere.",
  }),
};
