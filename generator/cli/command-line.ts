import type { ProjectOptions } from "../project/open-project.ts";

/** A command line to run on the same project with the same config. */
export function commandLine(command: string, { cwd, config }: ProjectOptions): string {
  return [
    `npx stemma ${command}`,
    ...(cwd === undefined ? [] : [`--cwd ${quoteArgument(cwd)}`]),
    ...(config === undefined ? [] : [`--config ${quoteArgument(config)}`]),
  ].join(" ");
}

/** An argument, quoted for a shell if it needs that. */
function quoteArgument(argument: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(argument) ? argument : `"${argument.replaceAll(/["$`\\]/g, "\\$&")}"`;
}
