import { Command, CommanderError, Option } from "commander";
import { packageDescription } from "../project/package-description.ts";
import { diagnosticFormats } from "../report/render-diagnostics.ts";
import type { CliIo, ExitCode, GlobalOptions } from "./cli-io.ts";
import { diffFormats } from "./diff-format.ts";
import { addStoreOptions } from "./store-command.ts";

/** Runs a command line. Whatever happens, it ends in an exit code and never in a throw. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander ends in this way too: with 0 after printing help or version, else after telling what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportBug(error, io);
    return 70;
  }
}

type Finish = (exitCode: ExitCode) => void;

function createProgram(io: CliIo, finish: Finish): Command {
  const program = new Command("stemma")
    .description("Compiles feature specs to typed modules, and reports version changes.")
    .version(packageDescription().version, "-V, --version", "print the version")
    .helpOption("-h, --help", "display help for command")
    .helpCommand("help [command]", "display help for command")
    .option("--cwd <dir>", "folder of the project, instead of this one")
    .option("--config <file>", "file with the settings, instead of stemma.config.json or package.json")
    .option("--no-color", "print without colours, as the environment variable NO_COLOR does")
    .option("--quiet", "print problems only")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .showHelpAfterError("Add --help for usage.");
  addInit(program, io, finish);
  addGenerate(program, io, finish);
  addValidate(program, io, finish);
  addDiff(program, io, finish);
  addExplain(program, io, finish);
  addDelete(program, io, finish);
  addDrop(program, io, finish);
  addMigrate(program, io, finish);
  return program;
}

// The commands are loaded when they run: help and version need none of what they load.

function addInit(program: Command, io: CliIo, finish: Finish): void {
  program
    .command("init")
    .description("Scaffold a working project (specs, pipeline, config, CI workflow); never overwrites")
    .argument("[dir]", "folder of the project, created if missing; default: the current one")
    .action(async (folder: string | undefined, _options: unknown, command: Command) => {
      const { init } = await import("./commands/init.ts");
      finish(await init(folder, command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function addGenerate(program: Command, io: CliIo, finish: Finish): void {
  program
    .command("generate")
    .description("Compile specs, report version changes, write modules and manifest")
    .addOption(
      new Option(
        "--check",
        "write nothing; list outdated, missing and obsolete files, exit with 1 if there are any",
      ).conflicts(["against", "watch"]),
    )
    .addOption(againstOption())
    .option("--watch", "Watch specs, referenced files and config; regenerate on change")
    .action(async (_options: unknown, command: Command) => {
      const { generate } = await import("./commands/generate.ts");
      finish(await generate(command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function addValidate(program: Command, io: CliIo, finish: Finish): void {
  program
    .command("validate")
    .description("Check specs, print diagnostics only")
    .argument("[files...]", "specs or folders to check; all by default")
    .addOption(new Option("--format <format>", "Output format").choices(diagnosticFormats).default("text"))
    .action(async (files: readonly string[], _options: unknown, command: Command) => {
      const { validate } = await import("./commands/validate.ts");
      finish(await validate(files, command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function addDiff(program: Command, io: CliIo, finish: Finish): void {
  program
    .command("diff")
    .description("Report version changes against a base, their causes, and what to recompute; writes nothing")
    .addOption(againstOption())
    .addOption(new Option("--format <format>", "Output format").choices(diffFormats).default("text"))
    .option(
      "--store [store]",
      "count rows that would be new, stale or orphaned in a store: its name in the settings, or the path of a database",
    )
    .option(
      "--fail-on <rules>",
      "exit with 1 on unacknowledged changes of these rules or severities, separated by commas",
      (text: string, before: readonly string[] = []) => [...before, text],
    )
    .action(async (_options: unknown, command: Command) => {
      const { diff } = await import("./commands/diff.ts");
      finish(await diff(command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function againstOption(): Option {
  return new Option(
    "--against <base>",
    "branch, tag, commit, folder or versions.json to compare with (default: the merge base with the default branch, else HEAD)",
  );
}

function addExplain(program: Command, io: CliIo, finish: Finish): void {
  program
    .command("explain")
    .description("Explain how a version is computed, step by step")
    .argument("<name>", "key of a feature, or feature.field")
    .action(async (name: string, _options: unknown, command: Command) => {
      const { explain } = await import("./commands/explain.ts");
      finish(await explain(name, command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function addDelete(program: Command, io: CliIo, finish: Finish): void {
  addStoreOptions(
    program
      .command("delete")
      .description("Delete samples of a feature from a store; asks first")
      .argument("<key>", "key of the feature")
      .option(
        "--where <filter...>",
        "samples for which these filters hold, in the columns of the feature as they are stored",
      )
      .option(
        "--id <column=value...>",
        "the sample with this id; a column that is named again begins another id",
      )
      .option(
        "--orphaned",
        "samples that are no longer expected; of an expansion, all children of such parents",
      )
      .option("--hard", "remove rows for good, instead of marking samples as deleted")
      .option("--history", "delete under older versions of the feature as well")
      .option("--force", "delete orphans though an upstream feature has to run first"),
  )
    .addHelpText(
      "after",
      `
Examples:
  $ stemma delete video/faces --where "count = 0" --dry-run
  $ stemma delete video/chunk --id video_id=a chunk=0 --store features.duckdb
  $ stemma delete video/chunk --orphaned --yes`,
    )
    .action(async (key: string, _options: unknown, command: Command) => {
      const { deleteRows } = await import("./commands/delete.ts");
      finish(await deleteRows(key, command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function addDrop(program: Command, io: CliIo, finish: Finish): void {
  addStoreOptions(
    program
      .command("drop")
      .description("Drop the table of a feature and its bookkeeping from a store; asks first")
      .argument("<key>", "key of the feature; its spec may be gone"),
  )
    .addHelpText(
      "after",
      `
Example:
  $ stemma drop video/old-faces --store features.duckdb --dry-run`,
    )
    .action(async (key: string, _options: unknown, command: Command) => {
      const { drop } = await import("./commands/drop.ts");
      finish(await drop(key, command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function addMigrate(program: Command, io: CliIo, finish: Finish): void {
  addStoreOptions(
    program
      .command("migrate")
      .description("Migrate stored tables to the columns and types of their specs; asks first")
      .argument("[key...]", "keys of features; all of them by default")
      .option("--drop", "drop columns that were renamed, and set values to null that do not fit"),
  )
    .addHelpText(
      "after",
      `
Examples:
  $ stemma migrate --dry-run
  $ stemma migrate video/raw --store features.duckdb --yes`,
    )
    .action(async (keys: string[], _options: unknown, command: Command) => {
      const { migrate } = await import("./commands/migrate.ts");
      finish(await migrate(keys, command.optsWithGlobals<GlobalOptions>(), io));
    });
}

function reportBug(error: unknown, io: CliIo): void {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  io.stderr.write(`error: Internal error in Stemma. ${message}\n`);
  if (io.env["STEMMA_DEBUG"] === "1") {
    io.stderr.write(`${error instanceof Error ? error.stack : "No stack."}\n`);
  } else {
    io.stderr.write(
      "  Please report it, with the command and the specs. STEMMA_DEBUG=1 prints where it happened.\n",
    );
  }
}
