import { createRequire } from "node:module";

/** A template of Handlebars. It is compiled when it is first filled in, and so is Handlebars loaded: mostly neither is needed. */
export function template<Facts>(text: string): (facts: Facts) => string {
  let compiled: ((facts: Facts) => string) | undefined;
  return (facts) => {
    compiled ??= loadHandlebars().compile<Facts>(text, {
      noEscape: true,
      strict: true,
      knownHelpersOnly: true,
    });
    return compiled(facts);
  };
}

/** Its build in one file: the 60 modules of its main one take three times as long to load. */
function loadHandlebars(): typeof import("handlebars") {
  return createRequire(import.meta.url)("handlebars/dist/handlebars.min.js");
}
