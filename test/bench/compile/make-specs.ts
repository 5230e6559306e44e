import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Makes a project of `count` specs: areas of ten features, each with a root, chains, and a join of two. */
export async function makeProject(folder: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const path = specPath(folder, index);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, specText(index, {}));
  }
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await symlink(fileURLToPath(new URL("../../../", import.meta.url)), join(folder, "node_modules/stemma"));
}

/** What may be edited in a spec. */
export interface SpecEdit {
  /** Of its first field: the features below move as well. */
  readonly codeVersion?: string;
  /** What a column says of itself: the printed types change, and no version. */
  readonly tags?: string;
}

/** Edits one spec of a project. */
export async function editSpec(folder: string, index: number, edit: SpecEdit): Promise<void> {
  await writeFile(specPath(folder, index), specText(index, edit));
}

const perArea = 10;

function specPath(folder: string, index: number): string {
  return join(folder, `schemas/area-${Math.floor(index / perArea)}/step-${index % perArea}.feature.json`);
}

function specText(index: number, { codeVersion = "1", tags = "Tags" }: SpecEdit): string {
  const area = Math.floor(index / perArea);
  const step = index % perArea;
  const key = (number: number) => `area-${area}/step-${number}`;
  const deps = step === 0 ? [] : step === perArea - 1 ? [key(3), key(step - 1)] : [key(step - 1)];
  const own = (name: string) => `${name}_${step}`;
  const spec = {
    $schema: "../../node_modules/stemma/schemas/feature.schema.json",
    title: `Area${area}Step${step}`,
    description: `Step ${step} of area ${area}: what is known of a recording after it ran.`,
    type: "object",
    properties: {
      recording_id: { type: "string", description: "The recording." },
      [own("path")]: { type: "string", description: "Where the result is stored." },
      [own("duration")]: { type: ["number", "null"], description: "In seconds." },
      [own("state")]: { type: "string", enum: ["raw", "clean", "labelled"] },
      [own("tags")]: { type: "array", items: { type: "string" }, description: `${tags} of step ${step}.` },
      [own("box")]: {
        type: "object",
        properties: { x: { type: "number" }, y: { type: "number", description: "From the top." } },
        required: ["x"],
      },
    },
    required: ["recording_id", own("path"), own("state")],
    feature: {
      key: key(step),
      idColumns: ["recording_id"],
      deps,
      fields: [{ key: "audio", codeVersion }, "frames"],
    },
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}
