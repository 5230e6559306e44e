import { relative, sep } from "node:path";
import type { CliError } from "../../diagnostics/cli-error.ts";
import { fail, type Result } from "../../pipeline/result.ts";

/** Runs an operation on files. What the file system refuses becomes an error with a hint; a bug stays a throw. */
export async function guardFiles<Value>(
  root: string,
  action: () => Result<Value> | Promise<Result<Value>>,
): Promise<Result<Value>> {
  try {
    return await action();
  } catch (error) {
    const problem = explainFailure(error, root);
    if (problem === undefined) throw error;
    return fail(problem);
  }
}

/** Runs an operation on one file, whose path the system's errors do not always name. */
export function onFile<Value>(path: string, operation: () => Value): Value {
  try {
    return operation();
  } catch (error) {
    if (isFailure(error) && error.path === undefined) Object.assign(error, { path });
    throw error;
  }
}

/** Whether an error is one of the file system with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return isFailure(error) && codes.includes(error.code);
}

interface Failure extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly path?: string;
  readonly dest?: string;
}

function isFailure(error: unknown): error is Failure {
  return error instanceof Error && "code" in error && "syscall" in error;
}

function explainFailure(error: unknown, root: string): CliError | undefined {
  if (!isFailure(error)) return undefined;
  const path = error.dest ?? error.path;
  const displayPath = path === undefined ? "a file" : relativePath(root, path);
  const { reason, hint } = reasons[`${error.syscall} ${error.code}`] ??
    reasons[error.code] ?? { reason: `the system reports ${error.code}` };
  const action = actions[error.syscall] ?? "use";
  return {
    code: "file-system",
    message: `Can't ${action} ${displayPath}: ${reason}.`,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A path as messages show it: relative to the project, with `/`. */
function relativePath(root: string, path: string): string {
  return relative(root, path).split(sep).join("/") || ".";
}

const actions: Readonly<Record<string, string>> = {
  open: "open",
  read: "read",
  write: "write",
  close: "write",
  fsync: "write",
  rename: "write",
  copyfile: "write",
  mkdir: "create the folder",
  rmdir: "remove the folder",
  scandir: "list the folder",
  unlink: "remove",
  watch: "watch the folder",
};

const reasons: Readonly<Record<string, { readonly reason: string; readonly hint?: string }>> = {
  EACCES: { reason: "the permission is missing", hint: "Check who owns it, and its permissions." },
  EPERM: {
    reason: "the system does not permit it",
    hint: "Check who owns it, and whether a program holds it open.",
  },
  EROFS: { reason: "the file system is read-only" },
  ENOSPC: { reason: "no space is left on the disk", hint: "Make room, and run the command again." },
  "watch ENOSPC": {
    reason: "the system watches too many files already",
    hint: "Close other programs that watch files, or raise the limit (on Linux fs.inotify.max_user_watches).",
  },
  EDQUOT: { reason: "the disk quota is used up", hint: "Make room, and run the command again." },
  EBUSY: { reason: "a program holds it open", hint: "Close it there, and run the command again." },
  EMFILE: { reason: "too many files are open" },
  ENFILE: { reason: "too many files are open in the system" },
  ENOENT: { reason: "it is gone", hint: "Something removed it meanwhile. Run the command again." },
  ENOTDIR: { reason: "a part of its path is a file, not a folder" },
  EISDIR: { reason: "it is a folder, not a file" },
  EEXIST: { reason: "a file is in its place" },
  ENAMETOOLONG: { reason: "its name is too long for this file system" },
  ELOOP: { reason: "its symbolic links lead in a circle" },
  EIO: { reason: "the disk reports an error" },
};
