import { execFile } from "node:child_process";

/** How a process of git ended. */
export interface GitRun {
  /** Absent where git could not be started. */
  readonly exitCode?: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What a process of git may get and give. */
export interface GitLimits {
  /** Text for its standard input. */
  readonly input?: string;
  /** Bytes of output after which it is ended. What came until then counts as all. */
  readonly largestOutput?: number;
}

/** Runs git in one folder. Never throws: whatever happens is a {@link GitRun}. */
export type Git = (args: readonly string[], limits?: GitLimits) => Promise<GitRun>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Git in a folder. Arguments go to it as they are, without a shell. */
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
      // A process that ends early does not read to the end. Its exit code tells why.
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
}

/** Enough for manifests of many thousand features. */
const defaultOutput = 256 * 1024 * 1024;

/** Messages that can be understood here, no locks, no questions, and paths that are nothing but paths. */
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
  // A code of the system says why there is no process; without one, a signal ended it.
  return typeof code === "string" ? undefined : 128;
}
