/** A document as a tree, for small documents that are looked at as a whole. */

import { SaxesSource, type SaxesSourceOptions } from "./saxes-source.js";
import type { Place, StartTag } from "./source.js";

/** An element with its place. */
export interface XmlElement extends StartTag {
  readonly place: Place;
  readonly children: readonly XmlElement[];
  /** The characters directly within, in one piece. */
  readonly text: string;
  /** The namespace a prefix is bound to here. */
  resolve(prefix: string): string | undefined;
}

type Draft = { -readonly [P in keyof XmlElement]: XmlElement[P] } & { children: XmlElement[] };

/**
 * Parses `text`.
 *
 * @throws ParseError
 */
export function parseTree(text: string, options: SaxesSourceOptions): XmlElement {
  const open: Draft[] = [];
  let root: XmlElement | undefined;
  const prefixes = new Set([...text.matchAll(/xmlns:([^\s=]+)/g)].map((match) => match[1] ?? ""));
  const source: SaxesSource = new SaxesSource(
    {
      start(tag) {
        const scope = new Map(["", "xml", ...prefixes].map((prefix) => [prefix, source.resolve(prefix)]));
        const element: Draft = { ...tag, place: source.place(), children: [], text: "", resolve: (prefix) => scope.get(prefix) };
        open.at(-1)?.children.push(element);
        root ??= element;
        open.push(element);
        return undefined;
      },
      text(characters) {
        const top = open.at(-1);
        if (top !== undefined) top.text += characters;
      },
      captured() {},
      end() {
        open.pop();
      },
    },
    options,
  );
  source.write(text);
  source.close();
  if (root === undefined) throw new TypeError("a parsed document has a root");
  return root;
}
