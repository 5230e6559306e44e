import type { MemberNode, Node, ObjectNode, ValueNode } from "@humanwhocodes/momoa";
import type { JsonPath } from "./json-document.ts";

/** The range of a node in its text. */
export function rangeOf(node: Node): readonly [start: number, end: number] {
  return [node.loc.start.offset, node.loc.end.offset];
}

/** Name of a member. */
export function nameOf(member: MemberNode): string {
  return member.name.type === "String" ? member.name.value : member.name.name;
}

/** The plain value of a node; of a name that occurs twice, the last one, as `JSON.parse` has it. */
export function evaluate(node: ValueNode): unknown {
  switch (node.type) {
    case "Object":
      // Unlike an assignment, `fromEntries` makes a plain property of `__proto__`.
      return Object.fromEntries(node.members.map((member) => [nameOf(member), evaluate(member.value)]));
    case "Array":
      return node.elements.map((element) => evaluate(element.value));
    case "Null":
      return null;
    case "NaN":
    case "Infinity":
      throw new Error(`JSON has no ${node.type}`);
    case "Number":
      // Reported elsewhere; here no more than a very great number.
      return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, node.value));
    default:
      return node.value;
  }
}

/** The value at a path, or the nearest one around it. */
export function nodeAt(root: ValueNode, path: JsonPath): ValueNode {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** The name of the property at a path; the value where the path leads to none. */
export function nameNodeAt(root: ValueNode, path: JsonPath): Node {
  const parent = nodeAt(root, path.slice(0, -1));
  const member = parent.type === "Object" ? membersOf(parent).get(String(path.at(-1))) : undefined;
  return member?.name ?? nodeAt(root, path);
}

function childOf(node: ValueNode, step: string | number): ValueNode | undefined {
  if (node.type === "Object") return membersOf(node).get(String(step))?.value;
  return node.type === "Array" ? node.elements[Number(step)]?.value : undefined;
}

const memberCache = new WeakMap<ObjectNode, ReadonlyMap<string, MemberNode>>();

/** Members by name, found once: a file may have thousands of problems, each of which is to be located. */
function membersOf(node: ObjectNode): ReadonlyMap<string, MemberNode> {
  const cached = memberCache.get(node) ?? new Map(node.members.map((member) => [nameOf(member), member]));
  memberCache.set(node, cached);
  return cached;
}
