import type { GlobalOptions } from "./cli-io.ts";

/** The command that a user is told to run, on the same project with the same settings. */
export function commandLine(command: string, { cwd, config }: GlobalOptions): string {
  return [
    `npx stemma ${command}`,
    ...(cwd === undefined ? [] : [`--cwd ${quoteArgument(cwd)}`]),
    ...(config === undefined ? [] : [`--config ${quoteArgument(config)}`]),
  ].join(" ");
}

/** An argument as a shell takes it for one. */
function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["$`\\]/g, "\\$&")}"`;
}
