/** A part of a page: a list between two texts. */
export interface Section {
  readonly before: string;
  readonly items: readonly Item[];
  readonly after: string;
  /** How many things it tells of, those that are offered as items and others. */
  readonly total: number;
  /** Says that so many of them are left out; never longer for fewer. */
  describeOmitted(count: number): string;
  /** Stands for the whole where no item fits; if absent, the texts around them stand. Never longer than those. */
  readonly ifEmpty?: string;
}

/** An entry of a list. */
export interface Item {
  /** The same told at length, then shorter. */
  readonly forms: readonly [string, ...string[]];
  /** How many things it tells of. */
  readonly count: number;
}

/**
 * Puts sections together so that the text never has more than `limit` characters.
 *
 * No text is cut: entries are left out whole, the last ones first, and each section says how many. A section is left
 * out only where not even its frame fits; then all after it are.
 */
export function fitSections(sections: readonly Section[], limit: number): string {
  const framed = sectionsThatFit(sections, limit);
  let remaining = limit - sum(framed.map(frameLength));
  // Many told shortly say more than few told at length: so some room is kept for the short forms of what is to come.
  const maxReserved = remaining / 4;
  let shortForms = sum(framed.flatMap(({ items }) => items.map(shortestLength)));
  return framed
    .map((section) => {
      const placed: string[] = [];
      let omitted = section.total;
      for (const item of section.items) {
        shortForms -= shortestLength(item);
        const room = remaining - Math.min(maxReserved, shortForms);
        const form = item.forms.find(({ length }) => length <= room) ?? item.forms.at(-1) ?? "";
        if (form.length > remaining) break;
        remaining -= form.length;
        omitted -= item.count;
        placed.push(form);
      }
      if (placed.length === 0 && omitted > 0 && section.ifEmpty !== undefined) return section.ifEmpty;
      return (
        section.before +
        placed.join("") +
        (omitted > 0 ? section.describeOmitted(omitted) : "") +
        section.after
      );
    })
    .join("");
}

function sectionsThatFit(sections: readonly Section[], limit: number): readonly Section[] {
  let length = 0;
  const first = sections.findIndex((section) => {
    length += frameLength(section);
    return length > limit;
  });
  return first === -1 ? sections : sections.slice(0, first);
}

function frameLength({ before, after, total, describeOmitted }: Section): number {
  return before.length + after.length + (total > 0 ? describeOmitted(total).length : 0);
}

function shortestLength({ forms }: Item): number {
  return forms.at(-1)?.length ?? 0;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
