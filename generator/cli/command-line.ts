import type { GlobalOptions } from "./cli-io.ts";

/** The command that a user is told to run, on the same project with the same settings. */
export function commandLine(command: string, { cwd, config }: GlobalOptions): string {
  return [
    `npx stemma ${command}`,
    ...(cwd === undefined ? [] : [`--cwd ${quoted(cwd)}`]),
    ...(config === undefined ? [] : [`--config ${quoted(config)}`]),
  ].join(" ");
}

/** An argument as a shell takes it for one. */
function quoted(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["$`\\]/g, "\\$&")}"`;
}
