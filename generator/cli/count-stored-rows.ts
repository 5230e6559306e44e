import { isStemmaError } from "../../runtime/errors.ts";
import { addRowCounts, type VersionDiff } from "../diff/index.ts";
import type { Outcome } from "../output/index.ts";
import type { CliIo } from "./cli-io.ts";
import type { Comparison } from "./compare-versions.ts";
import type { OpenedProject } from "./open-project.ts";
import { type CountedDatabase, type CountedProject, type CountedRows, countRows } from "./rows/count-rows.ts";
import { findStore } from "./store-place.ts";
import type { Terminal } from "./terminal.ts";

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
  const counted = await terminal.during(`Counting the rows of ${found.value.name}`, () =>
    countIfOpen(
      {
        ...compiled,
        hashLength: project.config.hashLength,
        ...(base.manifest === undefined ? {} : { before: base.manifest }),
      },
      { path, ...options },
    ),
  );
  if (counted.kind === "problems") return counted;
  for (const [key, { message }] of counted.value.refused) {
    terminal.problem({ message: `The rows of ${key} can't be counted. ${message}` }, "warning");
  }
  return { kind: "done", value: addRowCounts(diff, counted.value.rows) };
}

/** What is wrong with a database is a problem of the user's; anything else is a bug. */
async function countIfOpen(
  project: CountedProject,
  database: CountedDatabase,
): Promise<Outcome<CountedRows>> {
  try {
    return { kind: "done", value: await countRows(project, database) };
  } catch (error) {
    if (!isStemmaError(error)) throw error;
    return { kind: "problems", problems: [{ message: error.message }] };
  }
}
