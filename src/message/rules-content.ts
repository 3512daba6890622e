/** Rules about the formats of content blocks. */

import type { ContentBlock as ContentBlock10 } from "../../generated/taxii10/messages.js";
import type { ContentBlock as ContentBlock11, ContentInstance } from "../../generated/taxii11/messages.js";
import { type Content, isXmlContent } from "../binding/content.js";
import type { Shape } from "../binding/index.js";
import { quote } from "../codec/frames.js";
import { canonicalContentBinding, contentBindings } from "../constants.js";
import { isNesting, layersOf } from "./content-binding.js";
import { type Report, type Rule, rule } from "./rule.js";

/** Rules for the content blocks of TAXII 1.0, whose binding is a text. */
export function blockRules10(module: string, block: Shape<ContentBlock10>): Rule[] {
  return [
    rule(block, `${module}/nesting-is-well-formed`, ["CB-NEST-008", "XML-CBK-002"], ({ contentBinding }, report) => {
      reportMalformed(contentBinding, report, "contentBinding");
    }),
    rule(
      block,
      `${module}/smime-is-base64`,
      "CB-ID-004",
      ({ contentBinding, content }, report) => reportSmime(contentBinding, content, report),
      "warning",
    ),
  ];
}

/** Rules for the content blocks of TAXII 1.1, and for their bindings. */
export function blockRules11(module: string, block: Shape<ContentBlock11>, instance: Shape<ContentInstance>): Rule[] {
  return [
    rule(instance, `${module}/nesting-is-well-formed`, ["CB-NEST-008", "XML-CBK-002"], ({ bindingId }, report) => {
      reportMalformed(bindingId, report, "bindingId");
    }),
    rule(instance, `${module}/nesting-has-no-subtype`, "CB-NEST-003", ({ bindingId, subtype }, report) => {
      if (subtype !== undefined && isNesting(bindingId))
        report(`the nesting expression ${quote(bindingId)} cannot have a subtype`, "subtype");
    }),
    rule(
      block,
      `${module}/smime-is-base64`,
      "CB-ID-004",
      ({ contentBinding, content }, report) => reportSmime(contentBinding.bindingId, content, report),
      "warning",
    ),
  ];
}

function reportMalformed(expression: string, report: Report, property: string): void {
  if (isNesting(expression) && layersOf(expression) === undefined) {
    report(`expected content bindings with "|" between them, found ${quote(expression)}`, property);
  }
}

/** The header fields of S/MIME content end at its first empty line. */
function reportSmime(binding: string, content: Content, report: Report): void {
  const outermost = isNesting(binding) ? binding.slice(0, binding.indexOf("|")) : binding;
  if (canonicalContentBinding(outermost) !== contentBindings.smime || isXmlContent(content)) return;
  const [header = ""] = content.text.split(/\r?\n\r?\n/, 1);
  const encoding = /^content-transfer-encoding:[\t ]*([^\s;]+)/im.exec(header)?.[1];
  if (encoding?.toLowerCase() !== "base64")
    report(`S/MIME should be encoded in base64 within XML, found ${encoding ?? "no Content-Transfer-Encoding"}`, "content");
}
