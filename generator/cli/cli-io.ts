/** All that a command sees of the world. Commands run in tests with one of their own. */
export interface CliIo {
  /** Folder in which the command was started. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes the data that a command was asked for. */
  readonly stdout: TextStream;
  /** Takes everything else. */
  readonly stderr: TextStream;
  /** Shows on a terminal that something goes on, until the returned function is called. */
  startProgress(text: string): Promise<() => void>;
  /**
   * Tells the names of the entries of a folder that come, go or change, as far as the system knows them, until the
   * returned function is called. Gives nothing where there is no such folder.
   */
  watchFolder(path: string, onChange: (name: string | undefined) => void): (() => void) | undefined;
  /** Asks the user for a line; gives nothing where there is none. Absent where there is no terminal to ask on. */
  readonly ask?: (question: string) => Promise<string | undefined>;
  /** Waits until the user wants a command to end that would go on for ever. */
  untilInterrupted(): Promise<void>;
}

/** Where text goes. The streams of a process are such. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  /** Width of a terminal. */
  readonly columns?: number | undefined;
}

/** Options that every command takes. */
export interface GlobalOptions {
  /** Folder of the project, instead of the one in which the command was started. */
  readonly cwd?: string;
  /** File with the settings. */
  readonly config?: string;
  readonly color?: boolean;
  /** Print problems only. */
  readonly quiet?: boolean;
}

/** How a command ends: 0 fine, 1 problems found, 2 wrong usage, 70 a bug. */
export type ExitCode = 0 | 1 | 2 | 70;
