import { execFile } from "node:child_process";

/** The result of a process of git. */
export interface GitRun {
  /** Absent if git could not be started. */
  readonly exitCode?: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Input and output limit of a process of git. */
export interface GitLimits {
  /** Text for its standard input. */
  readonly input?: string;
  /** Bytes of output after which the process is ended. The output up to there counts as complete. */
  readonly largestOutput?: number;
}

/** Runs git in one folder. It never throws: every outcome is a {@link GitRun}. */
export type Git = (args: readonly string[], limits?: GitLimits) => Promise<GitRun>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Git in a folder. It gets its arguments without a shell. */
export function gitIn(folder: string, env: Environment): Git {
  return (args, { input = "", largestOutput = defaultOutput } = {}) =>
    new Promise((resolve) => {
      const options = {
        cwd: folder,
        env: { ...env, ...gitEnvironment },
        encoding: "buffer",
        maxBuffer: largestOutput,
        windowsHide: true,
      } as const;
      const child = execFile("git", args, options, (error, stdout, stderr) => {
        const exitCode = exitCodeOf(error);
        resolve({ ...(exitCode === undefined ? {} : { exitCode }), stdout, stderr: stderr.toString("utf8") });
      });
      // A process that ends early does not read all its input. Its exit code says why.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
}

/** Enough for manifests of many thousand features. */
const defaultOutput = 256 * 1024 * 1024;

/** English messages, no locks, no prompts, and literal paths. */
const gitEnvironment = {
  LC_ALL: "C",
  LANGUAGE: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_LITERAL_PATHSPECS: "1",
};

function exitCodeOf(error: Error | null): number | undefined {
  if (error === null) return 0;
  const { code } = error as { readonly code?: unknown };
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return 0;
  if (typeof code === "number") return code;
  // A string is the reason why no process started; without a code, a signal ended the process.
  return typeof code === "string" ? undefined : 128;
}
