import {
  type CliError,
  type CliWarning,
  type DiagnosedFiles,
  type ExitCode,
  exitCodeOf,
} from "../diagnostics/cli-error.ts";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import type { ProjectOptions } from "../project/open-project.ts";
import type { OpenWatcher } from "../project/watch/file-watcher.ts";
import type { TextStyle } from "../report/index.ts";
import { renderError, renderErrorsJson } from "../report/render-errors.ts";
import { withDisplayPaths } from "./display-paths.ts";

/** All that the command line uses of the process around it. Tests run commands with their own. */
export interface CliIo {
  /** The working directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the data that a command prints. */
  readonly stdout: TextStream;
  /** Takes everything else. */
  readonly stderr: TextStream;
  /** Shows a spinner on a terminal until the returned function is called. */
  startProgress(text: string): Promise<() => void>;
  /** Watches files and folders. */
  readonly openWatcher: OpenWatcher;
  /** Asks the user for a line; returns undefined at the end of the input. Absent without a terminal. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Resolves when the user interrupts the program. */
  untilInterrupted(): Promise<void>;
}

/** A destination of text, such as a stream of the process. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of a terminal. */
  readonly columns?: number | undefined;
}

/** Options that every command takes. */
export interface GlobalOptions extends ProjectOptions {
  readonly color?: boolean;
  /** Print problems only. */
  readonly quiet?: boolean;
}

/** Options that decide how a command prints. */
interface PrintOptions extends GlobalOptions {
  readonly format?: string;
}

/** Where a command prints: data on stdout, everything else on stderr. */
export class CliConsole {
  readonly io: CliIo;
  readonly #options: PrintOptions;
  #hasData = false;

  constructor(io: CliIo, options: PrintOptions) {
    this.io = io;
    this.#options = options;
  }

  get dataStyle(): TextStyle {
    return this.#styleOf(this.io.stdout);
  }

  get messageStyle(): TextStyle {
    return this.#styleOf(this.io.stderr);
  }

  /** Prints the data of the command. */
  data(text: string): void {
    this.#hasData = true;
    this.io.stdout.write(text);
  }

  /** Prints data that `--quiet` leaves out. */
  optionalData(text: string): void {
    if (!this.#options.quiet) this.data(text);
  }

  /** Prints a value as JSON. */
  json(value: unknown): void {
    this.data(`${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** Prints a message that `--quiet` keeps. */
  message(text: string): void {
    this.io.stderr.write(text);
  }

  /** Prints a message that `--quiet` leaves out. */
  note(text: string): void {
    if (!this.#options.quiet) this.message(text);
  }

  /** Prints a warning. */
  warn(warning: CliWarning): void {
    this.message(renderError("warning", warning));
  }

  /** Prints diagnostics as text. `--quiet` leaves out what holds warnings only. */
  async diagnostics(files: DiagnosedFiles): Promise<void> {
    if (files.diagnostics.length === 0) return;
    const { renderDiagnostics } = await import("../report/render-diagnostics.ts");
    const text = renderDiagnostics("text", withDisplayPaths("text", files, this.io), this.messageStyle);
    if (hasErrors(files.diagnostics)) this.message(text);
    else this.note(text);
  }

  /**
   * Prints errors as text. A command that prints JSON prints them on stdout too, unless it has printed its data.
   *
   * @returns The exit code of the errors.
   */
  async fail(errors: readonly CliError[]): Promise<ExitCode> {
    for (const error of errors) {
      if (error.diagnosed !== undefined) await this.diagnostics(error.diagnosed);
      else if (error.code === "not-confirmed") this.message(`${error.message}\n`);
      else this.message(renderError("error", error));
    }
    if (this.#options.format === "json" && !this.#hasData) this.data(renderErrorsJson(errors));
    return exitCodeOf(errors);
  }

  /** Shows a spinner on a terminal while something runs. */
  async withProgress<Value>(text: string, action: () => Promise<Value>): Promise<Value> {
    if (this.#options.quiet || !this.io.stderr.isTTY) return action();
    const stop = await this.io.startProgress(text);
    try {
      return await action();
    } finally {
      stop();
    }
  }

  /** A signal that aborts when the user interrupts the program. */
  interrupted(): AbortSignal {
    const controller = new AbortController();
    void this.io.untilInterrupted().then(() => controller.abort());
    return controller.signal;
  }

  #styleOf(stream: TextStream): TextStyle {
    const isTerminal = stream.isTTY === true;
    const { NO_COLOR: noColor, TERM: terminal } = this.io.env;
    return {
      color: isTerminal && this.#options.color !== false && !noColor && terminal !== "dumb",
      ...(isTerminal && stream.columns ? { columns: stream.columns } : {}),
    };
  }
}
