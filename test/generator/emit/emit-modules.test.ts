import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compileModel } from "../../../generator/compile-project.ts";
import { type EmitInput, emitModules } from "../../../generator/emit/index.ts";
import { featureValue, type ValueOptions } from "../../../generator/plan/index.ts";
import { isGenerated } from "../../../generator/project/output/ownership.ts";
import type { AnyFeature } from "../../../runtime/index.ts";
import { importGenerated } from "../../support/import-generated.ts";
import { filesIn } from "../../support/temporary-folder.ts";

const golden = fileURLToPath(new URL("../../golden/modules/", import.meta.url));

test("ts-morph and json-schema-to-typescript are loaded when modules are emitted, not before", async () => {
  const input = projectOf("root");
  expect(loadedTools()).toEqual([]);
  await emitModules(input);
  expect(loadedTools()).toEqual(["json-schema-to-typescript", "ts-morph"]);
});

test.each(["awkward-names", "several-deps"])("the modules of %s hold what was planned", async (name) => {
  const input = projectOf(name);
  const files = (await emitModules(input)).map(({ path, text }) => ({ path: `generated/${path}`, text }));
  const modules = await importGenerated(files);
  for (const { model, value } of input.features) {
    expect(withoutLayout(modules[model.name] as AnyFeature)).toEqual(withoutLayout(value()));
  }
  const features = input.features.map(({ model }) => modules[model.name]);
  expect(modules["project"]).toEqual({ name: "golden", version: "v", features });
});

test("a module depends on its feature alone", async () => {
  const input = projectOf("several-deps");
  const together = await emitModules(input);
  for (const feature of input.features) {
    const [alone] = await emitModules({ ...input, features: [feature] });
    expect(together).toContainEqual(alone);
  }
});

test("the order of features changes no module", async () => {
  const input = projectOf("several-deps");
  const modulesOf = async (features: EmitInput["features"]) => {
    const files = await emitModules({ ...input, features });
    const modules = files.filter(({ path }) => path !== "index.ts");
    return Object.fromEntries(modules.map(({ path, text }) => [path, text]));
  };
  expect(await modulesOf([...input.features].reverse())).toEqual(await modulesOf(input.features));
});

test("the index lists features upstream first", async () => {
  const { features } = projectOf("several-deps");
  const keys = features.map(({ model }) => model.key);
  const upstreamOf = features.map(({ model }) => model.deps.map(({ feature }) => feature.key));
  for (const [index, upstream] of upstreamOf.entries())
    expect(keys.slice(0, index)).toEqual(expect.arrayContaining(upstream));
});

test("a feature may be called Project", async () => {
  const files = await emitModules(projectOf("root"));
  expect(files.at(-1)?.text).toContain('export const project: import("stemma").Project = {');
});

test.each([".js", ".ts", ""] as const)(
  "the index imports modules with the extension %j",
  async (importExtension) => {
    const files = await emitModules({ ...projectOf("root"), importExtension });
    expect(files.at(-1)?.text).toContain(` from "./images/image${importExtension}";`);
  },
);

test("a project without features has an index all the same", async () => {
  const files = await emitModules({ ...projectOf("root"), features: [] });
  expect(files.map(({ path }) => path)).toEqual(["index.ts"]);
  expect(files[0]?.text).toContain("export const project");
});

test("every module begins with the mark by which the writer knows its own", async () => {
  for (const { path, text } of await emitModules(projectOf("several-deps"))) {
    expect(isGenerated(path, text)).toBe(true);
  }
});

test("a plan holds SQL for the engines of the project, and for no others", () => {
  for (const engines of [[], ["duckdb"]] as const) {
    const plans = projectOf("several-deps", { engines }).features.map(({ value }) => value().plan);
    const held = plans.flatMap((plan) => (plan.kind === "root" ? [] : [Object.keys(plan.sql)]));
    expect(held).toEqual([engines]);
  }
});

/** A golden project, ready to be emitted. */
function projectOf(name: string, settings: Partial<ValueOptions> = {}): EmitInput {
  const options = { hashLength: 64, schemas: "schemas" };
  const { project, versions, diagnostics } = compileModel(filesIn(`${golden}${name}/input`), options);
  if (project === undefined || versions === undefined) throw new Error(JSON.stringify(diagnostics));
  const features = project.features.map((model) => ({
    model,
    value: () => featureValue(model, versions, { hashLength: 64, ...settings }),
  }));
  return { features, project: "golden", projectVersion: "v", schemas: "schemas", importExtension: ".js" };
}

/** A module indents its SQL. */
function withoutLayout(feature: AnyFeature): AnyFeature {
  const { plan } = feature;
  if (plan.kind === "root") return feature;
  const flat = (sql: string) => sql.trim().replace(/\s*\n\s*/g, "\n");
  const { lineageInputs = "", inputRows = "", provenance = {} } = plan.sql.duckdb ?? {};
  const duckdb = { lineageInputs: flat(lineageInputs), provenance, inputRows: flat(inputRows) };
  return { ...feature, plan: { ...plan, sql: { duckdb } } };
}

function loadedTools(): string[] {
  const tools = ["json-schema-to-typescript", "ts-morph"];
  const paths = Object.keys(createRequire(import.meta.url).cache);
  return tools.filter((tool) => paths.some((path) => path.includes(`/node_modules/${tool}/`)));
}
