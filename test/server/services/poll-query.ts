/** Queries of a format of our own: blocks whose text starts with the query's. */

import type { ContentBlock, Query } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../../src/binding/content.js";
import { StatusError } from "../../../src/message/status-error.js";
import type { QueryHandler } from "../../../src/server/query.js";

export interface StartsWith extends QueryHandler {
  query(start: string): Query;
  /** Blocks that were looked at. */
  readonly seen: string[];
}

const formatId = "urn:example:query:starts-with";

export function startsWithHandler(): StartsWith {
  const seen: string[] = [];
  return {
    formatId,
    seen,
    supported: () => [{ formatId, content: { text: "" } }],
    prepare({ content }) {
      const start = charactersOf(content);
      if (start === "") throw new StatusError("BAD_MESSAGE", { message: "The query is empty." });
      return (block: ContentBlock) => {
        const text = charactersOf(block.content);
        seen.push(text);
        return text.startsWith(start);
      };
    },
    query: (start) => ({ formatId, content: { text: start } }),
  };
}

export const startsWith = startsWithHandler();
