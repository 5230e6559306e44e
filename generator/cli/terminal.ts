import type { Problem } from "../project/output/index.ts";
import type { CliIo, GlobalOptions, TextStream } from "./cli-io.ts";

/** How text may look on a stream. */
export interface TextStyle {
  readonly color: boolean;
  /** Width of the terminal; absent where the text does not go to one. */
  readonly columns?: number;
}

/** The two streams of a command: data on the one, everything else on the other. */
export class Terminal {
  readonly #io: CliIo;
  readonly #options: GlobalOptions;

  constructor(io: CliIo, options: GlobalOptions) {
    this.#io = io;
    this.#options = options;
  }

  get dataStyle(): TextStyle {
    return this.#styleOf(this.#io.stdout);
  }

  get messageStyle(): TextStyle {
    return this.#styleOf(this.#io.stderr);
  }

  /** Prints what the command was asked for. */
  data(text: string): void {
    this.#io.stdout.write(text);
  }

  /** Prints data that nobody has to see. */
  optionalData(text: string): void {
    if (!this.#options.quiet) this.data(text);
  }

  /** Prints what must be seen, beside the data. */
  message(text: string): void {
    this.#io.stderr.write(text);
  }

  /** Prints what nobody has to see. */
  note(text: string): void {
    if (!this.#options.quiet) this.message(text);
  }

  problem(problem: Problem, severity: "error" | "warning" = "error"): void {
    const hint = problem.hint === undefined ? "" : `  = ${problem.hint}\n`;
    this.message(`${severity}: ${problem.message}\n${hint}`);
  }

  /** Shows that something goes on while it does. */
  async withProgress<Value>(text: string, action: () => Promise<Value>): Promise<Value> {
    if (this.#options.quiet || !this.#io.stderr.isTTY) return action();
    const stop = await this.#io.startProgress(text);
    try {
      return await action();
    } finally {
      stop();
    }
  }

  #styleOf(stream: TextStream): TextStyle {
    const isTerminal = stream.isTTY === true;
    const { NO_COLOR: noColor, TERM: kind } = this.#io.env;
    return {
      color: isTerminal && this.#options.color !== false && !noColor && kind !== "dumb",
      ...(isTerminal && stream.columns ? { columns: stream.columns } : {}),
    };
  }
}
