import { Command, CommanderError } from "commander";
import { type CliError, type ExitCode, exitCodes } from "../diagnostics/cli-error.ts";
import { packageDescription } from "../project/package-description.ts";
import { renderErrorsJson } from "../report/render-errors.ts";
import { type CommandEntry, declare } from "./command.ts";
import { CliConsole, type CliIo, type GlobalOptions } from "./console.ts";

const commands: readonly CommandEntry[] = [
  {
    usage: "init [dir]",
    summary: "Scaffold a working project (specs, pipeline, config, CI workflow); never overwrites",
    load: () => import("./commands/init.ts"),
  },
  {
    usage: "generate",
    summary: "Compile specs, report version changes, write modules and manifest",
    load: () => import("./commands/generate.ts"),
  },
  {
    usage: "validate [files...]",
    summary: "Check specs, print diagnostics only",
    load: () => import("./commands/validate.ts"),
  },
  {
    usage: "diff",
    summary: "Report version changes against a base, their causes, and what to recompute; writes nothing",
    load: () => import("./commands/diff.ts"),
  },
  {
    usage: "explain <name>",
    summary: "Explain how a version is computed, step by step",
    load: () => import("./commands/explain.ts"),
  },
  {
    usage: "delete <key>",
    summary: "Delete samples of a feature from a store; asks first",
    load: () => import("./commands/delete.ts"),
  },
  {
    usage: "drop <key>",
    summary: "Drop the table of a feature and its bookkeeping from a store; asks first",
    load: () => import("./commands/drop.ts"),
  },
  {
    usage: "migrate [key...]",
    summary: "Migrate stored tables to the columns and types of their specs; asks first",
    load: () => import("./commands/migrate.ts"),
  },
];

/**
 * Runs a command line. It returns an exit code for every outcome, and never throws.
 *
 * @example
 * ```ts
 * process.exitCode = await runCli(["diff", "--format", "json"], io);
 * ```
 */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.success;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    const printsJson = /(^|\0)--format(\0|=)json(\0|$)/.test(args.join("\0"));
    if (!(error instanceof CommanderError)) return reportBug(error, io, printsJson);
    // Commander throws 0 after it printed help or the version, and has printed what is wrong else.
    if (error.exitCode === 0) return exitCodes.success;
    const message = error.message.replace(/^error: /, "");
    if (printsJson) io.stdout.write(renderErrorsJson([{ code: "usage", message }]));
    return exitCodes.usage;
  }
}

function createProgram(io: CliIo, finish: (exitCode: ExitCode) => void): Command {
  const program = new Command("stemma")
    .description("Compiles feature specs to typed modules, and reports version changes.")
    .version(packageDescription().version, "-V, --version", "print the version")
    .helpOption("-h, --help", "display help for command")
    .helpCommand(false)
    .option("--cwd <dir>", "folder of the project; default: the current one")
    .option("--config <file>", "config file, instead of stemma.config.json or package.json")
    .option("--no-color", "print without colors, like the environment variable NO_COLOR")
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
  for (const entry of commands) addCommand(program, entry, io, finish);
  return addHelpCommand(program);
}

function addCommand(
  program: Command,
  { usage, summary, load }: CommandEntry,
  io: CliIo,
  finish: (exitCode: ExitCode) => void,
): void {
  const declared = program.command(usage).description(summary);
  program.hook("preSubcommand", async (_, called) => {
    if (called !== declared) return;
    const { command } = await load();
    declare(declared, command);
    const names = Object.keys(command.arguments);
    declared.action(async () => {
      const values = declared.processedArgs.map((value: unknown, index) => [names[index] ?? "", value]);
      const options = { ...declared.optsWithGlobals<GlobalOptions>(), ...Object.fromEntries(values) };
      finish(await command.run(options, new CliConsole(io, options)));
    });
  });
}

/** Like Commander's own, which would print the help of a command that is not loaded. */
function addHelpCommand(program: Command): Command {
  program
    .command("help [command]")
    .description("display help for command")
    .action(async (name: string | undefined) => {
      const isUnknown = name !== undefined && !program.commands.some((each) => each.name() === name);
      // Commander suggests a command for an unknown one that is run, not for one whose help is asked for.
      const args = [...(name === undefined ? [] : [name]), ...(isUnknown ? [] : ["--help"])];
      await program.parseAsync(args, { from: "user" });
    });
  return program;
}

function reportBug(error: unknown, io: CliIo, printsJson: boolean): ExitCode {
  const message = `Internal error in Stemma. ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  io.stderr.write(`error: ${message}\n`);
  if (io.env["STEMMA_DEBUG"] === "1") {
    io.stderr.write(`${error instanceof Error ? error.stack : "No stack."}\n`);
  } else {
    io.stderr.write("  Please report it, with the command and the specs. STEMMA_DEBUG=1 prints the stack.\n");
  }
  const bug: CliError = { code: "internal", message };
  if (printsJson) io.stdout.write(renderErrorsJson([bug]));
  return exitCodes.internal;
}
