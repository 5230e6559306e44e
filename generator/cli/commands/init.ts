import { posix, relative, resolve } from "node:path";
import { exitCodes } from "../../diagnostics/cli-error.ts";
import { ok, type Result } from "../../pipeline/result.ts";
import { guardFiles } from "../../project/files/guard-files.ts";
import { readTextIfThere } from "../../project/files/read-text.ts";
import { writeNewFiles } from "../../project/output/write-new-files.ts";
import { describeFiles, describeNextSteps } from "../../report/text/describe-scaffold.ts";
import { type ScaffoldFile, scaffoldFiles } from "../../scaffold/index.ts";
import { type AnyCommand, defineCommand } from "../command.ts";
import type { GlobalOptions } from "../console.ts";
import { relativeTo } from "../display-paths.ts";
import { inspectFolder } from "../inspect-folder.ts";

interface InitArguments {
  /** Folder of the project; by default the working directory. */
  readonly dir?: string;
}

/** Writes the files of a working project into a folder. It overwrites nothing. */
export const command: AnyCommand = defineCommand<InitArguments, GlobalOptions>({
  arguments: { dir: "folder of the project, created if missing; default: the current one" },
  options: {},
  async run(options, console) {
    const { io } = console;
    const root = resolve(io.cwd, options.cwd ?? ".", options.dir ?? ".");
    const inspected = await inspectFolder(root, { ...options, mayCreate: options.dir !== undefined }, io);
    if (!inspected.ok) return console.fail(inspected.errors);

    const files = scaffoldFiles(inspected.value.options);
    const created = await writeNewFiles(root, files);
    if (!created.ok) return console.fail(created.errors);
    const { kept } = created.value;
    const toDisplayPath = relativeTo(io.cwd, root);
    console.optionalData(describeFiles(files, kept, (file) => posix.normalize(toDisplayPath(file))));
    const lists = await readLists(root, kept);
    if (!lists.ok) return console.fail(lists.errors);
    const path = relative(io.cwd, root);
    console.note(
      describeNextSteps({ ...inspected.value, ...(path === "" ? {} : { path }), lists: lists.value }),
    );
    return exitCodes.success;
  },
});

/** The texts of the lists that existed already. */
async function readLists(
  root: string,
  kept: readonly ScaffoldFile[],
): Promise<Result<{ readonly file: ScaffoldFile; readonly text: string }[]>> {
  return guardFiles(root, () => {
    const lists = [];
    for (const file of kept.filter(({ isList }) => isList)) {
      const read = readTextIfThere(root, file.path);
      if (!read.ok) return read;
      lists.push({ file, text: read.value ?? "" });
    }
    return ok(lists);
  });
}
