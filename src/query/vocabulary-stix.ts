/** The names of the STIX vocabularies. */

import { attributes, elements, type NameGroup, open, root, versions } from "../../generated/stix/index.js";
import { contentBindings } from "../constants.js";
import { type VocabularyNames, vocabularyNames } from "./vocabulary.js";

/** A version of STIX that is a vocabulary (QRY-STX-001). */
export type StixVersion = (typeof versions)[number] | "1.2.1";

/** The identifier of each vocabulary, and the version whose names it has: those of 1.2.1 are those of 1.2. */
const identifiers: readonly (readonly [id: string, version: StixVersion])[] = [
  [contentBindings.stix10, "1.0"],
  [contentBindings.stix101, "1.0.1"],
  [contentBindings.stix11, "1.1"],
  [contentBindings.stix111, "1.1.1"],
  [contentBindings.stix12, "1.2"],
  [contentBindings.stix121, "1.2.1"],
];

const made = new Map<number, VocabularyNames>();

/** The names of a version of STIX with its CybOX and its own extensions (QRY-STX-002); made when they are first asked for. */
export function stixNames(version: StixVersion): VocabularyNames {
  const index = version === "1.2.1" ? versions.indexOf("1.2") : versions.indexOf(version);
  const known = made.get(index) ?? lazyNames(index);
  made.set(index, known);
  return known;
}

/** The names of a vocabulary, by its identifier; undefined for what is no vocabulary of STIX. */
export function namesOfVocabulary(id: string): VocabularyNames | undefined {
  const version = identifiers.find(([known]) => known === id)?.[1];
  return version && stixNames(version);
}

function lazyNames(index: number): VocabularyNames {
  let lists: VocabularyNames | undefined;
  const names = (): VocabularyNames => {
    lists ??= vocabularyNames({ elements: namesIn(elements, index), attributes: namesIn(attributes, index), open: namesIn(open, index) });
    return lists;
  };
  return {
    root,
    hasElement: (name) => names().hasElement(name),
    hasAttribute: (name) => names().hasAttribute(name),
    isOpen: (element) => names().isOpen(element),
    suggest: (step) => names().suggest(step),
  };
}

function namesIn(groups: readonly NameGroup[], index: number): string[] {
  return groups.flatMap(([first, last, names]) => (first <= index && index <= last ? names.trim().split(/\s+/) : []));
}
