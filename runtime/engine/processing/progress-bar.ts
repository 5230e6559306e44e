import process from "node:process";
import type { ProcessProgress } from "../../process.ts";

/** A terminal, as far as a bar needs it. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Draws a bar of the progress of a feature, in one line that is replaced. Draws nothing if it is no terminal. */
export function progressBar(
  key: string,
  terminal: Terminal = process.stderr,
): ((progress: ProcessProgress) => void) | undefined {
  if (terminal.isTTY !== true) return undefined;
  return (progress) => {
    const isLast = progress.done + progress.failed >= progress.total;
    const line = barLine(key, progress).slice(0, (terminal.columns ?? 80) - 1);
    terminal.write(`\r\u001b[2K${line}${isLast ? "\n" : ""}`);
  };
}

const width = 20;

function barLine(key: string, progress: ProcessProgress): string {
  const { total, done, failed, seconds, secondsPerItem, secondsLeft } = progress;
  const share = total === 0 ? 1 : (done + failed) / total;
  const filled = Math.floor(share * width);
  const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)} ${Math.floor(share * 100)} %`;
  const rate = seconds === 0 ? 0 : (done + failed) / seconds;
  return [
    `${key} ${bar}`,
    `${count(done)} of ${count(total)}`,
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    ...(secondsPerItem === null ? [] : [`${count(rate)} items/s`]),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ].join(" · ");
}

function count(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 1) return `${whole} s`;
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
