import type { StoreWarning } from "../warning.ts";

/** Reports the warnings of one store: each once for a table and code. */
export class StoreWarnings {
  readonly #report: (warning: StoreWarning) => void;
  readonly #reported = new Set<string>();

  constructor(report: (warning: StoreWarning) => void = emitWarning) {
    this.#report = report;
  }

  report(warning: StoreWarning): void {
    const key = JSON.stringify([warning.code, warning.facts["table"]]);
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#report(warning);
  }
}

function emitWarning({ code, message }: StoreWarning): void {
  process.emitWarning(message, { type: "StemmaWarning", code });
}
