import process from "node:process";
import { createInterface } from "node:readline";

/** Asks for a line on the terminal. Gives nothing where the input ends, or the user interrupts it. */
export function promptOnTerminal(question: string): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once("close", () => resolve(undefined));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
