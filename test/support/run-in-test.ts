import type { CliIo } from "../../generator/cli/console.ts";
import { runCli } from "../../generator/cli/program.ts";

/** What a command printed, and how it ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as it would run in a folder, with its output kept. */
export async function runInTest(
  cwd: string,
  args: readonly string[],
  overrides: Partial<CliIo> = {},
): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  const exitCode = await runCli(args, {
    cwd,
    env: {},
    startProgress: () => Promise.reject(new Error("shown where there is no terminal")),
    openWatcher: async () => async () => {},
    untilInterrupted: () => new Promise(() => {}),
    ...overrides,
    stdout: {
      ...overrides.stdout,
      write: (text) => {
        stdout += text;
        overrides.stdout?.write(text);
      },
    },
    stderr: {
      ...overrides.stderr,
      write: (text) => {
        stderr += text;
        overrides.stderr?.write(text);
      },
    },
  });
  return { exitCode, stdout, stderr };
}

/** A spec without deps. */
export function rootSpec(key: string, fields: readonly unknown[] = ["default"]): string {
  return `${JSON.stringify(
    {
      type: "object",
      properties: {
        sample_id: { type: "string" },
        [`${key.replaceAll(/\W/g, "_")}_value`]: { type: "string" },
      },
      required: ["sample_id"],
      feature: { key, idColumns: ["sample_id"], fields },
    },
    undefined,
    2,
  )}\n`;
}

/** A spec with one dep on each of some features. */
export function childSpec(key: string, deps: readonly string[]): string {
  const spec = JSON.parse(rootSpec(key));
  spec.feature.deps = deps;
  return `${JSON.stringify(spec, undefined, 2)}\n`;
}
