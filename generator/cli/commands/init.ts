import { posix, relative, resolve } from "node:path";
import { findProject } from "../../project/find-project.ts";
import {
  guardFiles,
  type NewFiles,
  type Outcome,
  readTextIfThere,
  writeNewFiles,
} from "../../project/output/index.ts";
import { type InitialFile, initialFiles, nextSteps } from "../../scaffold/index.ts";
import type { CliIo, ExitCode, GlobalOptions } from "../cli-io.ts";
import { relativeTo } from "../relative-to.ts";
import { reportProblems, reportUnopened } from "../report.ts";
import { Terminal } from "../terminal.ts";

/** Writes the files of a project that works into a folder, and leaves alone what is there. */
export async function init(folder: string | undefined, options: GlobalOptions, io: CliIo): Promise<ExitCode> {
  const terminal = new Terminal(io, options);
  const root = resolve(io.cwd, options.cwd ?? ".", folder ?? ".");
  const found = await findProject(root, { ...options, mayCreate: folder !== undefined }, io);
  if (found.kind === "stopped") return reportUnopened(found, terminal, io);

  const files = initialFiles(found.options);
  const created = await writeNewFiles(root, files);
  if (created.kind === "problems") return reportProblems(created.problems, terminal);
  terminal.optionalData(describeFiles(files, created.value, relativeTo(io.cwd, root)));
  const lists = await readLists(root, created.value.kept);
  if (lists.kind === "problems") return reportProblems(lists.problems, terminal);
  const way = relative(io.cwd, root);
  terminal.note(nextSteps({ ...found, ...(way === "" ? {} : { way }), lists: lists.value }));
  return 0;
}

function describeFiles(
  files: readonly InitialFile[],
  { kept }: NewFiles<InitialFile>,
  toDisplayPath: (file: string) => string,
): string {
  return files
    .map(
      (file) =>
        `${kept.includes(file) ? "kept   " : "written"}  ${posix.normalize(toDisplayPath(file.path))}\n`,
    )
    .join("");
}

/** The texts of the lists that were there already. */
async function readLists(
  root: string,
  kept: readonly InitialFile[],
): Promise<Outcome<{ readonly wanted: InitialFile; readonly text: string }[]>> {
  return guardFiles(root, async () => {
    const lists = [];
    for (const wanted of kept.filter(({ isList }) => isList)) {
      const read = await readTextIfThere(root, wanted.path);
      if (read.kind === "problems") return read;
      lists.push({ wanted, text: read.value ?? "" });
    }
    return { kind: "done", value: lists };
  });
}
