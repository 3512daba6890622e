// The same selection by three engines. Each is made for a query, and then asked about documents, parsing included.

import fontoxpath from "fontoxpath";
import { XmlDocument, XmlXPath } from "libxml2-wasm";
import { parseXmlDocument } from "slimdom";
import { compileQuery } from "../../../dist/src/query/index.js";
import { defaultQueryOf, endsWith, xpathOf } from "./criteria.mjs";
import { namespaces } from "./documents.mjs";

/** By name: what makes a function that tells whether a document, `{ text, bytes }`, is selected. */
export const engines = {
  // From text, as storages keep it.
  taxii: (criteria) => {
    const query = compileQuery(defaultQueryOf(criteria));
    return ({ text }) => query.matches(text);
  },
  // From text; the expression is compiled on its first use and then known.
  fontoxpath: (criteria) => {
    const expression = xpathOf(criteria, endsWith.xpath2);
    const options = { namespaceResolver: (prefix) => namespaces[prefix] ?? null };
    return ({ text }) => fontoxpath.evaluateXPathToBoolean(expression, parseXmlDocument(text), null, null, options);
  },
  // From bytes, which are made before: its way from text takes twice as long.
  "libxml2-wasm": (criteria) => {
    const expression = XmlXPath.compile(xpathOf(criteria, endsWith.xpath1), namespaces);
    return ({ bytes }) => {
      const document = XmlDocument.fromBuffer(bytes);
      const verdict = document.eval(expression);
      document.dispose();
      return verdict;
    };
  },
};
