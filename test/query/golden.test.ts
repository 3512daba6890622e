/** Every query and all information about support that libtaxii wrote: XML and JSON say the same, and so does the text form. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { namespaces } from "../../src/constants.js";
import { ParseError, ValidationError } from "../../src/errors.js";
import { fromJson, fromXml, toJson, toXml } from "../../src/index.js";
import * as q from "../../src/query/index.js";
import { inOrder } from "./arbitrary-query.js";

const folder = fileURLToPath(new URL("../../../shared/vectors/golden/1.1/", import.meta.url));

const declared = `tdq="${namespaces.defaultQuery}"`;

function elementsNamed(name: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".xml"))
    .flatMap((file) => {
      const text = readFileSync(folder + file, "utf8");
      const found = [...text.matchAll(new RegExp(`<(\\w+:)?${name}[ >][\\s\\S]*?</(?:\\w+:)?${name}>`, "g"))];
      // The prefix is mostly declared further up.
      return found.map(([element, prefix]) =>
        element.includes("xmlns") ? element : element.replace(`<${prefix}${name}`, `$& xmlns:${declared}`),
      );
    });
}

// [QRY-STR-008]
it("queries", () => {
  const written = elementsNamed("Default_Query");
  let good = 0;
  for (const xml of written) {
    let query: q.DefaultQuery;
    try {
      query = fromXml(q.DefaultQuery, xml);
    } catch (error) {
      // One vector has Criteria with nothing in them (QRY-STR-002).
      expect(error).toBeInstanceOf(ParseError);
      continue;
    }
    expect(fromXml(q.DefaultQuery, toXml(q.DefaultQuery, query))).toEqual(query);
    expect(fromJson(q.DefaultQuery, toJson(q.DefaultQuery, query))).toEqual(query);
    expect(q.explain(query).split("\n").length).toBeGreaterThan(2);
    try {
      q.assertQuery(query);
    } catch (error) {
      expect(error).toBeInstanceOf(ValidationError);
      continue;
    }
    good++;
    expect(q.parseQuery(q.formatQuery(query))).toEqual({ ...query, criteria: inOrder(query.criteria) });
  }
  expect(written.length).toBeGreaterThan(20);
  expect(good).toBeGreaterThan(written.length / 2);
});

// [QRY-INF-001]
it("information about support", () => {
  const written = elementsNamed("Default_Query_Info");
  const read = written.flatMap((xml) => {
    try {
      return [fromXml(q.QueryInfo, xml)];
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
      return [];
    }
  });
  for (const info of read) {
    expect(fromXml(q.QueryInfo, toXml(q.QueryInfo, info))).toEqual(info);
    expect(fromJson(q.QueryInfo, toJson(q.QueryInfo, info))).toEqual(info);
    expect(q.readQueryInfo(q.queryInfoBody(info))).toEqual(info);
  }
  expect(read.some(({ targetingExpressionInfos }) => targetingExpressionInfos.length === 2)).toBe(true);
});
