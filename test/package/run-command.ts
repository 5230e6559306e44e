import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** How to run a command. */
export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command and gives what it prints on stdout. A failure carries all that was printed. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: CommandOptions,
): Promise<string> {
  const options = { cwd, env: { ...process.env, NO_COLOR: "1", ...env }, maxBuffer: 2 ** 26 };
  const failed = (error: { readonly stdout?: string; readonly stderr?: string }): never => {
    throw new Error(`${[command, ...args].join(" ")} failed:\n${error.stdout}\n${error.stderr}`);
  };
  const { stdout } = await promisify(execFile)(command, args, options).catch(failed);
  return stdout;
}
