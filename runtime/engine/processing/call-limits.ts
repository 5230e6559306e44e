/** Seconds that running calls have to finish once the work is stopped. */
const secondsToFinish = 5;

/** Seconds between two attempts at most. */
const maxDelay = 30;

/** How often and how long a worker is called. */
export class CallLimits {
  readonly retries: number;
  /** Aborted when no further call may start. */
  readonly signal: AbortSignal;
  readonly #retryDelay: number;
  readonly #running = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seconds = 0;

  /** `retryDelay` are the seconds before the first retry. */
  constructor(
    { retries, retryDelay }: { readonly retries: number; readonly retryDelay: number },
    signal: AbortSignal,
  ) {
    this.retries = retries;
    this.signal = signal;
    this.#retryDelay = retryDelay;
    signal.addEventListener("abort", this.#onAbort);
  }

  /** Seconds that calls took, added up. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Waits for a call, and times it. Returns undefined if it does not finish in time after the work was stopped. */
  timed<T>(call: () => Promise<T>): Promise<T | undefined> {
    const start = performance.now();
    return new Promise<T | undefined>((resolve, reject) => {
      const abandon = () => resolve(undefined);
      const end = () => {
        this.#running.delete(abandon);
        this.#seconds += (performance.now() - start) / 1000;
      };
      this.#running.add(abandon);
      call().then(
        (value) => {
          end();
          resolve(value);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  /** Waits before another attempt, until the work is stopped at the longest. */
  async backOff(failed: number): Promise<void> {
    const seconds = Math.min(maxDelay, this.#retryDelay * 2 ** (failed - 1)) * (1 - Math.random() / 2);
    if (this.signal.aborted || seconds === 0) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      this.signal.addEventListener("abort", end);
    });
  }

  /** Releases the timer. */
  close(): void {
    clearTimeout(this.#timer);
    this.signal.removeEventListener("abort", this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.#timer = setTimeout(() => {
      for (const abandon of [...this.#running]) abandon();
    }, secondsToFinish * 1000);
  };
}
