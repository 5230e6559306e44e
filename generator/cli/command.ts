import { type Command, Option } from "commander";
import type { ExitCode } from "../diagnostics/cli-error.ts";
import type { CliConsole, GlobalOptions } from "./console.ts";

/** A line in the table of commands. The command itself is loaded when it runs, or when its help is printed. */
export interface CommandEntry {
  /** Its name and its arguments: `<name>` if one is required, `[name]` if not, with `...` if it may be repeated. */
  readonly usage: string;
  /** What it does, as a line of `stemma --help`. */
  readonly summary: string;
  load(): Promise<{ readonly command: AnyCommand }>;
}

/** What a command takes, and what it does. Each member of `Arguments` and `Options` needs a description. */
export interface CommandDefinition<Arguments extends object, Options extends GlobalOptions> {
  /** Texts of the arguments by name, in the order of the command line. */
  readonly arguments: { readonly [Name in keyof Required<Arguments>]: string };
  /** By name in camel case; the command line has it in kebab case. */
  readonly options: {
    readonly [Name in Exclude<keyof Required<Options>, keyof GlobalOptions>]: OptionDescription;
  };
  /** Command lines, shown below the help. */
  readonly examples?: readonly string[];
  run(options: Arguments & Options, console: CliConsole): Promise<ExitCode>;
}

/** An option as help shows it. */
export interface OptionDescription {
  /** Its value, written like an argument. A switch has none. */
  readonly value?: `<${string}>` | `[${string}]`;
  readonly text: string;
  readonly choices?: readonly string[];
  readonly default?: string;
  /** Names of options that it excludes. */
  readonly conflicts?: readonly string[];
  /** Collects the values of all its uses. */
  readonly isRepeatable?: boolean;
}

/** A command of any arguments and options, as the table holds it. */
export interface AnyCommand {
  readonly arguments: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, OptionDescription>>;
  readonly examples?: readonly string[];
  run(options: GlobalOptions, console: CliConsole): Promise<ExitCode>;
}

/** Defines a command. The compiler checks that its descriptions cover its options. */
export function defineCommand<Arguments extends object, Options extends GlobalOptions>(
  definition: CommandDefinition<Arguments, Options>,
): AnyCommand {
  // Commander hands over what the descriptions declare.
  return definition as unknown as AnyCommand;
}

/** The option `--format` with its choices, of which the first is the default. */
export function formatOption(choices: readonly [string, ...string[]]): OptionDescription {
  return { value: "<format>", text: "Output format", choices, default: choices[0] };
}

/** The option `--against`, which names the base of a diff. */
export const againstOption: OptionDescription = {
  value: "<base>",
  text: "branch, tag, commit, folder or versions.json to compare with (default: the merge base with the default branch, else HEAD)",
};

/** Completes the declaration of a command for Commander. */
export function declare(command: Command, { arguments: args, options, examples = [] }: AnyCommand): void {
  Object.values(args).forEach((text, index) => {
    const argument = command.registeredArguments[index];
    if (argument !== undefined) argument.description = text;
  });
  for (const [name, description] of Object.entries(options)) command.addOption(optionOf(name, description));
  if (examples.length > 0) {
    const title = examples.length === 1 ? "Example" : "Examples";
    command.addHelpText("after", `\n${title}:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
  }
}

function optionOf(name: string, description: OptionDescription): Option {
  const { value, text, choices, conflicts, isRepeatable } = description;
  const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const option = new Option(value === undefined ? flag : `${flag} ${value}`, text);
  if (choices !== undefined) option.choices(choices);
  if (description.default !== undefined) option.default(description.default);
  if (conflicts !== undefined) option.conflicts([...conflicts]);
  if (isRepeatable) option.argParser((added, before: readonly string[] = []) => [...before, added]);
  return option;
}
