import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runInTest } from "../../support/run-in-test.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

describe("stemma explain", () => {
  it("prints a field's version with the texts that are hashed, down to code versions", async () => {
    const { stdout, exitCode } = await runInTest(repository, ["explain", "speaker/embedding.embedding"]);
    expect(exitCode).toBe(0);
    const parent = createHash("sha256").update("audio.default__metaxy_initial__").digest("hex");
    const own = createHash("sha256").update(`speaker/embedding.embedding1${parent}`).digest("hex");
    expect(own).toBe("8b5b20fb5aab8799f1fbf969e97e71540801d94cae081a6dbef6acbf941fd71a");
    expect(stdout).toContain(parent);
    expect(stdout).toContain(own);
    expect(stdout).toMatch(/sha256sum/);
  });

  it("explains a whole feature too", async () => {
    const { stdout, exitCode } = await runInTest(repository, ["explain", "audio"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("c97627054100197ec6c746b0305a630569f2f13968aa53b610100a01f0991908");
  });

  it("suggests the name that was meant", async () => {
    const { stderr, exitCode } = await runInTest(repository, ["explain", "adio"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/adio[\s\S]*audio/);
  });
});
