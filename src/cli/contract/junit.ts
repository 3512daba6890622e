/** Results for the programs that build software: JUnit's XML. */

import type { CheckResult } from "../../contract/index.js";
import { escapeAttribute } from "../../xml/escape.js";
import { isFailure, type Threshold } from "./judgement.js";

/** All results as a document. What is broken below the threshold is skipped, with its detail. */
export function junit(results: readonly CheckResult[], threshold: Threshold): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  const suites = groups.map((group) =>
    suite(
      group,
      results.filter((result) => result.group === group),
      threshold,
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="taxii contract"${counts(results, threshold)}>\n${suites.join("")}</testsuites>\n`;
}

function suite(name: string, results: readonly CheckResult[], threshold: Threshold): string {
  return `  <testsuite name="${name}"${counts(results, threshold)}>\n${results.map((result) => testCase(result, threshold)).join("")}  </testsuite>\n`;
}

function counts(results: readonly CheckResult[], threshold: Threshold): string {
  const failures = results.filter((result) => isFailure(result, threshold)).length;
  const errors = results.filter(({ outcome }) => outcome === "not reachable").length;
  const passed = results.filter(({ outcome }) => outcome === "holds").length;
  return ` tests="${results.length}" failures="${failures}" errors="${errors}" skipped="${results.length - failures - errors - passed}"`;
}

function testCase(result: CheckResult, threshold: Threshold): string {
  const { id, title, version, group, outcome } = result;
  const open = `    <testcase classname="taxii.${group}" name="${escaped(`${id} (TAXII ${version}): ${title}`)}"`;
  return outcome === "holds" ? `${open}/>\n` : `${open}>\n      ${ending(result, threshold)}\n    </testcase>\n`;
}

function ending(result: CheckResult, threshold: Threshold): string {
  const { outcome, level, detail } = result;
  if (outcome === "not reachable") return `<error message="${escaped(detail)}"/>`;
  if (outcome === "not applicable") return `<skipped message="${escaped(detail)}"/>`;
  if (isFailure(result, threshold)) return `<failure type="${level}" message="${escaped(detail)}"/>`;
  return `<skipped message="${escaped(`broken, ${level}: ${detail}`)}"/>`;
}

/** For an attribute, without what XML 1.0 does not have. */
function escaped(text: string): string {
  return escapeAttribute(text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd"));
}
