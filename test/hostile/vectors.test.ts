/** Documents with faults, sent to a server: each gets an answer that is right, and the server goes on as if nothing had been. */

import { existsSync, readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { namespaces } from "../../src/constants.js";
import type { TaxiiVersion } from "../../src/message/ids.js";
import { validateXml } from "../../src/message/validate-xml.js";
import { Judge, parseXml } from "../support/libxml2.js";
import { expectNoLeak, expectToWork, fieldsOf, messageOf, requestBytes, start } from "./kit.js";
import { exchange } from "./wire.js";

const folder = new URL("../../../shared/vectors/invalid/", import.meta.url);

interface Document {
  readonly file: string;
  readonly category: string;
  readonly wellFormed: boolean;
  readonly namespaceWellFormed: boolean;
  readonly schemaValid: boolean;
}

/** Documents that xmllint takes and a server does not, by what is decided about them. */
const refusedAllTheSame: readonly (readonly [RegExp, RegExp])[] = [
  [/malformed-version-1\.1/, /XML 1\.1 is not supported/],
  [/billion-laughs-attribute/, /entity of the document's own/],
  [/hostile-(?:doctype|xxe|parameter-entity|external-dtd|dtd|notation|billion-laughs)/, /DOCTYPE/],
  [/hostile-(?:internal-entity|quadratic-blowup)-(?:in-)?attribute/, /entity of the document's own/],
  [/hostile-many-namespaces-2k/, /maxAttributes/],
  [/poll-resp-part-number-2-63/, /numbers go up to/],
  [/encoding-(?:utf7|shift-jis)-declared/, /encoding is "[^"]+"; expected UTF-8/],
  // Sent as they are, without the charset or the content coding that would say what they are.
  [/encoding-(?:ebcdic-declared|gzip-compressed)/, /line 1, column \d/],
];

/**
 * Documents that xmllint refuses and a server does not: it does not look into open content, where legitimate signatures break
 * the strict wildcard of their own schema, and takes what only libxml2 finds wrong.
 */
const takenAllTheSame = /root-cdata-(?:space-)?in-request|root-signature-broken|block-content-xsi-type-garbage|hostile-long-name-60k/;

const judge = new Judge();
afterAll(() => judge[Symbol.dispose]());

/** Faults that stand before the id: nobody reads on to find one behind them. */
const beforeId = /DOCTYPE|entity of the document's own|XML 1\.1|encoding|UTF-32|attribute message_id/;

/**
 * The id that can be read from the root, whatever is wrong behind it: `0` for one that cannot be repeated in the version of the
 * reply, where ids are digits or URIs; undefined where libxml2 cannot tell.
 */
function idOf(bytes: Uint8Array, version: TaxiiVersion): string | undefined {
  let document: ReturnType<typeof parseXml>;
  try {
    document = parseXml(bytes);
  } catch {
    return undefined;
  }
  try {
    const { namespaceUri, attrs } = document.root;
    const id = attrs.find(({ name, prefix }) => name === "message_id" && prefix === "")?.value.trim() ?? "";
    if (namespaceUri !== namespaces.taxii10 && namespaceUri !== namespaces.taxii11) return "0";
    const digits = version === "1.0" || namespaceUri === namespaces.taxii10;
    return (digits ? /^[0-9]+$/ : /\S/).test(id) ? id : "0";
  } finally {
    document.dispose();
  }
}

if (!existsSync(new URL("index.json", folder))) {
  test.skip(`the documents with faults are not at ${folder.pathname}`, () => {});
} else {
  const index: { readonly documents: readonly Document[] } = JSON.parse(readFileSync(new URL("index.json", folder), "utf8"));
  const categories = [...new Set(index.documents.map(({ category }) => category))];

  describe.each(["1.0", "1.1"] as const)("documents of TAXII %s with faults", (version) => {
    const own = index.documents.filter(({ file }) => file.startsWith(`${version}/`));
    test.each(categories)("%s [XML-GEN-008] [HTTP-ERR-002] [HTTP-RSP-001]", async (category) => {
      const server = await start();
      const documents = own.filter((document) => document.category === category);
      for (const [at, document] of documents.entries()) {
        await expectAnswer(document, version, server.port);
        if (at % 50 === 0) await expectToWork(server);
      }
      await expectToWork(server);
    });
  });
}

async function expectAnswer({ file, ...verdict }: Document, version: TaxiiVersion, port: number): Promise<void> {
  const bytes = readFileSync(new URL(file, folder));
  const [answer, ...others] = await exchange(port, requestBytes(bytes, fieldsOf(version)));
  if (answer === undefined) throw new Error(`there was no answer to ${file}`);
  expect([answer.status, others.length], file).toEqual([200, 0]);
  expect(answer.fields.get("x-taxii-content-type"), file).toBe(`urn:taxii.mitre.org:message:xml:${version}`);
  expectNoLeak(answer);
  expect(judge.judge(answer.body), file).toMatchObject({ schemaValid: true });
  // An id is repeated as it came, also one that breaks a rule.
  expect(
    validateXml(answer.body).issues.filter(({ path }) => path !== "inResponseTo"),
    file,
  ).toEqual([]);
  const reply = messageOf(answer);
  const decided = refusedAllTheSame.find(([name]) => name.test(file))?.[1];
  const valid = verdict.wellFormed && verdict.namespaceWellFormed && verdict.schemaValid;
  const refused = "statusType" in reply && reply.statusType === "BAD_MESSAGE" ? (reply.message ?? "") : undefined;
  const id = idOf(bytes, version);
  // Where libxml2 reads nothing, the beginning may be readable still.
  if (id !== undefined) expect(beforeId.test(refused ?? "") ? ["0", id] : [id], file).toContain(Reflect.get(reply, "inResponseTo"));
  if (valid ? decided !== undefined : !takenAllTheSame.test(file)) {
    expect(refused, file).toMatch(decided ?? /\(line \d+, column \d+\)\.$|encoding|UTF-32/);
  } else if (refused !== undefined) {
    // Well as far as the schema goes: it is a reply, or breaks a rule that schemas cannot say.
    expect(refused, file).toMatch(/ is no request\.$| is not valid: \S|X-TAXII-/);
  } else {
    expect("statusType" in reply ? reply.statusType : "", file).not.toBe("FAILURE");
  }
}
