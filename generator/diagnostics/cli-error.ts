import type { StemmaErrorCode } from "../../runtime/errors.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Exit codes of the command line. */
export const exitCodes = { success: 0, problems: 1, usage: 2, internal: 70 } as const;

/** An exit code of the command line: see {@link exitCodes}. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An error of the command line that has no location in a source; what has one is a {@link Diagnostic}. */
export interface CliError {
  /** Stable: programs may compare it. */
  readonly code: CliErrorCode;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** For errors of the store, whose codes do not decide it. */
  readonly exitCode?: ExitCode;
  /** What is wrong inside of files. As text, it replaces the message. */
  readonly diagnosed?: DiagnosedFiles;
}

/** A problem that does not stop the command. */
export type CliWarning = Pick<CliError, "message" | "hint">;

/** Diagnostics, and the files that they are about. */
export interface DiagnosedFiles {
  /** Absolute path of the project's folder, to which paths are relative. */
  readonly root: string;
  /** Texts of files by path. */
  readonly sources: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Code of an error that the command line prints: its own, or one that the store reports. */
export type CliErrorCode = OwnErrorCode | StemmaErrorCode;

/** Code of an error of the command line itself. {@link cliErrors} says what each means. */
export type OwnErrorCode =
  | "usage"
  | "folder-not-found"
  | "config-not-found"
  | "config-invalid"
  | "specs-not-found"
  | "specs-invalid"
  | "spec-unknown"
  | "file-unreadable"
  | "file-system"
  | "output-conflict"
  | "manifest-newer"
  | "revision-unknown"
  | "revision-ambiguous"
  | "base-missing"
  | "base-unreadable"
  | "base-fallback"
  | "git-failed"
  | "rule-unknown"
  | "feature-unknown"
  | "field-unknown"
  | "acknowledgements-invalid"
  | "store-missing"
  | "store-unknown"
  | "variable-unset"
  | "id-invalid"
  | "selection-invalid"
  | "prompt-unavailable"
  | "not-confirmed"
  | "internal";

const { problems, usage, internal } = exitCodes;

/** The errors of the command line itself: their exit codes, and what each means. docs/errors.md publishes them. */
export const cliErrors: Readonly<
  Record<OwnErrorCode, { readonly exitCode: ExitCode; readonly meaning: string }>
> = {
  usage: {
    exitCode: usage,
    meaning: "The command line names an unknown command, option or value, or lacks one.",
  },
  "folder-not-found": { exitCode: usage, meaning: "`--cwd`, or the folder of `init`, is not a folder." },
  "config-not-found": { exitCode: usage, meaning: "`--config` does not name a file." },
  "config-invalid": { exitCode: problems, meaning: "The config holds errors; `diagnostics` lists them." },
  "specs-not-found": { exitCode: problems, meaning: "The project has no folder of specs, or no spec in it." },
  "specs-invalid": { exitCode: problems, meaning: "Specs hold errors; `diagnostics` lists them." },
  "spec-unknown": { exitCode: usage, meaning: "An argument of `validate` is not a spec of the project." },
  "file-unreadable": {
    exitCode: problems,
    meaning: "A file is too large, is not UTF-8, or is a broken link.",
  },
  "file-system": {
    exitCode: problems,
    meaning: "The operating system refused an operation on a file or folder.",
  },
  "output-conflict": {
    exitCode: problems,
    meaning: "A file or folder that Stemma did not generate occupies the path of a generated file.",
  },
  "manifest-newer": {
    exitCode: problems,
    meaning: "A newer version of Stemma wrote the manifest of the project.",
  },
  "revision-unknown": { exitCode: usage, meaning: "`--against` names no revision, file or folder." },
  "revision-ambiguous": { exitCode: usage, meaning: "`--against` abbreviates the ids of several commits." },
  "base-missing": {
    exitCode: problems,
    meaning: "The base holds no manifest, or shares no history with HEAD.",
  },
  "base-unreadable": { exitCode: problems, meaning: "The manifest of the base cannot be read." },
  "base-fallback": {
    exitCode: problems,
    meaning: "`--fail-on` has no verdict, because the base was not found and the diff used a fallback.",
  },
  "git-failed": { exitCode: problems, meaning: "Git failed or refused to read the repository." },
  "rule-unknown": { exitCode: usage, meaning: "`--fail-on` names no rule and no severity." },
  "feature-unknown": { exitCode: usage, meaning: "An argument names no feature of the project." },
  "field-unknown": { exitCode: usage, meaning: "An argument names no field of the feature." },
  "acknowledgements-invalid": {
    exitCode: problems,
    meaning: "The file of acknowledgements holds errors; `diagnostics` lists them.",
  },
  "store-missing": { exitCode: usage, meaning: "No store was named, and the config has no default store." },
  "store-unknown": { exitCode: usage, meaning: "`--store` names no store of the config." },
  "variable-unset": {
    exitCode: usage,
    meaning: "The path of the store uses an environment variable that is not set.",
  },
  "id-invalid": { exitCode: usage, meaning: "`--id` is not an id of the feature." },
  "selection-invalid": {
    exitCode: usage,
    meaning: "`delete` was given no selection of samples, or several.",
  },
  "prompt-unavailable": {
    exitCode: usage,
    meaning: "The command asks before it changes a store, and no terminal is there to ask.",
  },
  "not-confirmed": { exitCode: problems, meaning: "The user declined the change." },
  internal: { exitCode: internal, meaning: "A bug of Stemma." },
};

/** The exit code of some errors: that of the first one. */
export function exitCodeOf([first]: readonly CliError[]): ExitCode {
  if (first === undefined) return exitCodes.success;
  const { code, exitCode = problems } = first;
  return isOwnErrorCode(code) ? cliErrors[code].exitCode : exitCode;
}

function isOwnErrorCode(code: CliErrorCode): code is OwnErrorCode {
  return Object.hasOwn(cliErrors, code);
}
