/** The index of what Default Query is asked about: the Preferred Scopes of vocabularies (QRY-INF-004). */

import type { ContentBlock } from "../../generated/taxii11/index.js";
import { isXmlContent } from "../binding/content.js";
import { ParseError } from "../errors.js";
import { bindingsOf, engineExpression, type Vocabulary } from "../query/define-vocabulary.js";
import { Extractor } from "../query/extract.js";
import { markupOf } from "../query/record.js";
import { isWithinScopes } from "../query/scope.js";
import type { ContentIndexer, IndexEntry, IndexedContent, Storage } from "../storage/index.js";

/** What a definition says, in JSON. Equal definitions are equal texts. */
interface Definition {
  /** Of the form of definitions, and of what is extracted under one. */
  readonly version: 1;
  /** Scopes of the records of a content binding, sorted by binding. */
  readonly records: readonly (readonly [binding: string, scopes: readonly string[]])[];
}

const version = 1;

/**
 * The definition of an index for the Preferred Scopes of vocabularies; undefined where there are none. Records whose markup is
 * made by the vocabulary are not in it: what that would be tomorrow, nobody knows.
 */
export function indexDefinition(vocabularies: Iterable<Vocabulary>): string | undefined {
  const scopes = new Map<string, Set<string>>();
  for (const vocabulary of vocabularies) {
    const preferred = (vocabulary.preferredScopes ?? []).map((scope) => engineExpression(vocabulary, scope).trim());
    if (vocabulary.markup !== undefined || preferred.length === 0) continue;
    for (const binding of bindingsOf(vocabulary)) scopes.set(binding, new Set([...(scopes.get(binding) ?? []), ...preferred]));
  }
  if (scopes.size === 0) return undefined;
  const records = [...scopes].map(([binding, some]) => [binding, [...some].sort()] as const);
  const definition: Definition = { version, records: records.sort(([a], [b]) => (a < b ? -1 : 1)) };
  return JSON.stringify(definition);
}

/** Knows what is extracted under the definitions of {@link indexDefinition}. */
export const queryIndexer: ContentIndexer = {
  read(definition) {
    const read = readDefinition(definition);
    return read && new IndexedRecords(read);
  },
};

function readDefinition(text: string): Definition | undefined {
  try {
    const read = JSON.parse(text) as Definition | { readonly version: unknown };
    return read.version === version && "records" in read ? read : undefined;
  } catch {
    // Somebody else's.
    return undefined;
  }
}

/**
 * Has a storage keep an index for the Preferred Scopes of vocabularies, where it can, and only for these. Blocks that are there
 * already are looked through one by one until `storage.index.index()`, or `taxii reindex`, has been through them.
 *
 * ```ts
 * const vocabularies = [{ id: contentBindings.stix111, preferredScopes: ["STIX_Package/Indicators/**"], allowedScopes: ["**"] }];
 * await indexForQueries(storage, vocabularies);
 * const service = poll({ path: "/poll", queries: [defaultQuery({ vocabularies })] });
 * ```
 *
 * @returns whether something else was in the index before
 */
export async function indexForQueries({ index }: Pick<Storage, "index">, vocabularies: Iterable<Vocabulary>): Promise<boolean> {
  if (index === undefined) return false;
  index.use(queryIndexer);
  return await index.define(indexDefinition(vocabularies));
}

/** Answers that are kept in mind. */
const mostAnswers = 1000;

class IndexedRecords implements IndexedContent {
  readonly #scopes: ReadonlyMap<string, readonly string[]>;
  readonly #extractors = new Map<string, Extractor>();
  readonly #covered = new Map<string, boolean>();

  constructor({ records }: Definition) {
    this.#scopes = new Map(records);
    for (const [binding, scopes] of records) this.#extractors.set(binding, new Extractor(scopes));
  }

  entriesOf({ contentBinding, content }: ContentBlock): readonly IndexEntry[] | undefined {
    const extractor = this.#extractors.get(contentBinding.bindingId);
    if (extractor === undefined) return [];
    try {
      const markup = markupOf(content);
      return markup === undefined ? [] : extractor.nodesOf(markup);
    } catch (error) {
      // Text that is not XML cannot be looked into, and never matches (QRY-EVAL-005). Nothing else is expected, and nothing else
      // must keep content from being stored.
      return error instanceof ParseError && !isXmlContent(content) ? [] : undefined;
    }
  }

  covers(target: string, bindings: readonly string[]): boolean {
    return bindings.every((binding) => this.#covers(target, binding));
  }

  #covers(target: string, binding: string): boolean {
    const key = `${binding} ${target}`;
    const known = this.#covered.get(key);
    if (known !== undefined) return known;
    if (this.#covered.size >= mostAnswers) this.#covered.clear();
    const covered = isWithinScopes(target, this.#scopes.get(binding) ?? [], false);
    this.#covered.set(key, covered);
    return covered;
  }

  denotes(target: string): (path: string) => boolean {
    const extractor = new Extractor([target]);
    return (path) => extractor.denotes(path);
  }
}
