import type { Plan } from "../../runtime/contract.ts";
import { inputColumns } from "../plan/index.ts";
import type { FeatureModel } from "../resolve/project-model.ts";
import type { PrintTypes } from "./column-types.ts";
import { describeInput } from "./describe-feature.ts";
import { docComment } from "./doc-comment.ts";
import type { EmittedFeature } from "./emitted-feature.ts";
import { printName, quoted } from "./print-string.ts";
import { lineWidth } from "./print-value.ts";
import type { TypedColumn } from "./printable-column.ts";
import { commentOf } from "./printable-schema.ts";

interface NamedColumn extends TypedColumn {
  readonly name: string;
}

/** Prints the interfaces of a feature: its row, its increment's row where that is another one, and its types. */
export async function featureInterfaces(
  { model, value }: EmittedFeature,
  printTypes: PrintTypes,
): Promise<readonly string[]> {
  const { name, spec } = model;
  const print = async (suffix: string, doc: string | undefined, columns: readonly NamedColumn[]) => {
    const types = await printTypes(columns);
    const members = columns.map((column, index) => memberOf(column, types[index] ?? "unknown"));
    return printInterface(`${name}${suffix}`, doc, members);
  };
  const row = await print("Row", spec.description ?? `A row of \`${spec.key}\`.`, spec.columns);
  const types = printInterface(`${name}Types`, undefined, typesOf(model, value.plan));
  if (model.deps.length === 0) return [row, types];
  const arriving = inputColumns(model).map(({ source, ...column }) => ({
    ...column,
    schema: source.schema,
  }));
  return [row, await print("Input", describeInput(model), arriving), types];
}

function memberOf({ name, schema }: NamedColumn, type: string): Member {
  return { name, type, doc: commentOf(schema) };
}

/** The types that the value carries (`FeatureTypes` of the contract). */
function typesOf(
  { name, spec, deps, fields }: FeatureModel,
  { grain, traits: { workItem } }: Plan,
): readonly Member[] {
  const root = deps.length === 0;
  const names = (member: string, all: readonly string[]): Member => ({
    name: member,
    type: printUnion(all.map(quoted), `  readonly ${member}: ;`.length),
    doc: [],
  });
  const type = (member: string, text: string): Member => ({ name: member, type: text, doc: [] });
  return [
    names("key", [spec.key]),
    type("row", `${name}Row`),
    type("input", root ? `${name}Row` : `${name}Input`),
    names("id", spec.idColumns),
    names("grain", grain),
    names(
      "field",
      fields.map((field) => field.key),
    ),
    names(
      "upstream",
      deps.map((dep) => dep.feature.key),
    ),
    type("root", String(root)),
    ...(workItem === "group" ? [type("workItem", quoted(workItem))] : []),
  ];
}

/** A member of an interface. */
interface Member {
  readonly name: string;
  /** TypeScript. Its lines after the first are indented as in the interface. */
  readonly type: string;
  readonly doc: readonly string[];
}

/** Prints an exported interface of readonly members. */
function printInterface(name: string, doc: string | undefined, members: readonly Member[]): string {
  const lines = members.flatMap((member) => [
    ...member.doc,
    `readonly ${printName(member.name)}:${separator(member.type)}${member.type};`,
  ]);
  const body = lines.map((line) => `  ${line}\n`).join("");
  return [...docComment(doc), `export interface ${name} {\n${body}}`].join("\n");
}

/** Prints a union: on one line where it fits behind `lead` characters, else one alternative a line. */
function printUnion(alternatives: readonly string[], lead: number): string {
  if (alternatives.length === 0) return "never";
  const line = alternatives.join(" | ");
  if (alternatives.length === 1 || lead + line.length < lineWidth) return line;
  return alternatives.map((alternative) => `\n    | ${alternative}`).join("");
}

/** A union over several lines begins on a line of its own. */
function separator(type: string): string {
  return type.startsWith("\n") ? "" : " ";
}
