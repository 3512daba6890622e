/** zod validators that generated code needs beside those of the leaves. */

import { z } from "zod";
import { startOf } from "./automaton.js";
import { type Content, type ElementContent, isContent, isXmlContent } from "./content.js";
import { type Model, namesOf } from "./content-model.js";

/** Any {@link Content}. */
export const contentSchema: z.ZodType<Content> = /*@__PURE__*/ z.custom<Content>(isContent, {
  error: "expected { text } or { xml } with characters XML can carry",
});

/** A whole element as `{ xml }`. */
export const elementContentSchema: z.ZodType<ElementContent> = /*@__PURE__*/ z.custom<ElementContent>(
  (value) => isContent(value) && isXmlContent(value),
  { error: "expected { xml } with characters XML can carry" },
);

/**
 * A check that the properties an object has are those its content model allows together: choices, and groups that come
 * whole or not at all. `model` names properties, not elements.
 */
export function followsModel(model: Model): z.core.CheckFn<object> {
  const names = namesOf(model);
  const start = startOf(model);
  return (payload) => {
    const present = names.flatMap((name) => occurrences(name, Reflect.get(payload.value, name)));
    let state = start;
    for (const name of present) {
      const next = state.after(name);
      if (next === undefined) {
        payload.issues.push(
          problem(payload.value, `${name} cannot stand beside ${present.filter((other) => other !== name).join(", ")}`, name),
        );
        return;
      }
      state = next;
    }
    if (!state.complete) {
      const expected = state.next.filter((symbol) => typeof symbol === "string");
      payload.issues.push(problem(payload.value, `${expected.join(" or ")} is missing`));
    }
  };
}

function occurrences(name: string, value: unknown): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(() => name) : [name];
}

function problem(input: object, message: string, name?: string): z.core.$ZodRawIssue {
  return { code: "custom", input, message, path: name === undefined ? [] : [name], continue: true };
}
