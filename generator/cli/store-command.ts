import { type Command, Option } from "commander";
import type { Problem } from "../project/output/index.ts";
import type { CliIo, GlobalOptions } from "./cli-io.ts";
import type { Terminal } from "./terminal.ts";

/** Options of commands that change a store. */
export interface StoreCommandOptions extends GlobalOptions {
  /** Name of a store in the settings, or path of a database; the default store where it is left out. */
  readonly store?: string;
  /** Counts what would change, and changes nothing. */
  readonly dryRun?: boolean;
  /** Goes on without asking. */
  readonly yes?: boolean;
  readonly format?: StoreCommandFormat;
}

/** How such a command prints what it did. */
export type StoreCommandFormat = (typeof formats)[number];

const formats = ["text", "json"] as const;

/** Adds the options that all commands have which change a store. */
export function addStoreOptions(command: Command): Command {
  return command
    .option(
      "--store <store>",
      "name of a store in the settings, or the path of a database (default: the setting defaultStore)",
    )
    .option("--dry-run", "print what would change, and change nothing")
    .option("--yes", "do not ask")
    .addOption(new Option("--format <format>", "Output format").choices(formats).default("text"));
}

/** Why a command may not go on to change a store: it has nobody to ask. */
export function findMissingPrompt(options: StoreCommandOptions, io: Pick<CliIo, "ask">): Problem | undefined {
  if (options.yes === true || options.dryRun === true || io.ask !== undefined) return undefined;
  return {
    message: "There is no terminal on which to ask.",
    hint: "Look at what would change with --dry-run, then run it with --yes.",
  };
}

/** Whether the user wants it: shows what would change, and asks, unless `--yes` says so. */
export async function isConfirmed(
  preview: string,
  question: string,
  options: StoreCommandOptions,
  terminal: Terminal,
  io: Pick<CliIo, "ask">,
): Promise<boolean> {
  if (options.yes === true) return true;
  terminal.message(preview);
  const answer = await io.ask?.(`${question} [y/N] `);
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}
