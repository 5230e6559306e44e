import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryProject, type Project } from "../../../oracle/arbitrary-project.ts";
import { arbitrarySteps, type Step } from "../../../oracle/arbitrary-steps.ts";
import { ModelRun } from "../../../oracle/model-run.ts";
import { StoreUnderTest } from "../../../oracle/store-under-test.ts";

const seed = Number(process.env["STEMMA_SEED"] ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env["STEMMA_RUNS"] ?? 30);

describe("resolve", () => {
  it(`finds what a naive oracle finds, whatever the project and its history (STEMMA_SEED=${seed})`, async () => {
    let comparisons = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryProject, arbitrarySteps, async (project, steps) => {
        await using real = await StoreUnderTest.create();
        const modelRun = new ModelRun(project, real);
        for (const [index, step] of steps.entries()) {
          await modelRun.perform(step).catch((cause: unknown) => {
            throw new Error(`${story(project, steps.slice(0, index + 1))}\nthis differs:`, { cause });
          });
        }
        comparisons += modelRun.comparisons;
      }),
      { seed, numRuns, interruptAfterTimeLimit: 100_000 },
    );
    console.info(`${comparisons} resolves compared, STEMMA_SEED=${seed}`);
    expect(comparisons).toBeGreaterThanOrEqual(300);
  });
});

function story({ hashLength, specs }: Project, steps: readonly Step[]): string {
  const lines = (items: readonly unknown[]) => items.map((item) => JSON.stringify(item)).join("\n");
  return `With these specs (hash length ${hashLength})\n${lines(specs)}\nafter these steps\n${lines(steps)}`;
}
